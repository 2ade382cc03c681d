/** The bytes of a code -> text. A code says its charset at best within itself (EPC) and often wrongly. */

/** EPC069-12, character set: the line after header and version. */
const EPC_CHARSETS: Record<string, string> = {
  '2': 'iso-8859-1',
  '3': 'iso-8859-2',
  '4': 'iso-8859-4',
  '5': 'iso-8859-5',
  '6': 'iso-8859-7',
  '7': 'iso-8859-10',
  '8': 'iso-8859-15',
};

/** The largest QR code holds 7,089 digits. */
const MOST_CHARACTERS = 7_089;
/** Nothing in a payment code: controls but line ends and tabs, and characters that turn the direction of what is shown. */
const UNWANTED = /[^\P{Cc}\n\r\t]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** `named`: the text by the charset that the symbol itself names (ECI); encoders name Latin 1 also for bytes that are none. */
export function payloadText(bytes: Uint8Array, named?: string): string {
  const text = decoded(bytes, named);
  return text.slice(0, MOST_CHARACTERS).replaceAll(UNWANTED, '');
}

function decoded(bytes: Uint8Array, named: string | undefined): string {
  try {
    // Text in another charset that is valid UTF-8 by chance does not occur: it would need letters that no word has side by side.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 16));
    const number = /^BCD\r?\n00[12]\r?\n([1-8])\r?\n/.exec(head)?.[1] ?? '';
    const slovenian = head.startsWith('UPNQR\n') ? 'iso-8859-2' : undefined;
    const charset = EPC_CHARSETS[number] ?? slovenian;
    if (charset === undefined && named !== undefined) return named;
    return new TextDecoder(charset ?? 'windows-1252').decode(bytes);
  }
}
