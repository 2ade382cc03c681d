/** The program's version: written in package.json alone. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findVersion(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    try {
      const pack = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (pack.name === 'ap-intake-station' && pack.version !== undefined) return pack.version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    if (dirname(folder) === folder) return '0.0.0';
  }
}

/** Found upwards from here: the sources and the build lie at different depths below it. */
export const VERSION = findVersion(import.meta.dirname);
