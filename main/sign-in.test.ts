import { expect, test } from 'vitest';
import type { Enrolment } from '../core/contract/site-link-http.ts';
import { createSignInOpener, maySignInAt } from './sign-in.ts';

const enrolment: Enrolment = {
  id: '0198b0d0-0000-7000-8000-000000000000',
  way: 'browser',
  address: 'https://ap.example.com',
  step: 'signing-in',
  open: 'https://idp.example.com/authorize?x=1',
  userCode: null,
  until: null,
  failure: null,
};

async function opened(now: Enrolment | null): Promise<readonly [boolean, readonly string[]]> {
  const seen: string[] = [];
  const open = createSignInOpener(
    async ({ url }) => {
      expect(url).toBe('ap://app/api/v1/site-link/enrolment');
      return Response.json({ enrolment: now });
    },
    async (url) => void seen.push(url),
  );
  return [await open(), seen];
}

test('what the server waits for is opened, and nothing else', async () => {
  expect(await opened(enrolment)).toEqual([true, [enrolment.open]]);
  expect(await opened(null)).toEqual([false, []]);
  expect(await opened({ ...enrolment, step: 'done' })).toEqual([false, []]);
  expect(await opened({ ...enrolment, open: null })).toEqual([false, []]);
  expect(await opened({ ...enrolment, open: 'file:///etc/passwd' })).toEqual([false, []]);
});

test('a page of the web, encrypted wherever the site is', () => {
  const site = 'https://ap.example.com';
  for (const bad of ['http://ap.example.com/x', 'javascript:alert(1)', 'smb://x', 'https://a:b@ap.example.com/', 'x'])
    expect([bad, maySignInAt(bad, site)]).toEqual([bad, false]);
  expect(maySignInAt('http://127.0.0.1:8080/x', 'http://127.0.0.1:8080')).toBe(true);
});
