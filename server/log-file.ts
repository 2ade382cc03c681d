/** The log file of a workspace; errors are shown on stderr too. A file that has grown large becomes `server.1.log` at the next start. */
import { fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';

const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Synchronous: a line before a crash is the one that is needed, and there are few. Not by pino's own file: on a full disk that one throws at whoever has something to tell, and waits for
 * ever at the end.
 */
export function openLogFile(folder: string): DestinationStream & { flushSync(): void } {
  const path = join(folder, 'server.log');
  mkdirSync(folder, { recursive: true });
  rotate(path);
  const file = openSync(path, 'a', 0o600);
  let isTorn = false;
  const append = (line: string): void => {
    const bytes = Buffer.from(isTorn ? `\n${line}` : line);
    // What found no room is missing from the log; nobody's work ends for it.
    const written = tried(() => writeSync(file, bytes));
    if (written > 0) isTorn = written < bytes.length;
  };
  return {
    write(line) {
      append(line);
      if (line.includes('"level":"error"')) process.stderr.write(line);
    },
    flushSync: () => void tried(() => fsyncSync(file)),
  };
}

function tried(work: () => number | void): number {
  try {
    return work() ?? 0;
  } catch {
    return 0;
  }
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < MAX_BYTES) return;
  const old = path.replace(/\.log$/, '.1.log');
  rmSync(old, { force: true });
  renameSync(path, old);
}
