import { missingPackages } from './lockfile.mjs';
import { npm } from './exec.mjs';
import { ROOT } from './paths.mjs';
import { SetupError } from './step.mjs';

const FLAGS = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs what the lock file names, unless it is all there. Install scripts never run: no package needs one (better-sqlite3 and sharp ship their binaries,
 * Node comes from `ensureNode`), and a script is the easiest way for a bad release to reach a machine.
 */
export async function ensureInstall(steps, folder = ROOT, label = 'Installing packages') {
  if (missingPackages(folder).length === 0) return false;
  await steps.step(label, async () => {
    const first = await npm(['ci', '--ignore-scripts', ...FLAGS], { cwd: folder, collect: true });
    if (first.code !== 0) {
      throw new SetupError(
        `npm ci failed in ${folder}:\n${first.output.trim()}\nIs the npm registry reachable? Start again when it is: what was loaded is kept.`,
      );
    }
    const missing = missingPackages(folder);
    if (missing.length === 0) return;
    // See [Note: Optional natives] in lockfile.mjs.
    const second = await npm(['install', '--no-save', '--no-package-lock', '--ignore-scripts', ...FLAGS, ...missing], {
      cwd: folder,
      collect: true,
    });
    if (second.code !== 0)
      throw new SetupError(`These packages could not be installed: ${missing.join(', ')}\n${second.output.trim()}`);
  });
  return true;
}
