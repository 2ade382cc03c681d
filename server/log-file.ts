/** The log file of a workspace; errors are shown on stderr too. A file that has grown large becomes `server.1.log` at the next start. */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { destination, multistream, type DestinationStream } from 'pino';

const MAX_BYTES = 10 * 1024 * 1024;

export function openLogFile(folder: string): DestinationStream & { flushSync(): void } {
  const path = join(folder, 'server.log');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rotate(path);
  const file = destination({ dest: path, sync: false, mkdir: true, mode: 0o600 });
  const both = multistream([
    { level: 'debug', stream: file },
    { level: 'error', stream: process.stderr },
  ]);
  return {
    write: (line) => both.write(line),
    flushSync: () => {
      // A destination that could not open yet has nothing to write.
      try {
        file.flushSync();
      } catch (error) {
        if (!(error instanceof Error) || !/not ready/.test(error.message)) throw error;
      }
    },
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < MAX_BYTES) return;
  const old = path.replace(/\.log$/, '.1.log');
  rmSync(old, { force: true });
  renameSync(path, old);
}
