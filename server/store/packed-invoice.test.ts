import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { contentTag } from './content-tag.ts';
import { packInvoice, printedInvoice, unpackInvoice } from './packed-invoice.ts';

const TEXTS = [
  '{}',
  '{"name":"Müller & Söhne"}',
  JSON.stringify(Array.from({ length: 9_000 }, (_, at) => `zeile ${at}`)),
];

describe.each(TEXTS)('%.30s', (text) => {
  test('comes out as it went in, with its tag', () => {
    const data = packInvoice(text);
    const { tag, json } = printedInvoice(data);
    expect([unpackInvoice(data).toString(), Buffer.from(json()).toString(), tag]).toEqual([
      text,
      text,
      contentTag(text),
    ]);
  });

  test('what was kept before is read', () => {
    const data = deflateRawSync(text, { level: 1 });
    const { tag, json } = printedInvoice(data);
    expect([unpackInvoice(data).toString(), Buffer.from(json()).toString(), tag]).toEqual([
      text,
      text,
      contentTag(text),
    ]);
  });

  test('a program of before reads what is kept now', () => {
    expect(inflateRawSync(packInvoice(text)).toString()).toBe(text);
  });
});
