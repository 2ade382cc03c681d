/** A station in a real browser and a colleague's desk, both connected to a site on a real Postgres: what the corner says, and what happens on an open invoice. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../core/contract/invoice.ts';
import type { TestStation } from '../server/enrol/testing-enrol.ts';
import { findPostgres } from '../server/store/testing-cluster.ts';
import { until } from '../server/testing-client.ts';
import type { BrowserDriver } from './driver.ts';
import { createReview } from './pages/review.ts';
import { choose, connectByBrowser, look } from './site-office.ts';
import type { UiSite } from './site-people.ts';
import { SAMPLES } from './station.ts';
import { correctAt, openTwoDesks, type TwoDesks } from './two-desks.ts';

const SAMPLE = { file: '03-harrowfield-wrong-total.pdf', vendor: 'Harrowfield' };

describe.skipIf(findPostgres() === undefined)('a connected station', () => {
  let desks: TwoDesks;
  let site: UiSite;
  let driver: BrowserDriver;
  let colleague: TestStation;
  let page: Page;

  beforeAll(async () => {
    desks = await openTwoDesks({ imports: [join(SAMPLES, SAMPLE.file)] });
    ({ site, driver, colleague } = desks);
    ({ page } = driver);
  }, 300_000);
  afterAll(() => desks.close(), 60_000);

  async function speak(language: 'Deutsch' | 'English'): Promise<void> {
    await page.goto(`${driver.station.origin}/#/settings`);
    await choose(page, language);
    await page.goto(`${driver.station.origin}/#/inbox`);
    await page.locator('#queue-table').waitFor();
  }
  const corner = () => page.locator('.sync-button');
  const theirs = (as: (invoice: Invoice) => boolean): Promise<Invoice> =>
    until('the colleague sees it', async () => {
      const { store } = colleague.station.context;
      const [id] = await store.invoiceIds({});
      const invoice = id === undefined ? undefined : await store.invoice(id);
      return invoice !== undefined && as(invoice) ? invoice : undefined;
    });
  const theyCorrect = async (field: 'invoiceNumber' | 'poNumber', value: string) =>
    correctAt(colleague, await theirs(() => true), field, value);

  test('alone it says nothing of a site', async () => {
    expect(await corner().count()).toBe(0);
  });

  test('connected it sends what was there before, says so, and a colleague has it with its page', async () => {
    await connectByBrowser({ page, station: driver.station, site, browser: desks.browser, who: desks.ada });
    await page.goto(`${driver.station.origin}/#/inbox`);
    await expect.poll(() => corner().innerText()).toContain('Up to date');
    const there = await theirs(({ reading, document }) => reading !== null && document.kind !== undefined);
    expect(there.header.vendorName?.value).toContain(SAMPLE.vendor);
  });

  test('by keyboard: all of it in a popover, in both languages', async () => {
    await corner().focus();
    await page.keyboard.press('Enter');
    const card = page.getByRole('dialog', { name: 'Sync with the site' });
    await card.waitFor();
    expect(await card.innerText()).toContain('Nothing is waiting');
    await look(page, 'sync-calm');
    await card.getByRole('button', { name: 'Try now' }).click();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    expect(await corner().evaluate((button) => button === document.activeElement)).toBe(true);
    await speak('Deutsch');
    await expect.poll(() => corner().innerText()).toContain('Auf dem neuesten Stand');
    await corner().click();
    await page.getByRole('dialog', { name: 'Abgleich mit dem Standort' }).waitFor();
    await look(page, 'sync-de');
    await page.keyboard.press('Escape');
    await speak('English');
  });

  test('what a colleague changes on the open invoice appears with a word, and what is being typed stays', async () => {
    await page.locator('#queue-table').focus();
    await page.locator('[role=row]', { hasText: SAMPLE.vendor }).dblclick();
    await createReview(page).ready();
    const number = createReview(page).field('invoiceNumber');
    await number.click();
    await number.fill('TYPED-1');
    await theyCorrect('poNumber', 'PO-77');
    await page
      .getByText(/Bruno Keel changed .*PO-77/)
      .first()
      .waitFor();
    expect(await number.inputValue()).toBe('TYPED-1');
    // The same field: what was typed follows what its author saw, so both stand.
    await theyCorrect('invoiceNumber', 'THEIRS-1');
    await page
      .getByText(/changed Invoice number/i)
      .first()
      .waitFor();
    expect(await number.inputValue()).toBe('TYPED-1');
    await number.press('Enter');
    await page.locator('.conflict').first().waitFor();
    await theirs(({ header }) => (header.invoiceNumber?.conflict?.length ?? 0) === 2);
    await expect.poll(() => corner().innerText()).toContain('Needs attention');
    await corner().click();
    await page.getByRole('dialog', { name: 'Sync with the site' }).waitFor();
    await look(page, 'sync-conflict');
    await page.keyboard.press('Escape');
    await page.locator('.conflict button', { hasText: 'TYPED-1' }).click();
    await theirs(
      ({ header }) => header.invoiceNumber?.value === 'TYPED-1' && header.invoiceNumber.conflict === undefined,
    );
    await expect.poll(() => corner().innerText()).toContain('Up to date');
  });

  test('without the site it says that it is offline, and work goes on', async () => {
    await site.close();
    await expect.poll(() => corner().innerText(), { timeout: 60_000 }).toContain('Offline');
    await corner().click();
    await page.getByRole('dialog', { name: 'Sync with the site' }).waitFor();
    await look(page, 'sync-offline');
    expect(driver.complaints).toEqual([]);
  });
});
