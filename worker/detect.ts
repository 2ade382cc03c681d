/** What a file is by its first bytes: never by its name. A parser must accept it before anyone believes this. */

export type Guess =
  | 'pdf'
  | 'png'
  | 'jpeg'
  | 'tiff'
  | 'webp'
  | 'zip'
  | 'ole'
  | 'der'
  | 'xml'
  | 'html'
  | 'mail'
  | 'unknown';

const startsWith = (bytes: Uint8Array, ...values: number[]): boolean => values.every((value, i) => bytes[i] === value);
const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1');

export function guessType(bytes: Uint8Array): Guess {
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47)) return 'png';
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (startsWith(bytes, 0x49, 0x49, 0x2a, 0) || startsWith(bytes, 0x4d, 0x4d, 0, 0x2a)) return 'tiff';
  if (startsWith(bytes, 0x49, 0x49, 0x2b, 0) || startsWith(bytes, 0x4d, 0x4d, 0, 0x2b)) return 'tiff';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  if (startsWith(bytes, 0x50, 0x4b, 3, 4) || startsWith(bytes, 0x50, 0x4b, 5, 6)) return 'zip';
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return 'ole';
  // The header may stand anywhere in the first kilobyte (ISO 32000-1, Annex H, implementation note 13).
  if (ascii(bytes, 0, 1_024).includes('%PDF-')) return 'pdf';
  if (isSignedData(bytes)) return 'der';
  const head = textHead(bytes);
  if (/^\s*<(!doctype\s+html|html|head|body|script)\b/i.test(head)) return 'html';
  if (/^\s*<[?!A-Za-z_]/.test(head)) return 'xml';
  if (isMail(head)) return 'mail';
  return 'unknown';
}

/** First text of a file, whatever its Unicode form. */
function textHead(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 8_192));
  if (startsWith(bytes, 0xff, 0xfe) || (bytes[0] === 0x3c && bytes[1] === 0))
    return head.toString('utf16le').replace(/^\ufeff/, '');
  if (startsWith(bytes, 0xfe, 0xff)) return new TextDecoder('utf-16be').decode(head).replace(/^\ufeff/, '');
  return head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
}

/** RFC 5322: header fields from the first line on, and among them one that only mails have. */
function isMail(head: string): boolean {
  const block = head.replace(/^From [^\n]*\n/, '').split(/\r?\n\r?\n/)[0] ?? '';
  const lines = block
    .split(/\r?\n/)
    .filter((line, i, all) => i < all.length - 1 || head.length < 8_192 || line.includes(':'));
  if (!lines.every((line) => /^[\u0021-\u0039\u003b-\u007e]+[ \t]*:/.test(line) || /^[ \t]/.test(line))) return false;
  return /^(received|from|to|subject|message-id|mime-version|return-path|delivered-to|date)[ \t]*:/im.test(block);
}

/** CMS SignedData (RFC 5652), as DER or BER: what signed FatturaPA files (.p7m) are wrapped in. */
function isSignedData(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && Buffer.from(bytes.subarray(0, 40)).includes(Buffer.from('2a864886f70d010702', 'hex'));
}
