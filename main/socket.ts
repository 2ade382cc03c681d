/** Where the server listens: a socket in a folder that only this user can enter, or a Windows pipe with a name nobody can guess. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SocketPath {
  readonly path: string;
  /** Before a start: a socket file that a killed server left makes the next one fail. */
  clear(): void;
  remove(): void;
}

export function createSocketPath(platform: NodeJS.Platform = process.platform, base?: string): SocketPath {
  if (platform === 'win32') {
    const path = `\\\\.\\pipe\\ap-intake-${randomBytes(16).toString('hex')}`;
    return { path, clear: () => {}, remove: () => {} };
  }
  // Not in the data folder: the path of a socket is limited to about 100 bytes. mkdtemp makes the folder 0700.
  const folder = mkdtempSync(join(base ?? process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'ap-'));
  const path = join(folder, 's');
  return {
    path,
    clear: () => rmSync(path, { force: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
