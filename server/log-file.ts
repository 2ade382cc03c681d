/** The log file of a workspace; errors are shown on stderr too. A file that has grown large becomes `server.1.log` at the next start. */
import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { destination, type DestinationStream } from 'pino';

const MAX_BYTES = 10 * 1024 * 1024;

export function openLogFile(folder: string): DestinationStream & { flushSync(): void } {
  const path = join(folder, 'server.log');
  rotate(path);
  // Synchronous: a line before a crash is the one that is needed, and there are few.
  const file = destination({ dest: path, sync: true, mkdir: true, mode: 0o600 });
  return {
    write(line) {
      file.write(line);
      if (line.includes('"level":"error"')) process.stderr.write(line);
    },
    flushSync: () => file.flushSync(),
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < MAX_BYTES) return;
  const old = path.replace(/\.log$/, '.1.log');
  rmSync(old, { force: true });
  renameSync(path, old);
}
