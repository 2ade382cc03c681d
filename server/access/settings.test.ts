import { expect, test } from 'vitest';
import { readAccessSettings } from './settings.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const files: Record<string, string> = {
  '/key': `${key}\n${Buffer.alloc(32, 8).toString('base64')}\n`,
  '/short': 'abc',
  '/secret': 's3\n',
};
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error('ENOENT');
  return text;
};
const read = (more: Record<string, string>) =>
  readAccessSettings({ PUBLIC_URL: 'https://ap.harbour.test/', SITE_KEY_FILE: '/key', ...more }, readFile);

test('what is given, and what stands where nothing is', () => {
  const { keys, ...rest } = read({ SITES: '', OIDC_ISSUER: '' });
  expect(rest).toEqual({ origin: 'https://ap.harbour.test', sites: ['main'] });
  expect(keys.map((one) => one[0])).toEqual([7, 8]);
  expect(read({ SITES: 'leeds, york', TRUST_PROXY: '10.0.0.0/8' })).toMatchObject({
    sites: ['leeds', 'york'],
    trustProxy: '10.0.0.0/8',
  });
});

test('an external identity provider', () => {
  const { external } = read({
    OIDC_ISSUER: 'https://idp.harbour.test',
    OIDC_CLIENT_ID: 'ap',
    OIDC_CLIENT_SECRET_FILE: '/secret',
    OIDC_AUDIENCE: 'urn:ap',
    OIDC_ROLES: '{"ap-team":"reviewer"}',
    OIDC_PRIVATE_HOSTS: 'idp.harbour.test',
  });
  expect(external).toEqual({
    issuer: 'https://idp.harbour.test',
    clientId: 'ap',
    clientSecret: 's3',
    audience: 'urn:ap',
    roleClaim: 'groups',
    roles: { 'ap-team': 'reviewer' },
    privateHosts: ['idp.harbour.test'],
  });
});

test.each([
  [{ PUBLIC_URL: 'ap.harbour.test' }, 'PUBLIC_URL'],
  [{ PUBLIC_URL: 'https://ap.harbour.test/path' }, 'PUBLIC_URL'],
  [{ SITE_KEY_FILE: '/none' }, '/none cannot be read'],
  [{ SITE_KEY_FILE: '/short' }, 'openssl'],
  [{ SITE_KEY_FILE: '' }, 'SITE_KEY_FILE'],
  [{ OIDC_ISSUER: 'https://idp.harbour.test' }, 'OIDC_CLIENT_ID'],
  [{ OIDC_ROLES: '{"a":"king"}' }, 'OIDC_ROLES'],
])('refused with its name: %j', (more, says) => {
  expect(() => read(more)).toThrow(says);
});
