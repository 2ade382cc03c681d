/**
 * What the bench is held against, from npm at exact versions, in a folder of its own: none of it is a dependency of the product, and none of its install scripts runs.
 * Actual asks for a better-sqlite3 that brings its binary by such a script; it gets the next one, which carries it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const VERSIONS = {
  '@actual-app/api': '26.9.0',
  '@actual-app/sync-server': '26.9.0',
  'better-sqlite3': '13.2.0',
  express: '4.21.2',
  'express-pouchdb': '4.2.0',
  pouchdb: '9.0.0',
} as const;

const MANIFEST = JSON.stringify(
  {
    name: 'peers',
    private: true,
    dependencies: VERSIONS,
    overrides: { 'better-sqlite3': VERSIONS['better-sqlite3'] },
  },
  undefined,
  2,
);

/** In .cache, which is nobody's: a run after the first one has it already. */
export const PEERS = join(import.meta.dirname, '..', '..', '.cache', 'bench-sync', 'peers');

/** Why they cannot be had; undefined where they are there. */
export function installPeers(say: (line: string) => void): string | undefined {
  const manifest = join(PEERS, 'package.json');
  const isThere = existsSync(join(PEERS, 'complete')) && readFileSync(manifest, 'utf8') === MANIFEST;
  if (isThere) return undefined;
  mkdirSync(PEERS, { recursive: true });
  writeFileSync(manifest, MANIFEST);
  say('installing what the bench is held against (once)');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const isWindows = process.platform === 'win32';
  const { status, stderr, error } = spawnSync(isWindows ? 'npm.cmd' : 'npm', args, {
    cwd: PEERS,
    encoding: 'utf8',
    shell: isWindows,
    // What the npm that started us was told is not for this one.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name))),
  });
  if (error !== undefined || status !== 0) return (error?.message ?? stderr).trim().split('\n').slice(0, 3).join(' ');
  writeFileSync(join(PEERS, 'complete'), '');
  return undefined;
}

/** Of the folder of the peers. */
export const requirePeer = (name: string): unknown => createRequire(join(PEERS, 'package.json'))(name);
export const peerFile = (...parts: string[]): string => join(PEERS, 'node_modules', ...parts);
