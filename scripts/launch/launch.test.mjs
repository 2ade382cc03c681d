import { expect, test } from 'vitest';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startElectron } from './electron.mjs';
import { chooseWorkspace, dataFolder } from './folders.mjs';
import { hasDisplay } from './open.mjs';
import { readOptions } from './options.mjs';
import { findPort } from './ports.mjs';
import { supervise } from './supervise.mjs';

const temporary = () => mkdtempSync(join(tmpdir(), 'ap launch '));

test('options: paths are meant from where the user stands', () => {
  const options = readOptions(
    ['--data', 'x', '--no-open', '--port=8080', 'a.pdf', '--once', '--', '--odd.pdf'],
    '/home/me',
  );
  expect(options).toMatchObject({
    data: '/home/me/x',
    open: false,
    port: 8080,
    once: true,
    files: ['/home/me/a.pdf', '/home/me/--odd.pdf'],
  });
});

test('options: what is not understood is said with the usage', () => {
  expect(() => readOptions(['--bogus'], '/')).toThrow(/Unknown option --bogus[\s\S]*npm start --/);
  expect(() => readOptions(['--port', '99999'], '/')).toThrow(/a port is a number/);
  expect(() => readOptions(['--data'], '/')).toThrow(/needs a value/);
});

test('the demo is for the first look only', () => {
  const standard = temporary();
  const nothing = { data: undefined, files: [], demo: false };
  expect(chooseWorkspace(nothing, standard)).toEqual({ data: standard, workspace: 'demo' });
  expect(chooseWorkspace({ ...nothing, files: ['/a.pdf'] }, standard).workspace).toBe('own');
  expect(chooseWorkspace({ ...nothing, data: '/d' }, standard)).toEqual({ data: '/d', workspace: 'own' });
  mkdirSync(join(standard, 'own'));
  expect(chooseWorkspace(nothing, standard).workspace).toBe('own');
  expect(chooseWorkspace({ ...nothing, demo: true }, standard).workspace).toBe('demo');
});

test('data folders follow the system', () => {
  expect(dataFolder({}, 'linux', '/home/me')).toBe('/home/me/.local/share/AP Intake Station');
  expect(dataFolder({ XDG_DATA_HOME: '/x' }, 'linux', '/home/me')).toBe('/x/AP Intake Station');
  expect(dataFolder({}, 'darwin', '/Users/me')).toBe('/Users/me/Library/Application Support/AP Intake Station');
  expect(dataFolder({ LOCALAPPDATA: '/L' }, 'win32', '/me')).toContain('AP Intake Station');
});

test('a busy port is left to its owner, with a line', async () => {
  const owner = createServer();
  await new Promise((resolve) => {
    owner.listen(0, '127.0.0.1', resolve);
  });
  const { port } = owner.address();
  const lines = [];
  const found = await findPort(port, (line) => lines.push(line));
  expect(found).toBeGreaterThan(port);
  expect(lines[0]).toBe(`Port ${port} is taken, trying ${port + 1}.`);
  owner.close();
});

test('a display is a display server on Linux, and always there elsewhere', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
});

/** A server in place of ours: says it is ready, then ends as the first line of its file says, which it uses up. */
function scripted(codes) {
  const folder = temporary();
  writeFileSync(join(folder, 'codes'), codes.join('\n'));
  const file = join(folder, 'server.mjs');
  writeFileSync(
    file,
    `import { readFileSync, writeFileSync } from 'node:fs';
     const [code, ...rest] = readFileSync(${JSON.stringify(join(folder, 'codes'))}, 'utf8').split('\\n');
     writeFileSync(${JSON.stringify(join(folder, 'codes'))}, rest.join('\\n'));
     const { AP_PORT, AP_TOKEN, AP_WORKSPACE, AP_IMPORT } = process.env;
     if (code !== 'never') console.log('AP_READY ' + JSON.stringify({ port: 4711, got: { AP_PORT, AP_TOKEN, AP_WORKSPACE, AP_IMPORT } }));
     if (code === 'stay') { process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); }
     else setTimeout(() => process.exit(Number(code) || 1), 50);`,
  );
  const ready = [];
  const said = [];
  const server = supervise({
    command: process.execPath,
    args: [file],
    env: { ...process.env, AP_PORT: '0', AP_TOKEN: 'token', AP_WORKSPACE: 'demo', AP_IMPORT: '["x"]' },
    say: (text) => said.push(text),
    onLine: () => {},
    onReady: (info) => ready.push(info.got),
  });
  return { server, ready, said };
}

test('a crash and a change of workspace restart on the same port with the same token, and import nothing twice', async () => {
  const { server, ready, said } = scripted([75, 3, 'stay']);
  await expect.poll(() => ready.length, { timeout: 20_000 }).toBe(3);
  expect(ready[0]).toEqual({ AP_PORT: '0', AP_TOKEN: 'token', AP_WORKSPACE: 'demo', AP_IMPORT: '["x"]' });
  expect(ready[1]).toEqual({ AP_PORT: '4711', AP_TOKEN: 'token', AP_WORKSPACE: 'own' });
  expect(ready[2]).toEqual(ready[1]);
  expect(said).toEqual(['Opening your own workspace.', 'The server ended with code 3; starting it again in 0.5 s.']);
  server.stop();
  expect(await server.ended).toBe(0);
});

test('a server that never was ready is not started again: its reason stands', async () => {
  const { server, ready } = scripted(['never']);
  expect(await server.ended).toBe(1);
  expect(ready).toEqual([]);
});

test('an Electron that crashes is a reason, not a failure', async () => {
  const fake = join(temporary(), 'electron');
  writeFileSync(fake, '#!/bin/sh\necho "libfoo.so: cannot open shared object" >&2\nexit 127\n');
  chmodSync(fake, 0o755);
  const result = await startElectron(fake, {}, () => {});
  expect(result).toEqual({ reason: 'Electron ended with code 127: libfoo.so: cannot open shared object' });
});

test('an Electron that says nothing is given up', async () => {
  const fake = join(temporary(), 'electron');
  writeFileSync(fake, '#!/bin/sh\nexec sleep 60\n');
  chmodSync(fake, 0o755);
  expect(await startElectron(fake, {}, () => {}, 300)).toEqual({ reason: 'Electron was not ready within 0.3 s' });
});

test('an Electron that is ready stays until it ends', async () => {
  const fake = join(temporary(), 'electron');
  writeFileSync(fake, '#!/bin/sh\necho "READY ap://app"\nexec sleep 60\n');
  chmodSync(fake, 0o755);
  const lines = [];
  const result = await startElectron(fake, {}, (line) => lines.push(line));
  expect(lines).toEqual(['READY ap://app']);
  result.stop();
  expect(await result.ended).toBe(1);
});
