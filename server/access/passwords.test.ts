import { expect, test } from 'vitest';
import { createGate, createPasswords } from './passwords.ts';
import { newRecoveryCodes, useRecoveryCode } from './recovery-codes.ts';
import { createSecrets } from './secrets.ts';

test('a password is known again, also where its letters are composed otherwise; another one is not', async () => {
  const passwords = createPasswords();
  const phc = await passwords.hash('Caf\u00e9 au lait, s\u2019il vous pla\u00eet');
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await passwords.verify('Cafe\u0301 au lait, s\u2019il vous plai\u0302t', phc)).toBe(true);
  expect(await passwords.verify('Cafe au lait, s\u2019il vous plait', phc)).toBe(false);
  expect(await passwords.verify('', phc)).toBe(false);
  expect(await passwords.verify('x', null)).toBe(false);
  expect(await passwords.verify('x', 'not a hash')).toBe(false);
  expect(passwords.isOld(phc)).toBe(false);
  expect(passwords.isOld(phc.replace('m=19456', 'm=4096'))).toBe(true);
});

/** A test vector of the reference implementation (P-H-C/phc-winner-argon2, src/test.c). */
test('hashes of other programs are read', async () => {
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await createPasswords().verify('password', phc)).toBe(true);
  expect(await createPasswords().verify('Password', phc)).toBe(false);
});

test('few at once, some wait, more are refused; a failure gives its place on', async () => {
  const gate = createGate(2, 3);
  let running = 0;
  let most = 0;
  const work = async (fails: boolean): Promise<string> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    if (fails) throw new Error('failed');
    return 'done';
  };
  const all = await Promise.allSettled(Array.from({ length: 7 }, (_, index) => gate(() => work(index === 1))));
  const how = all.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message.split('.')[0]));
  expect(how).toEqual([
    'done',
    'failed',
    'done',
    'done',
    'done',
    ...Array<string>(2).fill('Too many people sign in at this moment'),
  ]);
  expect(most).toBe(2);
  expect(await gate(() => work(false))).toBe('done');
});

test('recovery codes: ten different ones, each once, however they are typed', () => {
  const { codes, digests } = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$/);
  const left = useRecoveryCode(digests, ` ${codes[3]?.toUpperCase().replaceAll('-', ' ')}`);
  expect(left).toHaveLength(9);
  expect(useRecoveryCode(left ?? [], codes[3] ?? '')).toBeUndefined();
  expect(digests.join()).not.toContain(codes[0]);
});

test('what is sealed opens in its place only, also with the key before, and never altered', () => {
  const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const sealed = createSecrets([first]).seal('totp', 'main/a', 'secret');
  const both = createSecrets([second, first]);
  expect(both.open('totp', 'main/a', sealed)).toBe('secret');
  expect([both.isOld('totp', 'main/a', sealed), createSecrets([first]).isOld('totp', 'main/a', sealed)]).toEqual([
    true,
    false,
  ]);
  expect(both.open('totp', 'main/b', sealed)).toBeUndefined();
  expect(both.open('record', 'main/a', sealed)).toBeUndefined();
  expect(createSecrets([second]).open('totp', 'main/a', sealed)).toBeUndefined();
  expect(both.open('totp', 'main/a', `${sealed.slice(0, -2)}AA`)).toBeUndefined();
  expect(both.open('totp', 'main/a', '')).toBeUndefined();
  expect(() => createSecrets([])).toThrow('32 bytes');
  expect(() => createSecrets([new Uint8Array(31)])).toThrow('32 bytes');
});
