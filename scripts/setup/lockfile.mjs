import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

const matches = (list, value) => {
  if (!list) return true;
  const denied = list.some((entry) => entry === `!${value}`);
  const allowed = list.filter((entry) => !entry.startsWith('!'));
  return !denied && (allowed.length === 0 || allowed.includes(value));
};

let foundLibc;
/** Asked once: a report takes milliseconds, and every second native package names its library. */
const libc = () => {
  if (process.platform !== 'linux') return undefined;
  return (foundLibc ??= process.report?.getReport?.().header.glibcVersionRuntime ? 'glibc' : 'musl');
};

/**
 * What the lock file asks for on this machine and node_modules does not have, as `path@version`.
 *
 * [Note: Optional natives] Packages such as rolldown, oxlint and sharp ship their native half as optional packages, one a platform, and npm leaves an optional
 * package out in silence: when it was made on another platform, when a download failed, or (npm 10) when a node_modules tree of another npm is
 * reused. The build then fails far away with "Cannot find native binding". So an install counts as done only when every package for *this* platform
 * is there, optional or not; wasm fall-backs (`cpu: wasm32`) never are.
 */
export function missingPackages(folder, { includeDev = true } = {}) {
  const lock = readJson(join(folder, 'package-lock.json'));
  if (!lock) return ['package-lock.json'];
  const installed = readJson(join(folder, 'node_modules', '.package-lock.json'))?.packages ?? {};
  const wanted = Object.entries(lock.packages).filter(([path, entry]) => {
    if (path === '' || (entry.dev && !includeDev)) return false;
    if (!entry.optional) return true;
    // Of the optional ones only natives are checked: the rest hangs on them and may rightly be absent.
    if (!entry.os && !entry.cpu) return false;
    return (
      matches(entry.os, process.platform) &&
      matches(entry.cpu, process.arch) &&
      (!entry.libc || entry.libc.includes(libc()))
    );
  });
  return wanted
    .filter(
      ([path, entry]) => installed[path]?.version !== entry.version || !existsSync(join(folder, path, 'package.json')),
    )
    .map(([path, entry]) => `${path.replace(/^.*node_modules\//, '')}@${entry.version}`);
}
