import { expect, test } from 'vitest';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourcesDigest } from './build.mjs';
import { SCRIPTS } from './commands.mjs';
import { missingPackages } from './lockfile.mjs';
import { NODE_VERSION, ROOT } from './paths.mjs';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** A folder with a lock file, and installed what `installed` says. */
function project(packages, installed) {
  const folder = mkdtempSync(join(tmpdir(), 'ap lock '));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  for (const path of Object.keys(installed)) {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'package.json'), '{}');
  }
  return folder;
}

const here = { os: [process.platform], cpu: [process.arch], optional: true };
const packages = {
  'node_modules/a': { version: '1.0.0' },
  'node_modules/a/node_modules/b': { version: '2.0.0', dev: true },
  'node_modules/native-here': { version: '3.0.0', ...here },
  'node_modules/native-elsewhere': { version: '3.0.0', os: ['plan9'], cpu: ['mips'], optional: true },
  'node_modules/native-not-here': { version: '3.0.0', os: [`!${process.platform}`], optional: true },
  'node_modules/fall-back': { version: '3.0.0', cpu: ['wasm32'], optional: true },
  'node_modules/helper': { version: '1.0.0', optional: true },
};

test('an install is complete with every package for this platform, natives included', () => {
  const { 'node_modules/a': a, 'node_modules/a/node_modules/b': b, 'node_modules/native-here': native } = packages;
  const all = { 'node_modules/a': a, 'node_modules/a/node_modules/b': b, 'node_modules/native-here': native };
  expect(missingPackages(project(packages, all))).toEqual([]);
  expect(missingPackages(project(packages, { 'node_modules/a': a }))).toEqual(['b@2.0.0', 'native-here@3.0.0']);
  expect(missingPackages(project(packages, { ...all, 'node_modules/a': { version: '0.9.0' } }))).toEqual(['a@1.0.0']);
});

test('without node_modules, or without a lock file, everything is missing', () => {
  expect(missingPackages(project(packages, {}))).toEqual(['a@1.0.0', 'b@2.0.0', 'native-here@3.0.0']);
  expect(missingPackages(tmpdir())).toEqual(['package-lock.json']);
});

test('the lock files of the project name no address, and no package but node needs its install script', () => {
  for (const folder of [ROOT, join(ROOT, 'e2e')]) {
    const text = readFileSync(join(folder, 'package-lock.json'), 'utf8');
    expect(text).not.toContain('"resolved"');
    const scripted = Object.entries(JSON.parse(text).packages).filter(([, entry]) => entry.hasInstallScript);
    for (const [path] of scripted) expect(manifest.allowScripts).toHaveProperty([path.replace('node_modules/', '')]);
  }
  expect(Object.entries(manifest.allowScripts).filter(([, allowed]) => allowed)).toEqual([['node', true]]);
  // npm 10 knows no allow-list, and would build better-sqlite3 with node-gyp because it sees a binding.gyp.
  for (const folder of [ROOT, join(ROOT, 'e2e')])
    expect(readFileSync(join(folder, '.npmrc'), 'utf8')).toContain('\nignore-scripts=true\n');
});

/** `npm ci` refuses a lock file that lacks an optional package of whatever platform, as soon as the registry has it. */
test('the lock files name every optional package of every platform', () => {
  for (const folder of [ROOT, join(ROOT, 'e2e')]) {
    const { packages: locked } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    const names = new Set(Object.keys(locked).map((path) => path.replace(/^.*node_modules\//, '')));
    const wanted = Object.values(locked).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  }
});

test('one version of Node', () => {
  expect(manifest.devDependencies.node).toBe(NODE_VERSION);
});

test('every script of package.json goes through the bootstrap', () => {
  const own = { start: 'start', test: 'test', cli: 'cli' };
  for (const [name, command] of Object.entries(manifest.scripts))
    expect(command).toBe(own[name] ? `node scripts/${own[name]}.mjs` : `node scripts/run.mjs ${name}`);
  expect(Object.keys(SCRIPTS).toSorted()).toEqual(
    Object.keys(manifest.scripts)
      .filter((name) => !own[name])
      .toSorted(),
  );
});

test('the digest of the sources follows their content, not their times, and leaves tests out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap digest '));
  mkdirSync(join(folder, 'core'));
  writeFileSync(join(folder, 'core', 'a.ts'), 'a');
  const first = sourcesDigest(folder);
  writeFileSync(join(folder, 'core', 'a.ts'), 'a');
  writeFileSync(join(folder, 'core', 'a.test.ts'), 'test');
  expect(sourcesDigest(folder)).toBe(first);
  writeFileSync(join(folder, 'core', 'a.ts'), 'b');
  expect(sourcesDigest(folder)).not.toBe(first);
});
