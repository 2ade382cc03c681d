import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { findBomb } from './bombs.ts';

const MB = 1_048_576;
const pdfOf = (stream: Buffer, dictionary = '/Filter /FlateDecode'): Buffer =>
  Buffer.concat([
    Buffer.from(`%PDF-1.7\n4 0 obj\n<< ${dictionary} /Length ${stream.length} >>\nstream\n`),
    stream,
    Buffer.from('\nendstream\nendobj\n'),
  ]);

const page = (times: number): Buffer => Buffer.from('q 1 0 0 1 2 3 cm BT (q) Tj ET Q\n'.repeat(times));

test.each([
  ['a page', pdfOf(deflateSync(page(30_000)))],
  ['a page that is not packed', pdfOf(page(30_000), '')],
  ['a picture, whatever is in it', pdfOf(Buffer.from('q '.repeat(30_000)), '/Subtype /Image')],
  ['what is packed in another way', pdfOf(Buffer.from('q '.repeat(30_000)), '/Filter /DCTDecode')],
])('%s is none', (_name, bytes) => expect(findBomb(bytes)).toBeUndefined());

/** From here on nobody can unpack it. */
function damaged(packed: Buffer): Buffer {
  const half = Buffer.from(packed);
  half.fill(0xff, Math.floor(half.length / 2));
  return half;
}

test.each([
  ['a stream', deflateSync(Buffer.alloc(40 * MB, '0 '))],
  // The engines go on with what came before the damage.
  ['a stream that is damaged', damaged(deflateSync(Buffer.alloc(100 * MB, '0 ')))],
])('%s that unpacks to more than any page needs', (_name, stream) =>
  expect(findBomb(pdfOf(stream))).toContain('more than 16 MB'),
);

test.each([
  ['packed', pdfOf(deflateSync(Buffer.from('q '.repeat(5_000))))],
  ['packed and damaged', pdfOf(damaged(deflateSync(Buffer.from(`${'q '.repeat(5_000)}${page(30_000).toString()}`))))],
  ['packed and damaged near its beginning', pdfOf(damaged(deflateSync(Buffer.alloc(4 * MB, 'q '))))],
  ['as it is', pdfOf(Buffer.from('q\n'.repeat(5_000)), '')],
])('states of the pen over each other, %s', (_name, bytes) => expect(findBomb(bytes)).toContain('2000 times'));
