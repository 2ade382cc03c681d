import { expect, test } from 'vitest';
import { base32, codeAt, fromBase32, newTotpSecret, stepAt, totpUri, verifyTotp } from './totp.ts';

const SHA1 = Buffer.from('12345678901234567890');
const SHA256 = Buffer.from('12345678901234567890123456789012');
const SHA512 = Buffer.from('1234567890123456789012345678901234567890123456789012345678901234');

/** RFC 6238, appendix B: time, and the codes of eight digits. */
test.each([
  [59, '94287082', '46119246', '90693936'],
  [1_111_111_109, '07081804', '68084774', '25091201'],
  [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'],
  [2_000_000_000, '69279037', '90698825', '38618901'],
  [20_000_000_000, '65353130', '77737706', '47863826'],
])('the vectors of RFC 6238 at %d', (seconds, sha1, sha256, sha512) => {
  const step = stepAt(seconds * 1_000);
  expect(codeAt(SHA1, step, 8)).toBe(sha1);
  expect(codeAt(SHA256, step, 8, 'sha256')).toBe(sha256);
  expect(codeAt(SHA512, step, 8, 'sha512')).toBe(sha512);
});

test('the vectors of RFC 4648 and RFC 4226', () => {
  expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
  expect(fromBase32('mzxw 6ytb-oi======').toString()).toBe('foobar');
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
  expect(codes.map((_code, counter) => codeAt(SHA1, counter))).toEqual(codes);
});

test('a code works within a step of its time, once, and never an older one after it', () => {
  const secret = newTotpSecret();
  const now = 1_800_000_000_000;
  const step = stepAt(now);
  const code = (at: number) => codeAt(fromBase32(secret), at);
  expect(verifyTotp(secret, code(step), now, 0)).toBe(step);
  expect(verifyTotp(secret, ` ${code(step - 1).slice(0, 3)} ${code(step - 1).slice(3)}`, now, 0)).toBe(step - 1);
  expect(verifyTotp(secret, code(step + 1), now, 0)).toBe(step + 1);
  expect(verifyTotp(secret, code(step), now, step)).toBeUndefined();
  expect(verifyTotp(secret, code(step - 1), now, step)).toBeUndefined();
  expect(verifyTotp(secret, code(step + 2), now, 0)).toBeUndefined();
  for (const wrong of ['', '12345', '1234567', 'abcdef', '１２３４５６'])
    expect(verifyTotp(secret, wrong, now, 0)).toBeUndefined();
});

test('the address for apps names the site and the person', () => {
  expect(totpUri('AP Intake', 'a b@c.de', 'ABC')).toBe(
    'otpauth://totp/AP%20Intake:a%20b%40c.de?secret=ABC&issuer=AP%20Intake&algorithm=SHA1&digits=6&period=30',
  );
});
