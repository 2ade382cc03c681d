import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { contentTag } from './content-tag.ts';
import { createPrinter, packInvoice, unpackInvoice } from './packed-invoice.ts';

const TEXTS = [
  '{}',
  '{"name":"Müller & Söhne"}',
  JSON.stringify(Array.from({ length: 9_000 }, (_, at) => `zeile ${at}`)),
];

const printed = createPrinter(0);

describe.each(TEXTS)('%.30s', (text) => {
  test('comes out as it went in, with its tag', () => {
    const data = packInvoice(text);
    const { tag, json } = printed(data);
    expect([unpackInvoice(data).toString(), Buffer.from(json()).toString(), tag]).toEqual([
      text,
      text,
      contentTag(text),
    ]);
  });

  test('what was kept before is read', () => {
    const data = deflateRawSync(text, { level: 1 });
    const { tag, json } = printed(data);
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

test('what was handed on lately is not inflated again, and no more of it is kept than was said', () => {
  const print = createPrinter(2_500);
  const [one, two, three] = ['a', 'b', 'c'].map((letter) => packInvoice(JSON.stringify(letter.repeat(998)))) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const first = print(one).json();
  const second = print(two).json();
  expect(print(Buffer.from(one)).json()).toBe(first);
  // The one that was asked for longest ago makes room.
  expect(Buffer.from(print(three).json()).toString()).toBe(JSON.stringify('c'.repeat(998)));
  expect(print(one).json()).toBe(first);
  expect(print(two).json()).not.toBe(second);
});
