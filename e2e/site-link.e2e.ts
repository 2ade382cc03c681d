/** A station is connected to a site by a browser and by a code, is seen there, and is removed there: two real servers, two people, a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atRest } from './axe.ts';
import { PASSWORD, type Person } from '../server/access/testing-people.ts';
import { launchChromium } from './chromium.ts';
import { type BrowserDriver, openBrowser } from './driver.ts';
import { choose, look } from './site-office.ts';
import { type Named, startUiSite, type UiSite } from './site-people.ts';

let site: UiSite;
let browser: Browser;
let ada: Named;
let bruno: Named;
beforeAll(async () => {
  [site, browser] = await Promise.all([startUiSite(), launchChromium()]);
  ada = await site.person('admin', 'Ada Hafner');
  bruno = await site.person('reviewer', 'Bruno Keel');
}, 180_000);
afterAll(async () => {
  await browser.close();
  await site.close();
});

const section = (page: Page) => page.locator('.site-link');
async function settings({ page, station }: BrowserDriver): Promise<void> {
  await page.goto(`${station.origin}/#/settings`);
  await atRest(section(page));
  await section(page).scrollIntoViewIfNeeded();
}
async function password(page: Page, who: Person): Promise<void> {
  await page.fill('#login', who.login);
  await page.fill('#password', PASSWORD);
  await page.keyboard.press('Enter');
}
const asGerman = async ({ page }: BrowserDriver): Promise<void> => {
  await choose(page, 'Deutsch');
  await choose(page, 'Dunkel');
  await page.getByRole('heading', { name: 'Zentraler Standort' }).waitFor();
};

/** The person's own browser, on this or another machine. */
async function elsewhere(locale: string): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale, viewport: { width: 1000, height: 800 } });
  return { context, page: await context.newPage() };
}

describe('by the browser', () => {
  let driver: BrowserDriver;
  let admin: { page: Page; context: BrowserContext };
  beforeAll(async () => {
    driver = await openBrowser({ workspace: 'own' });
    admin = await elsewhere('en-GB');
    await admin.page.goto(`${site.origin}/#/devices`);
    await site.signIn(admin.page, ada);
    await admin.page.locator('.user-button').waitFor();
  }, 120_000);
  afterAll(async () => {
    await admin.context.close();
    await driver.close();
  });

  test('a station works alone, and says what it could do', async () => {
    await settings(driver);
    expect(await section(driver.page).innerText()).toContain('This station works alone');
    await look(driver.page, 'link-alone');
  });

  test('an address that is none has a way out', async () => {
    const { page } = driver;
    await page.getByLabel('Address of the site').fill('http://ap.example.com');
    await page.keyboard.press('Enter');
    const alert = section(page).getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('not encrypted');
    await look(page, 'link-failed');
    // Something else than a site.
    await page.getByLabel('Address of the site').fill(driver.station.origin);
    await page.keyboard.press('Enter');
    await expect.poll(() => alert.innerText()).toContain('Something else answers there');
  });

  test('by keyboard: address, name, the page of the sign-in', async () => {
    const { page } = driver;
    await page.getByLabel('Address of the site').fill(site.origin);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Front desk');
    await page.keyboard.press('Enter');
    const open = section(page).getByRole('link', { name: 'Open the sign-in page' });
    await open.waitFor();
    // What was focused is gone; the next thing is the page to open.
    await page.keyboard.press('Tab');
    expect(await open.evaluate((link) => link === document.activeElement)).toBe(true);
    await look(page, 'link-browser');

    const person = await elsewhere('en-GB');
    await person.page.goto((await open.getAttribute('href')) ?? '');
    await password(person.page, bruno);
    await person.page.getByText('You can close this page and go back to the station.').waitFor();
    await look(person.page, 'link-loopback');
    await person.context.close();

    await section(page).getByText('Connected since').waitFor();
    const said = await section(page).innerText();
    for (const fact of ['main', 'Bruno Keel', 'Front desk', 'keys.json']) expect(said).toContain(fact);
    await look(page, 'link-connected');
    expect(await section(page).getByRole('alert').count()).toBe(0);
  });

  test('the site lists it, an admin removes it, and the station says so and works on', async () => {
    await admin.page.reload();
    const row = admin.page.locator('.devices tr', { hasText: 'Front desk' });
    await row.waitFor();
    expect(await row.innerText()).toContain('Bruno Keel');
    await look(admin.page, 'link-devices');
    await row.getByRole('button', { name: 'Revoke Front desk' }).click();
    await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await admin.page.locator('.devices tr.is-forgotten', { hasText: 'Front desk' }).waitFor();

    const { page } = driver;
    // Whoever looks at it asks; not at every look.
    await page.waitForTimeout(5_000);
    await page.goto(`${driver.station.origin}/#/inbox`);
    await settings(driver);
    const alert = section(page).getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('This station was removed from the site by Ada Hafner');
    await look(page, 'link-revoked');
    await asGerman(driver);
    await section(page).scrollIntoViewIfNeeded();
    await look(page, 'link-revoked-de');
    const status = await fetch(`${driver.station.origin}/api/v1/invoices`, {
      headers: { authorization: `Bearer ${driver.station.token}` },
    });
    expect(status.status).toBe(200);
  });

  test('nothing of it was an error of the page', () => {
    expect(driver.complaints).toEqual([]);
    expect(driver.strangers).toEqual([]);
  });
});

describe('by a code, in German and dark', () => {
  let driver: BrowserDriver;
  beforeAll(async () => {
    driver = await openBrowser({ workspace: 'own', locale: 'de-DE' });
    await settings(driver);
    await asGerman(driver);
  }, 120_000);
  afterAll(() => driver.close());

  test('given up, and begun again', async () => {
    const { page } = driver;
    await page.getByLabel('Adresse des Standorts').fill(site.origin);
    await page.getByRole('button', { name: 'Mit einem Code anmelden' }).click();
    await section(page).locator('.link-user-code').waitFor();
    await section(page).getByRole('button', { name: 'Abbrechen' }).click();
    await page.getByLabel('Adresse des Standorts').waitFor();
  });

  test('the code is typed elsewhere', async () => {
    const { page } = driver;
    await page.getByLabel('Adresse des Standorts').fill(site.origin);
    await page.getByLabel('Name dieser Station').fill('Rechner im Keller');
    await page.getByRole('button', { name: 'Mit einem Code anmelden' }).click();
    const code = await section(page).locator('.link-user-code').innerText();
    expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    await look(page, 'link-code-de');

    const person = await elsewhere('de-DE');
    await person.page.goto(`${site.origin}/oidc/device`);
    await person.page.locator('input:focus').waitFor();
    await person.page.keyboard.type(code);
    await person.page.keyboard.press('Enter');
    await person.page.getByRole('button', { name: 'Es ist derselbe Code, verbinden' }).click();
    await password(person.page, bruno);
    await person.page.getByText('Die Station ist verbunden').waitFor();
    await person.context.close();

    await section(page).getByText('Verbunden seit').waitFor({ timeout: 30_000 });
    expect(await section(page).innerText()).toContain('Rechner im Keller');
    await look(page, 'link-connected-de');
  });

  test('after a restart of the page it is connected; disconnected on request, with what stays', async () => {
    const { page } = driver;
    await page.reload();
    await settings(driver);
    await section(page).getByRole('button', { name: 'Trennen' }).click();
    const asked = page.getByRole('alertdialog');
    await asked.waitFor();
    expect(await asked.innerText()).toContain('bleiben hier');
    await look(page, 'link-disconnect-de');
    // The first button is the one that does nothing.
    await page.keyboard.press('Escape');
    await asked.waitFor({ state: 'detached' });
    await section(page).getByRole('button', { name: 'Trennen' }).click();
    await asked.getByRole('button', { name: 'Trennen' }).click();
    await section(page).getByText('Sie war mit').waitFor();
    expect(driver.complaints).toEqual([]);
  });

  test('in a narrow window', async () => {
    const { page } = driver;
    for (const width of [1120, 760]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([width, width]);
    }
    await section(page).scrollIntoViewIfNeeded();
    await look(page, 'link-narrow-de');
  });
});

test('the demo is connected to nothing', async () => {
  const driver = await openBrowser({ workspace: 'demo' });
  await settings(driver);
  expect(await section(driver.page).innerText()).toContain('The demo is connected to no site');
  expect(await section(driver.page).getByRole('button').count()).toBe(0);
  await driver.close();
});
