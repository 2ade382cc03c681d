/** A station in its window is connected: the system's browser gets the page, the keys go to the key store. Skipped, loudly, without Electron or a display. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DesktopDriver, openDesktop } from './driver.ts';
import { findDesktop } from './electron.ts';
import { type Named, startUiSite, type UiSite } from './site-people.ts';

const desktop = await findDesktop();
if ('reason' in desktop) process.stdout.write(`\n!!! SKIPPED: connecting in Electron, because ${desktop.reason}.\n\n`);

describe.skipIf('reason' in desktop)('in Electron', () => {
  if ('reason' in desktop) return;
  let site: UiSite;
  let bruno: Named;
  let driver: DesktopDriver;
  beforeAll(async () => {
    site = await startUiSite();
    bruno = await site.person('reviewer', 'Bruno Keel');
    driver = await openDesktop(desktop);
    // Nothing is opened on the machine of the test; everything before and behind it is real. A sealer that can be told from none: under Xvfb there is no keyring.
    await driver.app.evaluate(({ shell, safeStorage }) => {
      const seen = globalThis as { opened?: string[] };
      seen.opened = [];
      shell.openExternal = (url) => {
        seen.opened?.push(url);
        return Promise.resolve();
      };
      safeStorage.isEncryptionAvailable = () => true;
      safeStorage.getSelectedStorageBackend = () => 'gnome_libsecret';
      safeStorage.encryptString = (text) => Buffer.from(`sealed:${Buffer.from(text).toString('hex')}`);
      safeStorage.decryptString = (sealed) => Buffer.from(sealed.toString().slice(7), 'hex').toString();
    });
  }, 180_000);
  afterAll(async () => {
    await driver.close();
    desktop.close();
    await site.close();
  });

  const opened = (): Promise<string[]> => driver.app.evaluate(() => (globalThis as { opened?: string[] }).opened ?? []);

  test('without a sign-in nothing is opened, whatever the page asks for', async () => {
    const asked = await driver.page.evaluate(() =>
      (globalThis as unknown as { desktop: { openSignIn(): Promise<boolean> } }).desktop.openSignIn(),
    );
    expect([asked, await opened()]).toEqual([false, []]);
  });

  test('the page of the sign-in opens by itself, once; signed in there, the station is connected', async () => {
    const { page } = driver;
    await page.goto('ap://app/#/settings');
    await page.getByLabel('Address of the site').fill(site.origin);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open the page again' }).waitFor();
    await expect.poll(opened).toHaveLength(1);
    const [url = ''] = await opened();
    expect(url).toContain(`${site.origin}/oidc/auth?`);
    expect(await page.locator('.site-link a').count()).toBe(0);

    const { people } = site.serving;
    const browser = people.browser();
    const end = await people.walk(browser, await browser.open(url), bruno);
    expect(await (await fetch(end.url)).text()).toContain('go back to the station');
    await page.getByText('Connected since').waitFor();
    expect(await page.locator('.site-link').innerText()).toContain(
      'Sealed by the key store of the system (Secret Service)',
    );
  });

  test('what lies in the folder is sealed', () => {
    const { items } = JSON.parse(readFileSync(join(driver.data, 'own', 'keys.json'), 'utf8')) as {
      items: Record<string, { sealed: boolean; text: string }>;
    };
    expect(Object.keys(items).toSorted()).toEqual(['access-token', 'device-key', 'incarnation', 'refresh-token']);
    for (const { sealed, text } of Object.values(items))
      expect([sealed, Buffer.from(text, 'base64').toString().slice(0, 7)]).toEqual([true, 'sealed:']);
  });

  test('nothing of it was an error of the page', () => {
    expect([driver.complaints, driver.strangers]).toEqual([[], []]);
  });
});
