/** What is made in the temporary folder goes with who made it: a run of the tests, and in it each suite, has one of its own. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Node looks for it: the first on Unix, the others on Windows. */
const NAMES = ['TMPDIR', 'TEMP', 'TMP'] as const;

/** From now on the temporary folder of this process and of those that it starts, until what comes back is called. Names are short: a path of a socket has to fit into 104 bytes. */
export function ownTemporaryFolder(prefix: string): () => void {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  // As the one that it stands in: a Postgres that root starts runs as somebody else, who has to get in and takes its own away.
  chmodSync(folder, 0o1777);
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  for (const name of NAMES) process.env[name] = folder;
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
}
