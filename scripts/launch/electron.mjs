import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { exec } from '../setup/exec.mjs';
import { CACHE, ROOT } from '../setup/paths.mjs';
import { hasDisplay } from './open.mjs';

const PACKAGE = join(ROOT, 'node_modules', 'electron');
const FAILED = join(CACHE, 'electron-failed.json');
const READY_WITHIN_MS = 20_000;
const DOWNLOAD_WITHIN_MS = 180_000;

const read = (path) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
};

function installedBinary() {
  const name = read(join(PACKAGE, 'path.txt')) ?? (process.platform === 'win32' ? 'electron.exe' : 'electron');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = join(override ?? join(PACKAGE, 'dist'), name);
  return existsSync(path) ? path : undefined;
}

/** Electron's package carries no binary; its own installer loads it. Tried once: a failure is remembered until .cache is deleted. */
async function download(node, say) {
  const version = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version;
  const before = JSON.parse(read(FAILED) ?? '{}');
  if (before.version === version)
    return { reason: `Electron ${version} could not be downloaded on ${before.at} (delete ${FAILED} to try again)` };
  say(`Downloading Electron ${version} ...`);
  const result = await exec(node, [join(PACKAGE, 'install.js')], {
    cwd: ROOT,
    collect: true,
    timeoutMs: DOWNLOAD_WITHIN_MS,
  });
  const binary = installedBinary();
  if (result.code === 0 && binary) return { binary };
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(
    FAILED,
    JSON.stringify(
      { version, at: new Date().toISOString().slice(0, 10), output: result.output.slice(-2_000) },
      null,
      2,
    ),
  );
  return { reason: `Electron ${version} could not be downloaded` };
}

function missingLibraries(binary) {
  if (process.platform !== 'linux') return [];
  const { status, stdout } = spawnSync('ldd', [binary], { encoding: 'utf8' });
  if (status !== 0) return [];
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/**
 * The Electron binary to use, or the reason why there is none.
 * @returns {Promise<{ binary: string } | { reason: string }>}
 */
export async function findElectron(node, say) {
  if (!hasDisplay()) return { reason: 'there is no display' };
  if (process.getuid?.() === 0) return { reason: 'Electron does not run as root with its sandbox on' };
  const installed = installedBinary();
  const found = installed ? { binary: installed } : await download(node, say);
  if (!found.binary) return found;
  const missing = missingLibraries(found.binary);
  if (missing.length > 0) return { reason: `system libraries are missing: ${missing.slice(0, 5).join(', ')}` };
  return found;
}

/**
 * Starts the window. Resolves once it is ready, or with the reason when it ended or stayed silent for 20 s (and then it runs no more).
 * @returns {Promise<{ ended: Promise<number>, stop: () => void } | { reason: string }>}
 */
export function startElectron(binary, env, onLine, readyWithinMs = READY_WITHIN_MS) {
  const childEnv = { ...process.env, ...env };
  delete childEnv.ELECTRON_RUN_AS_NODE;
  const child = spawn(binary, [ROOT], { cwd: dirname(binary), env: childEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-4_000);
  });
  return new Promise((resolve) => {
    const ended = new Promise((done) => {
      child.on('exit', (code) => done(code ?? 1));
      child.on('error', () => done(1));
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve({ reason: `Electron was not ready within ${readyWithinMs / 1000} s` });
    }, readyWithinMs);
    void ended.then((code) => {
      clearTimeout(timer);
      const last = errors.trim().split('\n').at(-1) ?? '';
      resolve({ reason: `Electron ended with code ${code}${last ? `: ${last}` : ''}` });
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('READY ')) {
        clearTimeout(timer);
        resolve({ ended, stop: () => void child.kill('SIGTERM') });
      }
      onLine(line);
    });
  });
}
