/** The pages of signing in at a site, in a real browser: accessible in both themes and both languages, without script, and they lead where they should. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oidc from 'openid-client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeAt, fromBase32, stepAt } from '../server/access/totp.ts';
import { PASSWORD } from '../server/access/testing-people.ts';
import { startSite, type TestSite } from '../server/access/testing-site.ts';
import { seriousFindings } from './axe.ts';
import { launchChromium } from './chromium.ts';
import { picture } from './picture.ts';

let site: TestSite;
let browser: Browser;
let station: Server;
const heard: string[] = [];
beforeAll(async () => {
  site = await startSite({ sites: ['main'] });
  browser = await launchChromium();
  // The station waits for the answer on a port of this machine.
  station = createServer((request, reply) => {
    heard.push(request.url ?? '');
    reply
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><html lang="en"><title>station</title><p>The station has it.');
  });
  await new Promise<void>((resolve) => station.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await new Promise((resolve) => station.close(resolve));
});

const callback = (): string => `http://127.0.0.1:${(station.address() as AddressInfo).port}/callback`;

async function begin(): Promise<{ configuration: oidc.Configuration; verifier: string; url: string }> {
  const configuration = await site.client();
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: callback(),
    scope: 'openid',
    state: 'st',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { configuration, verifier, url: url.href };
}

const VIEWS = [
  { theme: 'light', locale: 'en-GB' },
  { theme: 'dark', locale: 'de-DE' },
] as const;

describe.each(VIEWS)('$theme, $locale', ({ theme, locale }) => {
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  let login: string;
  let link: string;
  beforeAll(async () => {
    // Without script nothing must be missing.
    context = await browser.newContext({ locale, colorScheme: theme, viewport: { width: 900, height: 900 } });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    login = `ada.${theme}@harbour.example`;
    ({
      invitation: { link },
    } = await site.access.users.invite('main', 'service:setup', {
      login,
      name: 'Ada Hafner',
      role: 'approver',
      limits: [],
    }));
  });
  afterAll(() => context.close());

  /** Looked at where a folder is named; accessible in any case. */
  async function look(name: string): Promise<void> {
    await picture(page, `${name}-${theme}`, { fullPage: true });
    expect([name, await seriousFindings(page)]).toEqual([name, []]);
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
  }

  test('invitation: too weak, then taken', async () => {
    await page.goto(link);
    await look('invitation');
    for (const field of ['#password', '#again']) await page.fill(field, 'Password2026!!');
    await page.click('button');
    expect(await page.locator('[role=alert]').textContent()).not.toBe('');
    await look('invitation-weak');
    for (const field of ['#password', '#again']) await page.fill(field, PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('form').waitFor({ state: 'detached' });
    await look('invitation-done');
  });

  test('password, authenticator, recovery codes, and back to the station', async () => {
    const { configuration, verifier, url } = await begin();
    await page.goto(url);
    await look('password');
    await page.fill('#login', login);
    await page.fill('#password', 'wrong');
    await page.keyboard.press('Enter');
    await page.locator('[role=alert]').waitFor();
    await look('password-wrong');
    await page.fill('#password', PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.key').waitFor();
    const code = page.locator('.picture');
    expect(await code.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(50);
    await look('set-up');
    const secret = ((await page.locator('.key').textContent()) ?? '').replaceAll(' ', '');
    await page.fill('#code', codeAt(fromBase32(secret), stepAt(site.now())));
    await page.keyboard.press('Enter');
    await page.locator('.codes').waitFor();
    await look('codes');
    await page.keyboard.press('Enter');
    await page.waitForURL((at) => at.href.startsWith(callback()));
    const tokens = await oidc.authorizationCodeGrant(configuration, new URL(page.url()), {
      pkceCodeVerifier: verifier,
      expectedState: 'st',
    });
    expect((await site.request('/api/v1/me', tokens.access_token)).status).toBe(200);
  });

  test('the next program needs a click', async () => {
    await page.goto((await begin()).url);
    await look('continue');
    await page.keyboard.press('Enter');
    await page.waitForURL((at) => at.href.startsWith(callback()));
  });

  test('a station without a browser: the code is compared', async () => {
    const started = await oidc.initiateDeviceAuthorization(await site.client(), { scope: 'openid' });
    await page.goto(started.verification_uri_complete ?? '');
    expect(await page.inputValue('#code')).toBe(started.user_code);
    await look('device');
    await page.keyboard.press('Enter');
    await page.locator('.big').waitFor();
    await look('device-compare');
    await page.click('button[name=confirm]');
    await page.locator('form').waitFor({ state: 'detached' });
    await look('device-done');
  });

  test('nothing was refused by the page itself', () => {
    // A refused form or style is a complaint; an answer of 401 or 422 to a wrong password is none.
    expect(complaints.filter((text) => !/status of (?:401|422)/.test(text))).toEqual([]);
  });
});
