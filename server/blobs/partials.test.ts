import { mkdtempSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPartials } from './partials.ts';

const SHA = 'a'.repeat(64);
const textOf = async (stream: Readable): Promise<string> => (await buffer(stream)).toString();

async function* broken(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
  await sleep(20);
  throw new Error('the answer broke off');
}

test('what came before a connection broke off is there, and the next one goes on behind it', async () => {
  const partials = await createPartials(mkdtempSync(join(tmpdir(), 'partials-')), Date.now);
  expect(await partials.size(SHA)).toBe(0);
  await expect(partials.add(SHA, 0, Readable.from(broken('first ')))).rejects.toThrow('broke off');
  expect(await partials.size(SHA)).toBe(6);
  await partials.add(SHA, 6, Readable.from([Buffer.from('second')]));
  expect(await textOf(partials.read(SHA))).toBe('first second');
  await partials.add(SHA, 0, Readable.from([Buffer.from('anew')]));
  expect(await textOf(partials.read(SHA))).toBe('anew');
  await partials.drop(SHA);
  await partials.drop(SHA);
  expect(await partials.size(SHA)).toBe(0);
});

test('it is there after a restart, unless nobody went on with it for a day', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'partials-'));
  const before = await createPartials(folder, Date.now);
  await before.add(SHA, 0, Readable.from([Buffer.from('half')]));
  expect(await (await createPartials(folder, Date.now)).size(SHA)).toBe(4);
  const old = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(join(folder, SHA), old, old);
  expect(await (await createPartials(folder, Date.now)).size(SHA)).toBe(0);
});
