import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Role } from '../../core/access/roles.ts';
import { startSite, type TestSite } from './testing-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
// The provider's own clock cannot be set: what a test moved goes back.
afterEach(() => {
  site.clock.offsetMs = 0;
});

async function signedIn(role: Role = 'reviewer') {
  const who = await site.person(role);
  const browser = site.browser();
  const first = await browser.open('/session/sign-in?to=/docs&site=main');
  const end = await site.walk(browser, first, who);
  return { who, browser, end };
}

/** Closed until it is opened. */
function createGate() {
  const gate = { open: (): void => undefined };
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  return { opened, open: () => gate.open() };
}

describe('browser sessions', () => {
  const json = { 'content-type': 'application/json' };

  test('signed in by the code flow; no token reaches the page', async () => {
    const { browser, end, who } = await signedIn();
    expect(new URL(end.url).pathname).toBe('/docs');
    const me = await browser.fetch('/api/v1/me');
    expect(await me.json()).toMatchObject({ account: who.id });
    expect(browser.cookies()).toMatch(/ap_session=[\w-]{43}/);
  });

  test('cookies are HttpOnly and SameSite; what leads elsewhere leads home', async () => {
    const reply = await site.browser().fetch('/session/sign-in?to=//evil.example');
    expect(reply.headers.get('set-cookie')).toMatch(/^ap_flow=.*HttpOnly; SameSite=Lax/);
    const who = await site.person('reviewer');
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '/session/sign-in']) {
      const browser = site.browser();
      const end = await site.walk(
        browser,
        await browser.open(`/session/sign-in?site=main&to=${encodeURIComponent(to)}`),
        who,
      );
      expect(end.url).toBe(`${site.origin}/`);
    }
  });

  test('a stream of events does not outlive the session', async () => {
    const { browser } = await signedIn();
    const stream = await browser.fetch('/api/v1/events');
    expect(stream.status).toBe(200);
    const out = await browser.fetch('/api/v1/me/sign-out', {
      method: 'POST',
      body: '{}',
      headers: { ...json, origin: site.origin },
    });
    expect(out.status).toBe(200);
    expect(await stream.text().catch(() => 'ended')).toBe('ended');
  }, 30_000);

  test('pages of other sites cannot use the session', async () => {
    const { browser } = await signedIn();
    const change = (headers: Readonly<Record<string, string>>) =>
      browser.fetch('/api/v1/me/devices/x/revoke', { method: 'POST', body: '{}', headers: { ...json, ...headers } });
    expect((await change({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await change({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await change({ 'sec-fetch-site': 'same-site', origin: site.origin })).status).toBe(403);
    expect((await change({})).status).toBe(403);
    expect((await change({ origin: site.origin, 'content-type': 'text/plain' })).status).toBe(415);
    expect((await change({ origin: site.origin })).status).toBe(400);
    expect((await browser.fetch('/api/v1/me', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  test('signed out is signed out, at the provider too', async () => {
    const { browser } = await signedIn();
    const out = await browser.fetch('/api/v1/me/sign-out', {
      method: 'POST',
      body: '{}',
      headers: { ...json, origin: site.origin },
    });
    expect(out.status).toBe(200);
    expect((await browser.fetch('/api/v1/me')).status).toBe(401);
    expect((await browser.open('/session/sign-in')).text).toContain('type="password"');
  });

  test('a request beside the sign-out does not undo it', async () => {
    const { browser } = await signedIn();
    site.clock.offsetMs += 120_000;
    // The request has read its session; before it goes on, the person signs out.
    const record = site.store.record.bind(site.store);
    const read = createGate();
    const goOn = createGate();
    const spy = vi.spyOn(site.store, 'record').mockImplementationOnce(async (...asked) => {
      const found = await record(...asked);
      read.open();
      await goOn.opened;
      return found;
    });
    const beside = browser.fetch('/api/v1/me');
    await read.opened;
    const headers = { ...json, origin: site.origin };
    const kept = browser.cookies();
    const out = await browser.fetch('/api/v1/me/sign-out', { method: 'POST', body: '{}', headers });
    expect(out.status).toBe(200);
    goOn.open();
    expect((await beside).status).toBe(401);
    spy.mockRestore();
    const again = await fetch(`${site.origin}/api/v1/me`, { headers: { cookie: kept } });
    expect([kept, again.status]).toEqual([expect.stringContaining('ap_session='), 401]);
  });

  test('ends after two hours without a request, and after twelve in any case', async () => {
    const { browser } = await signedIn();
    for (let hour = 0; hour < 11; hour += 1) {
      site.clock.offsetMs += 3_600_000;
      expect((await browser.fetch('/api/v1/me')).status).toBe(200);
    }
    site.clock.offsetMs += 3_700_000;
    expect((await browser.fetch('/api/v1/me')).status).toBe(401);
    const next = await signedIn();
    site.clock.offsetMs += 2 * 3_600_000 + 1_000;
    expect((await next.browser.fetch('/api/v1/me')).status).toBe(401);
    site.clock.offsetMs = 0;
  });

  test('a made-up state, a code of somebody else: refused', async () => {
    const browser = site.browser();
    await browser.open('/session/sign-in');
    expect((await browser.open('/session/callback?code=x&state=made-up')).status).toBe(400);
    expect((await site.browser().open('/session/callback?code=x&state=y')).status).toBe(400);
  });
});
