import * as oidc from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LOOPBACK, PASSWORD } from './testing-people.ts';
import { startSite, type TestSite } from './testing-site.ts';
import { verifyEvents } from './audit.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
// The provider's own clock cannot be set: what a test moved goes back.
afterEach(() => {
  site.clock.offsetMs = 0;
});

const codeOf = (error: unknown): string => (error as { error?: string }).error ?? String(error);
const refusedWith = (run: Promise<unknown>): Promise<string> => run.then(() => 'accepted', codeOf);

async function authorization(extra: Readonly<Record<string, string>> = {}) {
  const configuration = await site.client();
  const verifier = oidc.randomPKCECodeVerifier();
  const parameters = {
    redirect_uri: LOOPBACK,
    scope: 'openid',
    state: 'st',
    site: 'main',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...extra,
  };
  return { configuration, verifier, url: oidc.buildAuthorizationUrl(configuration, parameters).href };
}

describe('the code flow of the station', () => {
  test('password, loopback address, tokens; the API knows who it is', async () => {
    const who = await site.person('reviewer');
    const { access, tokens } = await site.signIn(who);
    expect(tokens.expires_in).toBe(600);
    const me = await site.request('/api/v1/me', access);
    expect(me.status).toBe(200);
    expect(await me.json()).toMatchObject({
      account: who.id,
      site: 'main',
      role: 'reviewer',
      login: who.login,
      device: null,
    });
    expect((await site.request('/api/v1/invoices', access)).status).toBe(200);
  });

  test('no PKCE, the plain method, another address, another client: refused before anybody types a password', async () => {
    const { url } = await authorization();
    const changed = async (change: (to: URL) => void) => {
      const to = new URL(url);
      change(to);
      return site.browser().open(to.href);
    };
    const without = await changed((to) => to.searchParams.delete('code_challenge'));
    expect(new URL(without.url).searchParams.get('error')).toBe('invalid_request');
    const plain = await changed((to) => to.searchParams.set('code_challenge_method', 'plain'));
    expect(new URL(plain.url).searchParams.get('error')).toBe('invalid_request');
    for (const address of [
      'https://evil.example/callback',
      'http://127.0.0.1:49152/other',
      'http://localhost:49152/callback',
    ]) {
      const other = await changed((to) => to.searchParams.set('redirect_uri', address));
      expect(other.status).toBe(400);
      expect(other.url.startsWith(site.origin)).toBe(true);
    }
    expect((await changed((to) => to.searchParams.set('client_id', 'somebody'))).status).toBe(400);
    const token = await changed((to) => to.searchParams.set('response_type', 'id_token'));
    expect(new URL(token.url).href).toContain('unsupported_response_type');
  });

  test('a wrong code verifier gets nothing, and the code is spent', async () => {
    const who = await site.person('reviewer');
    const { configuration, url } = await authorization();
    const browser = site.browser();
    const end = await site.walk(browser, await browser.open(url), who);
    const grant = (pkceCodeVerifier: string) =>
      oidc.authorizationCodeGrant(configuration, new URL(end.url), { pkceCodeVerifier, expectedState: 'st' });
    expect(await refusedWith(grant(oidc.randomPKCECodeVerifier()))).toBe('invalid_grant');
  });

  test('a code works once; the second use ends what the first one got', async () => {
    const who = await site.person('reviewer');
    const { configuration, verifier, url } = await authorization();
    const browser = site.browser();
    const end = await site.walk(browser, await browser.open(url), who);
    const grant = () =>
      oidc.authorizationCodeGrant(configuration, new URL(end.url), { pkceCodeVerifier: verifier, expectedState: 'st' });
    const { refresh_token: refresh = '' } = await grant();
    expect(await refusedWith(grant())).toBe('invalid_grant');
    expect(await refusedWith(oidc.refreshTokenGrant(configuration, refresh))).toBe('invalid_grant');
  });

  test('a browser that is signed in needs a click for the next program, and may be somebody else', async () => {
    const [who, other] = [await site.person('reviewer'), await site.person('reviewer')];
    const { browser } = await site.signIn(who);
    const { url } = await authorization();
    const asked = await browser.open(url);
    expect(asked.text).toContain('/continue"');
    const again = await browser.open(`${asked.url}/other`, {});
    expect(again.text).toContain('type="password"');
    const end = await site.walk(browser, again, other);
    expect(end.url.startsWith(`${LOOPBACK}?code=`)).toBe(true);
    const next = await browser.open((await authorization()).url);
    expect(next.text).toContain(`Person ${other.login.split('@')[0]}`);
  });

  test('cancelled: the program is told', async () => {
    const browser = site.browser();
    const first = await browser.open((await authorization()).url);
    const end = await browser.open(`${first.url}/cancel`, {});
    expect(new URL(end.url).searchParams.get('error')).toBe('access_denied');
  });
});

describe('refresh tokens', () => {
  test('each works once and gives the next', async () => {
    const { configuration, refresh, access } = await site.signIn(await site.person('reviewer'));
    const second = await oidc.refreshTokenGrant(configuration, refresh);
    expect(second.access_token).not.toBe(access);
    const third = await oidc.refreshTokenGrant(configuration, second.refresh_token ?? '');
    expect((await site.request('/api/v1/me', third.access_token)).status).toBe(200);
  });

  test('one that comes back ends the whole sign-in, of thief and owner', async () => {
    const { configuration, refresh } = await site.signIn(await site.person('reviewer'));
    const stolen = await oidc.refreshTokenGrant(configuration, refresh);
    expect(await refusedWith(oidc.refreshTokenGrant(configuration, refresh))).toBe('invalid_grant');
    expect(await refusedWith(oidc.refreshTokenGrant(configuration, stolen.refresh_token ?? ''))).toBe('invalid_grant');
  });

  test('at the same moment: at most one gets through, and nothing works afterwards', async () => {
    const { configuration, refresh } = await site.signIn(await site.person('reviewer'));
    const both = await Promise.allSettled(
      Array.from({ length: 6 }, () => oidc.refreshTokenGrant(configuration, refresh)),
    );
    const got = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(got.length).toBeLessThanOrEqual(1);
    for (const tokens of got)
      expect(await refusedWith(oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? ''))).toBe(
        'invalid_grant',
      );
  });

  test('revoked by the program itself', async () => {
    const { configuration, refresh } = await site.signIn(await site.person('reviewer'));
    await oidc.tokenRevocation(configuration, refresh);
    expect(await refusedWith(oidc.refreshTokenGrant(configuration, refresh))).toBe('invalid_grant');
  });
});

describe('the device code flow', () => {
  test('code typed and compared in a browser, signed in there, the station gets its tokens', async () => {
    const who = await site.person('reviewer');
    const configuration = await site.client();
    const started = await oidc.initiateDeviceAuthorization(configuration, { scope: 'openid' });
    expect(started.user_code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    const browser = site.browser();
    // The link that carries the code fills it in and sends nothing.
    const page = await browser.open(started.verification_uri_complete ?? '');
    expect(page.text).toContain(`value="${started.user_code}"`);
    expect(page.text).not.toContain('<script');
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const wrong = await browser.open('/oidc/device', { xsrf, user_code: 'AAAA-AAAA' });
    expect(wrong.text).toContain('role="alert"');
    const compare = await browser.open('/oidc/device', {
      xsrf: /name="xsrf" value="([^"]+)"/.exec(wrong.text)?.[1] ?? '',
      user_code: started.user_code,
    });
    expect(compare.text).toContain(`>${started.user_code}<`);
    const first = await browser.open('/oidc/device', {
      xsrf: /name="xsrf" value="([^"]+)"/.exec(compare.text)?.[1] ?? '',
      user_code: started.user_code,
      confirm: 'yes',
    });
    const done = await site.walk(browser, first, who);
    expect(done.text).toContain('The station is connected');
    const tokens = await oidc.pollDeviceAuthorizationGrant(configuration, { ...started, interval: 0.1 });
    expect((await site.request('/api/v1/me', tokens.access_token)).status).toBe(200);
  });

  test('in a browser of somebody whose sign-in has ended, another person connects the station at the second try', async () => {
    const [gone, who] = [await site.person('reviewer'), await site.person('reviewer')];
    const { browser } = await site.signIn(gone);
    await site.access.users.disable('main', 'service:test', gone.id);
    const configuration = await site.client();
    const connect = async () => {
      const started = await oidc.initiateDeviceAuthorization(configuration, { scope: 'openid' });
      const page = await browser.open('/oidc/device');
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      return browser.open('/oidc/device', { xsrf, user_code: started.user_code, confirm: 'yes' });
    };
    const first = await site.walk(browser, await connect(), who);
    expect([first.status, first.text.includes('This page has ended')]).toEqual([400, true]);
    expect((await site.walk(browser, await connect(), who)).text).toContain('The station is connected');
  });

  test('a form that another site made, or of a session that has ended, changes nothing', async () => {
    const made = { xsrf: 'made-up', user_code: 'AAAA-AAAA', confirm: 'yes' };
    for (const lost of [
      await site.browser().open('/oidc/device', made),
      await site.browser().open('/oidc/device?x=y', made),
      await site.browser().open('/oidc/device/made-up'),
    ])
      expect([lost.status, lost.text.includes('This page has ended')]).toEqual([400, true]);
    const browser = site.browser();
    await browser.open('/oidc/device');
    expect((await browser.open('/oidc/device', made)).status).toBe(400);
  });
});

describe('second factor', () => {
  test('an approver sets it up at the first sign-in; afterwards a password alone is half a sign-in', async () => {
    const who = await site.person('approver');
    await site.signIn(who);
    expect(who.totp).toHaveLength(32);
    expect(who.recovery).toHaveLength(10);
    const browser = site.browser();
    const first = await browser.open((await authorization()).url);
    const asked = await browser.open(`${first.url}/password`, { login: who.login, password: PASSWORD, site: 'main' });
    expect(asked.text).toContain('autocomplete="one-time-code"');
    // Nor by going round the page of the code.
    expect((await browser.open(`${first.url}/finish`, {})).text).toContain('autocomplete="one-time-code"');
    expect((await browser.open(`${first.url}/set-up`, { code: '000000' })).text).toContain(
      'autocomplete="one-time-code"',
    );
    expect((await browser.open(`${first.url}/code`, { code: '000000' })).status).toBe(401);
  });

  test('a code works once', async () => {
    const who = await site.person('approver');
    await site.signIn(who);
    site.clock.offsetMs += 30_000;
    const code = site.codeNow(who);
    const tries = await Promise.all(
      [1, 2].map(async () => {
        const browser = site.browser();
        const first = await browser.open((await authorization()).url);
        await browser.open(`${first.url}/password`, { login: who.login, password: PASSWORD, site: 'main' });
        return (await browser.open(`${first.url}/code`, { code })).url.startsWith(LOOPBACK);
      }),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
  });

  test('a recovery code in its place, once', async () => {
    const who = await site.person('admin');
    await site.signIn(who);
    const [recovery = ''] = who.recovery ?? [];
    const by = async (code: string) => {
      const browser = site.browser();
      const first = await browser.open((await authorization()).url);
      await browser.open(`${first.url}/password`, { login: who.login, password: PASSWORD, site: 'main' });
      return (await browser.open(`${first.url}/code`, { code })).url.startsWith(LOOPBACK);
    };
    expect(await by(recovery.toUpperCase().replaceAll('-', ' '))).toBe(true);
    expect(await by(recovery)).toBe(false);
  });
});

const enter = async (login: string, password: string, browser = site.browser()) => {
  const first = await browser.open((await authorization()).url);
  return browser.open(`${first.url}/password`, { login, password, site: 'main' });
};

/** Without what differs between any two pages. */
const plain = (text: string) => text.replaceAll(/\/sign-in\/[\w-]+/g, '').replaceAll(/value="[^"]*"/g, '');

describe('guessing', () => {
  test('is slowed down, told how long, and goes on after the wait; the right password waits as well', async () => {
    const who = await site.person('reviewer');
    for (let index = 0; index < 5; index += 1) expect((await enter(who.login, 'wrong password')).status).toBe(401);
    const waiting = await enter(who.login, PASSWORD);
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
    site.clock.offsetMs += 3_000;
    expect((await enter(who.login, PASSWORD)).url.startsWith(LOOPBACK)).toBe(true);
  });

  test('does not keep out the owner in a browser that has signed in before', async () => {
    const who = await site.person('reviewer');
    const { browser } = await site.signIn(who);
    for (let index = 0; index < 8; index += 1) await enter(who.login, 'wrong password');
    expect((await enter(who.login, PASSWORD)).status).toBe(429);
    const { url } = await authorization({ prompt: 'login' });
    const first = await browser.open(url);
    const mine = await browser.open(`${first.url}/password`, { login: who.login, password: PASSWORD, site: 'main' });
    expect(mine.url.startsWith(LOOPBACK)).toBe(true);
  });

  test('tells nothing about who has an account', async () => {
    const known = await site.person('reviewer');
    const [there, not] = [
      await enter(known.login, 'wrong password'),
      await enter('nobody@harbour.example', 'wrong password'),
    ];
    expect([there.status, plain(there.text)]).toEqual([not.status, plain(not.text)]);
  });

  test('an account of one site is none at another', async () => {
    const who = await site.person('reviewer', 'north');
    expect((await enter(who.login, PASSWORD)).status).toBe(401);
    const { access } = await site.signIn(who);
    expect(await (await site.request('/api/v1/me', access)).json()).toMatchObject({ site: 'north' });
  });
});

describe('invitations', () => {
  test('a weak password is refused with its reason, a link works once', async () => {
    const { invitation } = await site.access.users.invite('main', 'service:setup', {
      login: 'new@harbour.example',
      name: 'Nora Neumann',
      role: 'reviewer',
      limits: [],
    });
    const browser = site.browser();
    expect((await browser.open(invitation.link)).text).toContain('Welcome, Nora Neumann');
    const choose = (password: string, again = password) => browser.open(invitation.link, { password, again });
    for (const weak of ['short', 'Password2026!!', 'nora-neumann-1'])
      expect([weak, (await choose(weak)).status]).toEqual([weak, 422]);
    expect((await choose(PASSWORD, `${PASSWORD}.`)).status).toBe(422);
    expect((await choose(PASSWORD)).status).toBe(200);
    expect((await choose(PASSWORD)).status).toBe(404);
    expect((await browser.open(`${invitation.link}x`)).status).toBe(404);
  });

  test('a link that has ended is none', async () => {
    const { invitation } = await site.access.users.invite('main', 'service:setup', {
      login: 'late@harbour.example',
      name: 'Late',
      role: 'reviewer',
      limits: [],
    });
    site.clock.offsetMs += 8 * 24 * 3_600_000;
    expect((await site.browser().open(invitation.link)).status).toBe(404);
    site.clock.offsetMs -= 8 * 24 * 3_600_000;
  });
});

test('everything that happened is in the chain, and no password, code or token in chain or log', async () => {
  const report = await verifyEvents(site.store, 'main');
  expect(report.problems).toEqual([]);
  const rows = await site.store.eventsAfter('main', 0, 10_000);
  const kinds = new Set(rows.map(({ text }) => (JSON.parse(text) as { kind: string }).kind));
  for (const kind of [
    'sign-in',
    'sign-in.failed',
    'sign-in.throttled',
    'user.invited',
    'user.joined',
    'user.second-factor',
    'user.recovery-code',
  ])
    expect(kinds).toContain(kind);
  const everything = rows.map(({ text }) => text).join('\n') + site.logged();
  for (const secret of [PASSWORD, 'wrong password', 'nobody@harbour.example']) expect(everything).not.toContain(secret);
  expect(everything).not.toMatch(/eyJ[\w-]+\./);
  expect(site.logged()).not.toContain('"level":50');
});
