import { expect, test } from 'vitest';
import { readDatabaseUrl } from './url.ts';

const read = (environment: Record<string, string>, text = 'p@ss/w:rd\n') => readDatabaseUrl(environment, () => text);
const DATABASE_URL = 'postgres://app@db:6432/ap_intake?sslmode=verify-full';

test('the address, with the password of a file in it', () => {
  expect(readDatabaseUrl({})).toBeUndefined();
  expect(readDatabaseUrl({ DATABASE_URL: '' })).toBeUndefined();
  expect(read({ DATABASE_URL })).toBe(DATABASE_URL);
  const url = new URL(read({ DATABASE_URL, DATABASE_PASSWORD_FILE: '/run/secrets/db' }) ?? '');
  expect(decodeURIComponent(url.password)).toBe('p@ss/w:rd');
  expect(url.href).toContain('@db:6432/ap_intake?sslmode=verify-full');
});

test('what is wrong is said without the password', () => {
  expect(() => read({ DATABASE_URL: 'mysql://x' })).toThrow(/DATABASE_URL: an address like/);
  const both = { DATABASE_URL: 'postgres://app:secret@db/x', DATABASE_PASSWORD_FILE: '/f' };
  expect(() => read(both)).toThrow(/leave one of them out/);
  expect(() => read(both)).not.toThrow(/secret/);
  expect(() => read({ DATABASE_URL, DATABASE_PASSWORD_FILE: '/f' }, '\n')).toThrow(/is empty/);
  expect(() => readDatabaseUrl({ DATABASE_URL, DATABASE_PASSWORD_FILE: '/nowhere' })).toThrow(/cannot be read/);
});
