import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createResolver } from './resolver.ts';

type Found = readonly { readonly address: string; readonly family: number }[];

/** A name server of a few lines (RFC 1035): `known.example` has addresses, `silent.example` gets no answer, nothing else exists. */
const server = createSocket('udp4');
beforeAll(async () => {
  server.on('message', (question, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.subarray(at + 1, at + 1 + length).toString());
      at += 1 + length;
    }
    const name = labels.join('.');
    if (name === 'silent.example') return;
    const isFour = question.readUInt16BE(at + 1) === 1;
    const asked = question.subarray(12, at + 5);
    const isKnown = name === 'known.example';
    const answers = isKnown && isFour ? 1 : 0;
    const head = Buffer.from([question[0]!, question[1]!, 0x81, isKnown ? 0x80 : 0x83, 0, 1, 0, answers, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 93, 184, 216, 34]);
    server.send(Buffer.concat([head, asked, ...(answers === 1 ? [answer] : [])]), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

const ask = (host: string): Promise<Found> => {
  const { port } = server.address();
  const resolver = createResolver({ servers: [`127.0.0.1:${port}`], timeoutMs: 200, tries: 1 });
  return new Promise((resolve, reject) => {
    resolver(host, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });
};

test('a name that a name server knows', async () => {
  expect(await ask('known.example')).toEqual([{ address: '93.184.216.34', family: 4 }]);
});

test('what no name server knows is asked of the machine: its own names', async () => {
  expect((await ask('localhost')).length).toBeGreaterThan(0);
});

test('a name server that is silent holds no thread: files are read meanwhile, and the look-up ends', async () => {
  const begun = performance.now();
  const looks = Array.from({ length: 16 }, () => ask('silent.example').catch((error: { code: string }) => error.code));
  await readFile(new URL(import.meta.url));
  expect(performance.now() - begun).toBeLessThan(150);
  expect(new Set(await Promise.all(looks))).toEqual(new Set(['ETIMEOUT']));
});
