import { expect, test } from 'vitest';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf, readPlace, type Surroundings } from './config.ts';
import { serverEnvironment } from './environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'ap config '));
const invoice = join(folder, 'an invoice.pdf');
const samples = join(folder, 'samples');
writeFileSync(invoice, '%PDF');
mkdirSync(samples);
const surroundings = (over: Partial<Surroundings>): Surroundings => ({
  env: {},
  argv: [],
  cwd: folder,
  standardData: join(folder, 'data'),
  samples,
  ...over,
});

test('without anything given it is the demo with the samples', () => {
  expect(readPlace(surroundings({}))).toEqual({
    data: join(folder, 'data'),
    workspace: 'demo',
    files: [],
    imports: [samples],
    serverExec: undefined,
  });
});

test('files among the arguments go into the own workspace; switches, links and what is not there are no files', () => {
  const argv = ['--inspect=0', 'an invoice.pdf', 'apstation://open/1', 'gone.pdf', invoice];
  expect(filesOf(argv, folder)).toEqual([invoice, invoice]);
  expect(readPlace(surroundings({ argv: ['an invoice.pdf'] }))).toMatchObject({ workspace: 'own', imports: [invoice] });
});

test('the launcher’s settings win, and the samples it names are nothing the user gave', () => {
  const env = {
    AP_DATA: folder,
    AP_WORKSPACE: 'demo',
    AP_IMPORT: JSON.stringify([samples]),
    AP_SERVER_EXEC: '/usr/bin/node',
  };
  expect(readPlace(surroundings({ env }))).toEqual({
    data: folder,
    workspace: 'demo',
    files: [],
    imports: [samples],
    serverExec: '/usr/bin/node',
  });
});

test('who has worked with the station before gets the own workspace back', () => {
  const data = mkdtempSync(join(tmpdir(), 'ap-own-'));
  mkdirSync(join(data, 'own'));
  expect(readPlace(surroundings({ standardData: data })).workspace).toBe('own');
});

test('the server’s surroundings hold its own settings and none of the window’s', () => {
  const place = readPlace(surroundings({}));
  const env = serverEnvironment({
    env: {
      PATH: '/bin',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--inspect',
      AP_SERVER_EXEC: 'x',
      AP_LOG_LEVEL: 'debug',
    },
    place,
    out: '/out',
    workspace: 'own',
    imports: [],
    socket: '/s',
    token: 't',
  });
  expect(env).toEqual({
    PATH: '/bin',
    AP_LOG_LEVEL: 'debug',
    AP_DATA: place.data,
    AP_WORKSPACE: 'own',
    AP_SOCKET: '/s',
    AP_TOKEN: 't',
    AP_KEY_STORE: 'parent',
    AP_UI: join('/out', 'renderer'),
    AP_WORKER_FILE: join('/out', 'main', 'worker', 'index.js'),
  });
});
