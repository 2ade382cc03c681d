/** One-time codes of an authenticator app (RFC 6238 on RFC 4226): SHA-1, 30 seconds, 6 digits, which is what every app can do. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_S = 30;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** A clock may be one step off, before or after. */
const DRIFT = 1;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 without padding, as apps want it. */
export function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

export function fromBase32(text: string): Buffer {
  let bits = '';
  for (const letter of text.toUpperCase().replaceAll(/[\s=-]/g, '')) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new RangeError('not base32');
    bits += value.toString(2).padStart(5, '0');
  }
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

export const newTotpSecret = (): string => base32(randomBytes(SECRET_BYTES));

/** RFC 4226, 5.3: dynamic truncation. */
export function codeAt(secret: Uint8Array, step: number, digits = DIGITS, algorithm = 'sha1'): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

export const stepAt = (nowMs: number): number => Math.floor(nowMs / 1_000 / STEP_S);

/** The step whose code it is, later than `lastStep`; undefined for a wrong code and for one that was used. */
export function verifyTotp(secret: string, code: string, nowMs: number, lastStep: number): number | undefined {
  const given = code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(given)) return undefined;
  const key = fromBase32(secret);
  const now = stepAt(nowMs);
  let found: number | undefined;
  // All are computed: which one it was shows in no time.
  for (let step = now - DRIFT; step <= now + DRIFT; step += 1)
    if (timingSafeEqual(Buffer.from(codeAt(key, step)), Buffer.from(given)) && step > lastStep) found ??= step;
  return found;
}

/** What the QR code of the set-up page says. */
export function totpUri(issuer: string, login: string, secret: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_S}`;
}
