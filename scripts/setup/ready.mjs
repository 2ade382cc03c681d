import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuild } from './build.mjs';
import { ensureInstall } from './install.mjs';
import { missingPackages } from './lockfile.mjs';
import { ensureNode, ensureOwnNode } from './node.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { SetupError } from './step.mjs';

const LOCK = join(CACHE, 'setup.lock');

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Two starts at once must not install into the same node_modules: the second waits for the first. */
async function withLock(steps, work) {
  mkdirSync(CACHE, { recursive: true });
  for (let waited = 0; ; waited += 1) {
    try {
      const file = openSync(LOCK, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw new SetupError(`Cannot write to ${CACHE}: ${error.message}`);
      const owner = Number(readFileSync(LOCK, { encoding: 'utf8', flag: 'a+' }) || 0);
      if (waited > 2 && !alive(owner || -1)) rmSync(LOCK, { force: true });
      else if (waited === 0) steps.say(`Another set-up is running (process ${owner}); waiting for it.`);
      await sleep(500);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Packages, Node 24 and (unless `build` is false) the built program: everything that running needs. Gives the path of Node 24. */
export function ready(steps, { build = true } = {}) {
  return withLock(steps, async () => {
    if (missingPackages(ROOT).length > 0) await Promise.all([ensureInstall(steps), ensureOwnNode(steps)]);
    const node = await ensureNode(steps);
    if (build) await ensureBuild(steps, node);
    return node;
  });
}
