import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeXml } from './encoding.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const wide = (text: string, littleEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
  return bytes;
};
const join = (...parts: readonly (Uint8Array | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((p) => [...p]));

test('UTF-8 is decoded as the platform does, and refused where the platform refuses it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: 'binary' }).map(utf8)), (tail) => {
      const bytes = join(utf8('<a/>'), tail);
      const decoded = decodeXml(bytes);
      let expected: string | undefined;
      try {
        expected = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        expected = undefined;
      }
      return (decoded.kind === 'text' ? decoded.text : undefined) === expected;
    }),
  );
});

test('UTF-16 is known by its mark, or by where its zeros stand', () => {
  for (const littleEndian of [true, false]) {
    const mark = littleEndian ? [0xff, 0xfe] : [0xfe, 0xff];
    const text = '<?xml version="1.0" encoding="UTF-16"?><a>Größe €</a>';
    expect(decodeXml(join(mark, wide(text, littleEndian)))).toMatchObject({ kind: 'text', text });
    expect(decodeXml(wide(text, littleEndian))).toMatchObject({ kind: 'text', text });
  }
});

const head = (name: string): Uint8Array => utf8(`<?xml version="1.0" encoding="${name}"?><a>`);
const textOf = (bytes: Uint8Array): string => {
  const decoded = decodeXml(bytes);
  return decoded.kind === 'text' ? decoded.text : decoded.detail;
};

test('declared single-byte encodings are honoured', () => {
  expect(textOf(join(head('ISO-8859-1'), [0xfc, 0x80]))).toContain('ü€');
  expect(textOf(join(head('windows-1252'), [0x84, 0x93]))).toContain('„“');
  expect(textOf(join(head('ISO-8859-15'), [0xa4]))).toContain('€');
});

test('a wrong or unknown declaration is said with its place', () => {
  expect(decodeXml(join(utf8('<a>'), [0xfc], utf8('</a>')))).toEqual({
    kind: 'undecodable',
    detail: 'byte 4 is not valid UTF-8',
  });
  expect(decodeXml(utf8('<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>'))).toMatchObject({ kind: 'undecodable' });
  // Converted to UTF-8 without touching the declaration: seen in the wild, unambiguous.
  expect(decodeXml(utf8('<?xml version="1.0" encoding="utf-16"?><a>ü</a>'))).toMatchObject({
    kind: 'text',
    encoding: 'utf-8',
  });
});
