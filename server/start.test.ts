/** The server process as its launcher sees it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from './testing.ts';

const TOKEN = randomBytes(32).toString('base64url');
const folder = (): string => mkdtempSync(join(tmpdir(), 'ap-start-'));

function launch(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts')], {
    env: { PATH: process.env['PATH'], AP_THREADS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = async (): Promise<{ port: number; workspace: string; token?: string }> => {
    while (!out.includes('\n')) await Promise.race([once(child.stdout, 'data'), ended]);
    return JSON.parse(/^AP_READY (.*)$/m.exec(out)?.[1] ?? `"${err}"`) as { port: number; workspace: string };
  };
  return { child, ready, ended, said: () => err };
}

test('ready, answering, ended with 0 as asked', async () => {
  const server = launch({ AP_DATA: folder(), AP_TOKEN: TOKEN });
  const { port, token } = await server.ready();
  // The launcher knows the token it gave; it is not printed.
  expect(token).toBeUndefined();
  expect((await ask({ port, token: TOKEN }, '/api/v1/status')).json()).toMatchObject({ workspace: 'own' });
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.said()).toBe('');
});

test('leaving the demo ends with 75, and nothing of it is in the own workspace', async () => {
  const data = folder();
  const demo = launch({ AP_DATA: data, AP_TOKEN: TOKEN, AP_WORKSPACE: 'demo' });
  const place = { port: (await demo.ready()).port, token: TOKEN };
  const reply = await ask(place, '/api/v1/workspace/own', { json: {} });
  expect(reply.json()).toEqual({ restarting: true });
  expect(await demo.ended).toBe(75);
  const own = launch({ AP_DATA: data, AP_TOKEN: TOKEN, AP_WORKSPACE: 'own', AP_PORT: String(place.port) });
  expect((await own.ready()).port).toBe(place.port);
  expect((await ask(place, '/api/v1/workspace/own', { json: {} })).json()).toEqual({ restarting: false });
  own.child.kill('SIGTERM');
  expect(await own.ended).toBe(0);
});

test.each([
  ['no data folder', {}, 'AP_DATA'],
  ['a wrong port', { AP_DATA: '/tmp/x', AP_PORT: '99999' }, 'AP_PORT'],
  ['a short token', { AP_DATA: '/tmp/x', AP_TOKEN: 'abc' }, 'AP_TOKEN'],
  ['no list of imports', { AP_DATA: '/tmp/x', AP_IMPORT: 'a.pdf' }, 'AP_IMPORT'],
])('%s: ends with 1 and says which', async (_name, env, named) => {
  const server = launch(env);
  expect(await server.ended).toBe(1);
  expect(server.said()).toContain(named);
});
