import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../testing.ts';
import { startSite, type TestSite } from './testing-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

const ODD = ['', 'x', '%00', '%ff', '..%2f..', 'a'.repeat(190), '%F0%9F%98%80', '__proto__', "'--"];
const PATHS = ODD.flatMap((odd) => [
  `/sign-in/${odd}`,
  `/sign-in/${odd}/password`,
  `/sign-in/invitation/main/${odd}`,
  `/oidc/${odd}`,
  `/oidc/auth?client_id=ap-intake-station&redirect_uri=${odd}&response_type=code`,
  `/oidc/device?user_code=${odd}`,
  `/oidc/device/${odd}`,
  `/oidc/token?${odd}`,
  `/session/callback?code=${odd}&state=${odd}`,
  `/session/sign-in?to=${odd}&site=${odd}`,
  `/api/v1/users/${odd}`,
]);
const BODIES = [
  '',
  '{',
  'grant_type=refresh_token&refresh_token=%00&client_id=ap-intake-station',
  'grant_type=client_credentials&client_id=main:x&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=a.b.c',
  'login=a&password=b&login=c',
  'xsrf=a&user_code=b',
  'x'.repeat(70_000),
];
const TYPES = [
  'application/x-www-form-urlencoded',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
];
const COOKIES = ['', 'ap_oidc=x; ap_oidc_step=y; ap_oidc_resume=z; ap_session=z; ap_flow=w; ap_known=a.b'];

test('whatever is sent to the pages and the provider, nothing fails', { timeout: 120_000 }, async () => {
  const failed: string[] = [];
  let count = 0;
  const send = async (method: string, path: string, body?: string): Promise<void> => {
    count += 1;
    const type = TYPES[count % TYPES.length] ?? '';
    const headers = {
      authorization: '',
      cookie: COOKIES[count % 2] ?? '',
      ...(body === undefined ? {} : { 'content-type': type }),
    };
    const more = body === undefined ? {} : { body };
    const reply = await ask({ port: site.port, token: '' }, path, { method, headers, ...more });
    if (reply.status >= 500) failed.push(`${reply.status} ${method} ${path} ${type} ${body ?? ''}`.slice(0, 200));
  };
  for (const path of PATHS) {
    await send('GET', path);
    await send('OPTIONS', path);
    for (const body of BODIES) await send('POST', path, body);
  }
  expect(failed).toEqual([]);
  expect(site.logged()).not.toContain('"level":50');
});
