import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { ROOT } from './paths.mjs';
import { SetupError } from './step.mjs';

const SOURCES = ['core', 'main', 'renderer', 'server', 'worker'];
const FILES = [
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'THIRD_PARTY_NOTICES.md',
];
const STAMP = join(ROOT, 'out', '.sources');

/** Digest over the content of everything the build reads: a checkout changes times, an edit changes content. */
export function sourcesDigest(root = ROOT) {
  const hash = createHash('sha256');
  const add = (path) =>
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  const walk = (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (!/\.test\.tsx?$/.test(entry.name)) add(path);
    }
  };
  FILES.filter((file) => existsSync(join(root, file))).forEach(add);
  SOURCES.filter((folder) => existsSync(join(root, folder))).forEach(walk);
  return hash.digest('hex');
}

/** Whether out/ was made from the sources as they are. */
export const isBuilt = (digest = sourcesDigest()) => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest;

/** Builds the window, the server and the worker into out/, unless out/ was made from these very sources. */
export async function ensureBuild(steps, node, { force = false } = {}) {
  const digest = sourcesDigest();
  if (!force && isBuilt(digest)) return false;
  await steps.step('Building', async () => {
    const cli = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const result = await exec(node, [cli, 'build', '--logLevel', 'warn'], { cwd: ROOT, collect: true });
    if (result.code !== 0) throw new SetupError(`The build failed:\n${result.output.trim()}`);
    mkdirSync(join(ROOT, 'out'), { recursive: true });
    writeFileSync(STAMP, digest);
  });
  return true;
}
