import { expect, test } from 'vitest';
import { parseAddress } from './address.ts';

const origin = (typed: string, plain: string[] = []): string => {
  const parsed = parseAddress(typed, plain);
  return parsed.kind === 'address' ? parsed.origin : parsed.why;
};

test.each([
  ['ap.example.com', 'https://ap.example.com'],
  [' https://ap.example.com/ ', 'https://ap.example.com'],
  ['https://AP.example.com:8443/#/inbox', 'https://ap.example.com:8443'],
  ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['localhost:3000', 'http://localhost:3000'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
])('%s is a site', (typed, expected) => {
  expect(origin(typed)).toBe(expected);
});

test.each([
  '',
  'two words',
  'ftp://ap.example.com',
  'https://',
  'https://me:pass@ap.example.com',
  'javascript:alert(1)',
])('%s is none', (typed) => {
  expect(origin(typed)).toBe('address');
});

test('without TLS only this machine, and what was allowed', () => {
  expect(origin('http://ap.example.com')).toBe('plain-http');
  // 127.0.0.1 in a name is no loopback address.
  expect(origin('http://127.0.0.1.example.com')).toBe('plain-http');
  expect(origin('http://ap.intranet:8080', ['ap.intranet'])).toBe('http://ap.intranet:8080');
  expect(origin('http://ap.intranet:8080', ['ap.intranet:8080'])).toBe('http://ap.intranet:8080');
  expect(origin('http://ap.intranet:9090', ['ap.intranet:8080'])).toBe('plain-http');
});
