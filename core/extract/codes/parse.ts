/** The text of a code -> what it says, by its header. */
import { parseEpc } from './epc.ts';
import type { Parsed } from './payment.ts';
import { parseSpd } from './spd.ts';
import { parseSwissQr } from './swiss-qr.ts';
import { parseUpn } from './upn.ts';

/** No payment code is longer (Swiss: 997 characters). */
const LONGEST = 2_000;

export function parseCode(text: string): Parsed {
  if (text.length > LONGEST) return { kind: 'other' };
  if (/^SPC[\r\n]/.test(text)) return parseSwissQr(text);
  if (/^BCD[\r\n]/.test(text)) return parseEpc(text);
  if (text.startsWith('SPD*')) return parseSpd(text);
  if (/^UPNQR[\r\n]/.test(text)) return parseUpn(text);
  return { kind: 'other' };
}
