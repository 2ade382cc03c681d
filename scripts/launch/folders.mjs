import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'AP Intake Station';

/** Where the system wants a program's data. Inside lie `own/` and `demo/`, one workspace each. */
export function dataFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME);
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), NAME);
}

/**
 * The demo is for the very first look. Who gave files or a folder, or has invoices of their own from before, gets their own workspace.
 * @returns {{ data: string, workspace: 'demo' | 'own' }}
 */
export function chooseWorkspace({ data, files, demo }, standard = dataFolder()) {
  const folder = data ?? standard;
  if (demo) return { data: folder, workspace: 'demo' };
  const own = files.length > 0 || data !== undefined || existsSync(join(folder, 'own'));
  return { data: folder, workspace: own ? 'own' : 'demo' };
}
