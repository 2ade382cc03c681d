/** Two people at a site in real browsers and a station that takes invoices along: who sees whom, who gets what next, and what is there without the site. */
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgres } from '../server/store/testing-cluster.ts';
import { launchChromium } from './chromium.ts';
import { type BrowserDriver, openBrowser } from './driver.ts';
import { createReview } from './pages/review.ts';
import { type PostgresUiSite, startPostgresUiSite } from './postgres-site.ts';
import { connectByBrowser, look } from './site-office.ts';
import type { Named, UiSite } from './site-people.ts';
import { SAMPLES } from './station.ts';

const FILES = ['03-harrowfield-wrong-total.pdf', '06-waterkant-ubl.xml'] as const;

const row = (page: Page, text: string) => page.locator('[role=row]', { hasText: text });
const note = (page: Page) => page.locator('.company-note');
async function toInbox(page: Page): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#/inbox`);
  await page.locator('#queue-table').waitFor();
}

describe.skipIf(findPostgres() === undefined)('people who work together', () => {
  let started: PostgresUiSite;
  let site: UiSite;
  let browser: Browser;
  let bruno: Named;
  let ada: Page;
  let bo: Page;
  let contexts: BrowserContext[];
  let driver: BrowserDriver;

  async function enter(who: Named): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${site.origin}/`);
    await page.locator('#login').waitFor();
    await site.signIn(page, who);
    await page.locator('.user-button').waitFor();
    await page.locator('#queue-table [role=row]').nth(FILES.length).waitFor();
    return page;
  }
  beforeAll(async () => {
    contexts = [];
    started = await startPostgresUiSite();
    ({ site } = started);
    browser = await launchChromium();
    const anna = await site.person('admin', 'Anna Sorel');
    bruno = await site.person('reviewer', 'Bruno Keel');
    await site.device(bruno, 'Front desk');
    await site.upload(
      bruno,
      FILES.map((file) => join(SAMPLES, file)),
    );
    [ada, bo] = [await enter(anna), await enter(bruno)];
    driver = await openBrowser({ workspace: 'own' });
  }, 300_000);
  afterAll(async () => {
    await driver.close();
    await browser.close();
    await started.stop();
  }, 60_000);

  test('what one has open the other sees, in the list and above the invoice; it stands in nobody’s way', async () => {
    await row(ada, 'Harrowfield').click();
    await createReview(ada).ready();
    await row(bo, 'Harrowfield').locator('.company').waitFor();
    expect(await row(bo, 'Harrowfield').locator('.company').innerText()).toContain('Anna Sorel');
    await look(bo, 'together-inbox');
    await row(bo, 'Harrowfield').click();
    await createReview(bo).ready();
    await note(bo).waitFor();
    expect(await note(bo).innerText()).toMatch(/Opened by Anna Sorel at \d\d:\d\d/);
    await look(bo, 'together-review');
    await expect.poll(() => note(ada).innerText()).toContain('Bruno Keel has it open since');
    await createReview(bo).correct('poNumber', 'PO-4711');
    await ada
      .getByText(/Bruno Keel changed .*PO-4711/)
      .first()
      .waitFor();
  });

  test('by keyboard: taken over, and told to who had it', async () => {
    await bo.keyboard.press('Alt+t');
    await bo.getByText('This invoice is yours now. Anna Sorel sees it.').first().waitFor();
    await ada.getByText('Bruno Keel took over this invoice.').first().waitFor();
    await expect.poll(() => note(ada).innerText()).toContain('Opened by Bruno Keel');
    await look(ada, 'together-lost');
    await toInbox(bo);
    await expect.poll(() => note(ada).count()).toBe(0);
  });

  test('next in the queue leaves out what another works on', async () => {
    await toInbox(ada);
    await row(ada, 'Harrowfield').click();
    await createReview(ada).ready();
    await row(bo, 'Harrowfield').locator('.company').waitFor();
    await bo.keyboard.press('Control+Enter');
    await createReview(bo).ready();
    expect(await createReview(bo).title().innerText()).not.toContain('Harrowfield');
    await toInbox(bo);
    await toInbox(ada);
  });

  test('a station takes invoices offline: on its disk, out of the others’ queues, and there without the site', async () => {
    const { page, station } = driver;
    expect(await page.getByRole('button', { name: 'Take invoices offline' }).count()).toBe(0);
    await connectByBrowser({ page, station, site, browser, who: bruno });
    await page.goto(`${station.origin}/#/inbox`);
    await row(page, 'Harrowfield').waitFor();
    await page.keyboard.press('Alt+o');
    const dialog = page.getByRole('dialog', { name: 'Take invoices offline' });
    await dialog.waitFor();
    await look(page, 'together-take');
    const take = dialog.getByRole('button', { name: 'Take offline' });
    await expect.poll(() => take.isEnabled()).toBe(true);
    await take.click();
    const strip = page.locator('.parcel');
    await expect.poll(() => strip.innerText(), { timeout: 60_000 }).toContain('are on the disk: you can go');
    await look(page, 'together-ready');
    await toInbox(ada);
    await expect.poll(() => row(ada, 'Harrowfield').locator('.company').innerText()).toContain('Bruno Keel');
    await look(ada, 'together-inbox-away');
    await row(ada, 'Harrowfield').click();
    await createReview(ada).ready();
    await expect.poll(() => note(ada).innerText()).toMatch(/Taken offline by Bruno Keel until/);
    await look(ada, 'together-away');
    await ada.goto(`${site.origin}/#/devices`);
    await ada.getByRole('button', { name: 'Release what Bruno Keel took offline' }).waitFor();
    await look(ada, 'together-devices');
  });

  test('in German, and in the dark', async () => {
    const { page, station } = driver;
    const headers = { authorization: `Bearer ${station.token}`, 'content-type': 'application/json' };
    const address = `${station.origin}/api/v1/settings`;
    const settings = (await (await fetch(address, { headers })).json()) as object;
    const body = JSON.stringify({ ...settings, language: 'de', theme: 'dark' });
    expect((await fetch(address, { method: 'PUT', headers, body })).status).toBe(200);
    await page.locator('html[lang=de]').waitFor();
    await page.locator('html[data-theme=dark]').waitFor();
    await toInbox(page);
    await expect.poll(() => page.locator('.parcel').innerText()).toContain('auf der Festplatte: Sie können los');
    await page.keyboard.press('Alt+o');
    await page.getByRole('dialog', { name: 'Rechnungen offline nehmen' }).waitFor();
    await look(page, 'together-take-de-dark');
    await page.keyboard.press('Escape');
    await row(page, 'Harrowfield').click();
    await createReview(page).ready();
    await expect.poll(() => note(page).innerText()).toContain('auf dieser Station offline genommen');
    await look(page, 'together-own-de-dark');
  });

  test('released by an admin, the station says so; without the site its names are still known', async () => {
    const { page } = driver;
    await ada.getByRole('button', { name: 'Release what Bruno Keel took offline' }).click();
    await ada.getByRole('alertdialog').getByRole('button', { name: 'Release' }).click();
    await ada.getByText('Released: the invoices are in everybody’s queue again').first().waitFor();
    await toInbox(page);
    await expect.poll(() => page.locator('.parcel').innerText()).toContain('Von Anna Sorel um');
    await look(page, 'together-released-de-dark');
    await site.close();
    await expect.poll(() => page.locator('.sync-button').innerText(), { timeout: 60_000 }).toContain('Offline');
    await page.reload();
    await expect.poll(() => page.locator('.parcel').innerText()).toContain('Anna Sorel');
    await page.getByRole('button', { name: 'Weglegen' }).click();
    await expect.poll(() => page.locator('.parcel').count()).toBe(0);
    expect(driver.complaints.filter((line) => !line.includes('503'))).toEqual([]);
  });
});
