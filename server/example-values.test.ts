import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exampleValues, refuseExampleValues } from './example-values.ts';

const noFile = (): undefined => undefined;

test.each([
  'https://ap-intake.example.com',
  'https://ap-intake.example.com:8443/x',
  'example.org',
  'postgres://app@db.example.net/ap_intake',
  'https://login.example/realms/x',
  'https://ap.test,https://ap.example.com',
  'CHANGE_ME',
  'change-me-please',
])('knows the example %s', (value) => {
  expect(exampleValues({ PUBLIC_URL: value }, noFile)).toEqual(['PUBLIC_URL']);
});

test.each([
  'https://invoices.mueller.de',
  'https://notexample.com',
  'https://example.com.mueller.de',
  'counterexample',
  'https://ap.test',
  '',
])('takes %s', (value) => {
  expect(exampleValues({ PUBLIC_URL: value, EMPTY: undefined }, noFile)).toEqual([]);
});

test('reads through the files of secrets, and names variables without their values', () => {
  const files: Record<string, string> = { '/run/secrets/a': 'CHANGE_ME\n', '/run/secrets/b': 'f00d' };
  const environment = {
    A_FILE: '/run/secrets/a',
    B_FILE: '/run/secrets/b',
    C_FILE: '/run/secrets/none',
    S3: 'x.example.com',
  };
  expect(exampleValues(environment, (path) => files[path])).toEqual(['A_FILE', 'S3']);
  expect(() => refuseExampleValues(environment, (path) => files[path])).toThrow(
    'These settings still have the value of the example file; write your own: A_FILE, S3.',
  );
});

test('refuses the example file of the site as it is, because of its address', () => {
  const text = readFileSync(join(import.meta.dirname, '..', 'build', 'site', '.env.example'), 'utf8');
  const environment = Object.fromEntries(
    [...text.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map((match) => [match[1]!, match[2]!]),
  );
  expect(exampleValues(environment, noFile)).toEqual(['PUBLIC_URL']);
});
