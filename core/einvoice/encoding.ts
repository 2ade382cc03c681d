/**
 * Bytes of an XML document -> text (XML 1.0, appendix F: byte order mark, then the pattern of the first bytes, then the declaration).
 * Written out because core has no TextDecoder; strict, so that a wrong declaration is a message and never a silent replacement character.
 */
export type Decoded = { kind: 'text'; text: string; encoding: string } | { kind: 'undecodable'; detail: string };

type Decoder = (bytes: Uint8Array) => string | { offset: number };

const CHUNK = 8192;

/** Joins UTF-16 code units without a call per character. */
function createUnits(): { push: (unit: number) => void; text: () => string } {
  const parts: string[] = [];
  let units: number[] = [];
  const flush = (): void => {
    parts.push(String.fromCharCode(...units));
    units = [];
  };
  return {
    push: (unit) => {
      units.push(unit);
      if (units.length >= CHUNK) flush();
    },
    text: () => {
      flush();
      return parts.join('');
    },
  };
}

/** Length of a UTF-8 sequence by its first byte, and the smallest code point it may carry (overlong forms are refused). */
function utf8Lead(byte: number): { extra: number; bits: number; least: number } | undefined {
  if (byte >= 0xc2 && byte <= 0xdf) return { extra: 1, bits: byte & 0x1f, least: 0x80 };
  if (byte >= 0xe0 && byte <= 0xef) return { extra: 2, bits: byte & 0x0f, least: 0x800 };
  if (byte >= 0xf0 && byte <= 0xf4) return { extra: 3, bits: byte & 0x07, least: 0x10000 };
  return undefined;
}

const utf8: Decoder = (bytes) => {
  const out = createUnits();
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte < 0x80) {
      out.push(byte);
      continue;
    }
    const lead = utf8Lead(byte);
    if (lead === undefined) return { offset: i };
    let point = lead.bits;
    for (let k = 1; k <= lead.extra; k++) {
      const next = bytes[i + k];
      if (next === undefined || (next & 0xc0) !== 0x80) return { offset: i };
      point = (point << 6) | (next & 0x3f);
    }
    if (point < lead.least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return { offset: i };
    if (point > 0xffff) {
      out.push(0xd800 + ((point - 0x10000) >> 10));
      out.push(0xdc00 + ((point - 0x10000) & 0x3ff));
    } else out.push(point);
    i += lead.extra;
  }
  return out.text();
};

const utf16 =
  (littleEndian: boolean): Decoder =>
  (bytes) => {
    const out = createUnits();
    for (let i = 0; i + 1 < bytes.length; i += 2) {
      const unit = littleEndian ? bytes[i]! | (bytes[i + 1]! << 8) : (bytes[i]! << 8) | bytes[i + 1]!;
      out.push(unit);
    }
    return bytes.length % 2 === 0 ? out.text() : { offset: bytes.length - 1 };
  };

/** 0x80..0x9F of windows-1252; 0 where the code page has no character (then the control character of that number, as browsers do). */
const WINDOWS_1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0,
  0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];
/** Where ISO-8859-15 differs from ISO-8859-1. */
const LATIN_9 = new Map([
  [0xa4, 0x20ac],
  [0xa6, 0x0160],
  [0xa8, 0x0161],
  [0xb4, 0x017d],
  [0xb8, 0x017e],
  [0xbc, 0x0152],
  [0xbd, 0x0153],
  [0xbe, 0x0178],
]);

const singleByte =
  (unitOf: (byte: number) => number): Decoder =>
  (bytes) => {
    const out = createUnits();
    for (const byte of bytes) out.push(unitOf(byte));
    return out.text();
  };
// Files that say ISO-8859-1 and hold 0x80..0x9F are windows-1252 in truth: XML has no use for C1 controls.
const windows1252 = singleByte((byte) => (byte >= 0x80 && byte <= 0x9f ? WINDOWS_1252[byte - 0x80]! || byte : byte));
const latin9 = singleByte((byte) => LATIN_9.get(byte) ?? byte);

const DECODERS: Record<string, Decoder> = {
  'utf-8': utf8,
  'utf-16le': utf16(true),
  'utf-16be': utf16(false),
  'windows-1252': windows1252,
  'iso-8859-15': latin9,
};
const ALIASES: Record<string, string> = {
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  // Bytes that read as ASCII cannot be UTF-16, whatever the declaration says: writers that convert a string forget to change it.
  'utf-16': 'utf-8',
  'utf-16le': 'utf-8',
  'utf-16be': 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  'latin-1': 'windows-1252',
  latin1: 'windows-1252',
  cp1252: 'windows-1252',
  'iso8859-15': 'iso-8859-15',
  'latin-9': 'iso-8859-15',
};

/** Encoding by byte order mark or by where the zeros of `<` stand. */
function sniff(bytes: Uint8Array): { encoding: string; skip: number } | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', skip: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', skip: 2 };
  if (a === 0x3c && b === 0) return { encoding: 'utf-16le', skip: 0 };
  if (a === 0 && b === 0x3c) return { encoding: 'utf-16be', skip: 0 };
  return undefined;
}

function declared(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 256));
  const match = /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head);
  return (match?.[1] ?? 'utf-8').toLowerCase();
}

export function decodeXml(bytes: Uint8Array): Decoded {
  const sniffed = sniff(bytes);
  const name = sniffed?.encoding ?? declared(bytes);
  const encoding = sniffed ? name : (ALIASES[name] ?? name);
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decoder === undefined) return { kind: 'undecodable', detail: `encoding "${name}" is not supported` };
  const skip = sniffed?.skip ?? 0;
  const text = decoder(bytes.subarray(skip));
  if (typeof text === 'string') return { kind: 'text', text, encoding };
  return { kind: 'undecodable', detail: `byte ${text.offset + skip + 1} is not valid ${encoding.toUpperCase()}` };
}
