/** Where the files of an npm package lie on disk: the app reads fonts, character maps and language data from its own packages, never from a network. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Folder of `name`, or undefined where it is not installed. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

export function packageFile(name: string, ...path: string[]): string {
  const folder = packageFolder(name);
  if (folder === undefined) throw new Error(`package ${name} is not installed: run npm ci`);
  return join(folder, ...path);
}
