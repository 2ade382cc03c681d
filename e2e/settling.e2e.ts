/** Two stations and a site on a real Postgres, one of them in a real browser: conflicts, duplicates and decisions that wait, settled as people settle them. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../core/contract/invoice.ts';
import type { TestStation } from '../server/enrol/testing-enrol.ts';
import { findPostgres } from '../server/store/testing-cluster.ts';
import { correctionOf, until } from '../server/testing-client.ts';
import type { BrowserDriver } from './driver.ts';
import { createReview } from './pages/review.ts';
import { choose, connectByBrowser, look } from './site-office.ts';
import type { UiSite } from './site-people.ts';
import { SAMPLES } from './station.ts';
import { correctAt, openTwoDesks, type TwoDesks } from './two-desks.ts';

const FIRST = '03-harrowfield-wrong-total.pdf';
/** On both desks before they are connected. */
const TWICE = '01-nordlicht-papier.pdf';
const MANY = 240;

describe.skipIf(findPostgres() === undefined)('what only a person can settle', () => {
  let desks: TwoDesks;
  let site: UiSite;
  let driver: BrowserDriver;
  let colleague: TestStation;
  let page: Page;

  beforeAll(async () => {
    desks = await openTwoDesks({
      imports: [FIRST, TWICE].map((name) => join(SAMPLES, name)),
      before: async ({ station: { context } }) => {
        await context.intake.importPaths([join(SAMPLES, TWICE)], 'path');
        await until('the colleague has read it', async () => {
          const { waiting, running } = await context.queue.counts();
          return waiting + running === 0 ? true : undefined;
        });
      },
    });
    ({ site, driver, colleague } = desks);
    ({ page } = driver);
    await connectByBrowser({ page, station: driver.station, site, browser: desks.browser, who: desks.ada });
    await go('inbox');
    await page.locator('.sync-button', { hasText: 'Up to date' }).waitFor({ timeout: 60_000 });
  }, 300_000);
  afterAll(() => desks.close(), 60_000);

  const go = async (screen: string): Promise<void> => {
    await page.goto(`${driver.station.origin}/#/${screen}`);
    await page.locator(`.screen-${screen.split('/')[0]}`).waitFor();
  };
  async function speak(language: 'Deutsch' | 'English'): Promise<void> {
    await go('settings');
    await choose(page, language);
  }
  async function looks(name: string): Promise<void> {
    await look(page, name);
    await page.emulateMedia({ colorScheme: 'dark' });
    await look(page, `${name}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
  }
  const corner = () => page.locator('.sync-button');
  const card = () => page.locator('.settle-card');
  const rows = () => page.locator('.settle-row');
  /** Nobody decides about what has not stood there long enough to be read. */
  const read = () => page.waitForTimeout(500);

  /** Of the station in the browser, as a client would ask it. */
  async function ask<T>(path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${driver.station.token}`, 'content-type': 'application/json' };
    const asked = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const reply = await fetch(`${driver.station.origin}/api/v1${path}`, { headers, ...asked });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as T;
  }
  const idOf = async (file: string): Promise<string> => {
    const { items } = await ask<{ items: { id: string; documentName: string }[] }>('/invoices');
    return items.find(({ documentName }) => documentName === file)?.id ?? '';
  };
  const mine = (id: string): Promise<Invoice> => ask<Invoice>(`/invoices/${id}`);
  const theirs = (id: string, as: (invoice: Invoice) => boolean): Promise<Invoice> =>
    until('the colleague sees it', async () => {
      const invoice = await colleague.station.context.store.invoice(id);
      return invoice !== undefined && as(invoice) ? invoice : undefined;
    });
  type Field = Parameters<typeof correctionOf>[1];
  const theyCorrect = (seen: Invoice, field: Field, value: string, reason?: string) =>
    correctAt(colleague, seen, field, value, reason);
  const iCorrect = (seen: Invoice, field: Field, value: string) =>
    ask(`/invoices/${seen.id}/corrections`, { corrections: [correctionOf(seen, field, value)] });

  test('from the corner to the conflicts: everything about one of them, settled by its number, in both languages', async () => {
    const id = await idOf(FIRST);
    const seen = await theirs(id, ({ reading }) => reading !== null);
    await theyCorrect(seen, 'grossTotal', '1284.5', 'The vendor said so on the telephone');
    await iCorrect(seen, 'grossTotal', '1248.5');
    await theyCorrect(seen, 'invoiceNumber', 'HF-20077');
    await iCorrect(seen, 'invoiceNumber', 'HF-20071');
    await expect.poll(async () => (await mine(id)).conflicts, { timeout: 30_000 }).toBe(2);
    await theirs(id, ({ conflicts }) => conflicts === 2);
    await expect.poll(() => corner().innerText()).toContain('Needs attention');
    await look(page, 'settle-inbox');
    await corner().click();
    await page.getByRole('link', { name: 'Settle all of them' }).click();
    await card().getByText('Bruno Keel').first().waitFor();
    expect(await rows().count()).toBe(2);
    await card().locator('.snippet canvas').waitFor();
    expect(await card().innerText()).toContain('The vendor said so on the telephone');
    expect(await card().locator('mark').allInnerTexts()).not.toEqual([]);
    await looks('settle-conflict');
    await speak('Deutsch');
    await go('conflicts');
    await card().getByText('Bruno Keel').first().waitFor();
    await look(page, 'settle-conflict-de');
    await speak('English');
    await go('conflicts');
    await card().getByText('Bruno Keel').first().waitFor();

    const wanted = await card().locator('.settle-value').first().innerText();
    const title = await card().locator('h2').innerText();
    await read();
    await page.keyboard.press('1');
    await expect.poll(() => rows().count()).toBe(1);
    // The next one follows by itself.
    await expect.poll(() => card().locator('h2').innerText()).not.toBe(title);
    await theirs(id, ({ conflicts }) => conflicts === 1);
    expect(wanted).not.toBe('');

    await page.keyboard.press('Control+z');
    await expect.poll(() => rows().count()).toBe(2);
    await card().getByText('put back by').first().waitFor();
    await theirs(id, ({ conflicts }) => conflicts === 2);
    await read();
    await page.keyboard.press('1');
    await expect.poll(() => rows().count()).toBe(1);
  });

  test('another value is typed as in the form, with a reason; what it was stays in the history', async () => {
    const id = await idOf(FIRST);
    await expect.poll(() => card().locator('h2').innerText()).not.toBe('');
    const isTotal = (await card().locator('h2').innerText()).includes('otal');
    await page.keyboard.press('r');
    await page.keyboard.type('As printed');
    await page.keyboard.press('Enter');
    await page.keyboard.press('e');
    const input = card().locator('.settle-typing .input');
    await input.waitFor();
    if (isTotal) {
      await page.keyboard.type('twelve');
      await page.keyboard.press('Enter');
      await card().locator('.field-message-error').waitFor();
      await look(page, 'settle-typing');
      await input.fill('');
    }
    await page.keyboard.type(isTotal ? '1,250.00' : 'HF-2007');
    await read();
    await page.keyboard.press('Enter');
    await page.getByText('No conflicts').waitFor();
    await look(page, 'settle-none');
    const settled = await theirs(id, ({ conflicts }) => conflicts === undefined);
    expect(settled.header[isTotal ? 'grossTotal' : 'invoiceNumber']?.value).toBe(isTotal ? '1250' : 'HF-2007');
    const { entries } = await ask<{ entries: { reason: string | null; value: string | null }[] }>(
      `/invoices/${id}/history`,
    );
    expect(entries.filter(({ reason }) => reason === 'As printed')).toHaveLength(1);
    expect(entries.map(({ value }) => value)).toEqual(expect.arrayContaining(['1284.5', '1248.5']));
    await expect.poll(() => corner().innerText()).toContain('Up to date');
  });

  test('a line that one deleted and another changed: struck through, kept by its number; and where the invoice is', async () => {
    const id = await idOf(FIRST);
    const seen = await theirs(id, () => true);
    const line = seen.lines[0];
    if (line === undefined) throw new Error('no line');
    const { context } = colleague.station;
    const parents = Object.values(line.cells).flatMap((cell) => cell.parents);
    await context.review.deleteLine(id, line.id, { opId: context.newId(), parents });
    const entity = { type: 'line', id: line.id };
    const correction = {
      ...correctionOf(seen, 'poNumber', 'Changed while it was deleted'),
      entity,
      field: 'description',
      parents: line.cells.description?.parents ?? [],
    };
    await ask(`/invoices/${id}/corrections`, { corrections: [correction] });
    await expect.poll(async () => (await mine(id)).conflicts, { timeout: 30_000 }).toBe(1);
    await go(`review/${id}`);
    await createReview(page).ready();
    await page.getByText('One deleted this line, another changed it.').waitFor();
    await look(page, 'settle-row-review');
    await go('conflicts');
    await card().locator('s').first().waitFor();
    await looks('settle-row');
    await card().getByRole('button', { name: 'Keep it' }).waitFor();
    await read();
    await page.keyboard.press('2');
    await page.getByText('No conflicts').waitFor();
    const kept = await theirs(id, ({ conflicts }) => conflicts === undefined);
    expect(kept.lines.map((one) => one.id)).toContain(line.id);
  });

  test('in the form both values stand in place, and one key settles', async () => {
    const id = await idOf(FIRST);
    const seen = await theirs(id, () => true);
    await theyCorrect(seen, 'poNumber', 'PO-4711');
    await iCorrect(seen, 'poNumber', 'PO-4117');
    await expect.poll(async () => (await mine(id)).conflicts, { timeout: 30_000 }).toBe(1);
    await go(`review/${id}`);
    await createReview(page).ready();
    const choice = page.locator('.conflict').first();
    await choice.waitFor();
    const first = await choice.locator('.button b').first().innerText();
    await createReview(page).field('poNumber').focus();
    await look(page, 'settle-in-form');
    await page.keyboard.press('Alt+1');
    await choice.waitFor({ state: 'detached' });
    await theirs(id, ({ header, conflicts }) => conflicts === undefined && header.poNumber?.value === first);
  });

  test('the same file on two desks: two invoices side by side, one is closed, and that is undone', async () => {
    await expect.poll(async () => (await ask<{ total: number }>('/duplicates')).total, { timeout: 60_000 }).toBe(1);
    await go('inbox');
    await page.getByRole('link', { name: /^Duplicates/ }).click();
    await card().getByText('the same file').first().waitFor();
    await page.locator('.compare-pages canvas').first().waitFor();
    await looks('settle-duplicate');
    await page.keyboard.press('d');
    await look(page, 'settle-duplicate-all');
    await read();
    await page.keyboard.press('m');
    await page.getByText('No duplicates').waitFor();
    await expect.poll(async () => colleagueStates()).toContain('duplicate');
    await page.keyboard.press('Control+z');
    await card().getByText('the same file').first().waitFor();
    await expect.poll(async () => colleagueStates()).not.toContain('duplicate');
    await page.keyboard.press('n');
    await page.keyboard.type('A second delivery');
    await look(page, 'settle-two');
    await page.keyboard.press('Enter');
    await page.getByText('No duplicates').waitFor();
    await expect
      .poll(async () => {
        const { store } = colleague.station.context;
        const all = await Promise.all((await store.invoiceIds({})).map((id) => store.invoice(id)));
        return all.filter((one) => one?.duplicates?.some(({ kind }) => kind === 'not') === true).length;
      })
      .toBe(2);
  });
  async function colleagueStates(): Promise<string[]> {
    const { store } = colleague.station.context;
    const all = await Promise.all((await store.invoiceIds({})).map((id) => store.invoice(id)));
    return all.flatMap((one) => one?.state ?? []);
  }

  test('a decision waits for the site, in the list and on the invoice; the list of conflicts holds hundreds', async () => {
    await expect.poll(() => corner().innerText()).toContain('Up to date');
    await site.close();
    await expect.poll(() => corner().innerText(), { timeout: 60_000 }).toContain('Offline');
    const id = await idOf(FIRST);
    const seen = await mine(id);
    await ask(`/invoices/${id}/transitions`, {
      opId: crypto.randomUUID(),
      to: 'confirmed',
      digest: seen.digest,
      reason: 'checked',
    });
    await go('inbox');
    const chip = page.getByRole('button', { name: /^Waiting for the site/ });
    await chip.waitFor();
    await chip.click();
    await expect.poll(() => page.locator('.table-body .row').count()).toBe(1);
    await page.locator('.waiting-mark').waitFor();
    await looks('settle-waiting');
    await go(`review/${id}`);
    await createReview(page).ready();
    await page.locator('.waiting-tag').waitFor();
    await look(page, 'settle-waiting-review');

    // Two who did not see each other, many times over.
    const other = (await ask<{ items: { id: string; status: string }[] }>('/invoices')).items.find(
      ({ status }) => status === 'exception' || status === 'ready',
    );
    const base = await mine(other?.id ?? '');
    const lines = Array.from({ length: MANY }, (_, i) => ({
      opId: crypto.randomUUID(),
      i,
      lineId: crypto.randomUUID(),
    }));
    for (const { opId, i, lineId } of lines)
      await ask(`/invoices/${base.id}/lines`, { opId, lineId, order: `zz${String(i).padStart(4, '0')}V` });
    const twice = lines.flatMap(({ lineId, i }) =>
      ['a', 'b'].map((who) => ({
        ...correctionOf(base, 'poNumber', `Line ${i} by ${who}`),
        entity: { type: 'line', id: lineId },
        field: 'description',
        parents: [],
      })),
    );
    for (let at = 0; at < twice.length; at += 480)
      await ask(`/invoices/${base.id}/corrections`, { corrections: twice.slice(at, at + 480) });
    await go('conflicts');
    await page.getByText(`${MANY} conflicts on 1 invoice`).waitFor();
    expect(await rows().count()).toBeLessThan(60);
    await page.locator('#conflict-list').focus();
    await page.keyboard.press('End');
    await card().getByText('Line 239 by a').first().waitFor();
    await look(page, 'settle-many');
    expect(driver.complaints.filter((one) => !/Failed to load resource|409|503/.test(one))).toEqual([]);
  }, 240_000);
});
