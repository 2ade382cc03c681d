/** An area drawn on a scan is read into the field: by mouse, by keys, with undo; and what a lying PDF looks like. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { lyingDocuments } from '../scripts/generate/lying.ts';
import { seriousFindings } from './axe.ts';
import { openBrowser, paperFiles, type BrowserDriver } from './driver.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';
import { picture } from './picture.ts';
import { SAMPLE_DOCUMENTS } from './screens.ts';
import { SAMPLES } from './station.ts';

const SCAN = join(SAMPLES, '02-steinberg-scan.pdf');

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser({ imports: [SCAN] });
  await createInbox(driver.page).readRow(SAMPLE_DOCUMENTS.scan, 120_000);
}, 240_000);
afterAll(() => driver.close());

/** The rectangle of the focused field's box on the screen. */
async function focusBox(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = page.locator('.box-focus');
  await box.waitFor();
  await page.waitForTimeout(500);
  const rect = await box.boundingBox();
  if (rect === null) throw new Error('the focused field has no box on the page');
  return rect;
}

/** Where the value of another field stands. */
async function focusBoxOf(page: Page, field: string): ReturnType<typeof focusBox> {
  await createReview(page).field(field).click();
  return focusBox(page);
}

async function open(page: Page): Promise<ReturnType<typeof createReview>> {
  const inbox = createInbox(page);
  await inbox.goTo();
  await inbox.open(SAMPLE_DOCUMENTS.scan);
  const review = createReview(page);
  await review.ready();
  await page.locator('.viewer canvas').first().waitFor();
  return review;
}

test('a dragged area goes into the field as a correction with its place, and undo takes it back', async () => {
  const { page } = driver;
  const review = await open(page);
  const gross = review.field('grossTotal');
  await gross.click();
  const right = await gross.inputValue();
  const rect = await focusBox(page);
  await review.correct('grossTotal', '1.00');
  await gross.click();
  await expect.poll(() => gross.inputValue()).not.toBe(right);

  await page.keyboard.down('Shift');
  await page.mouse.move(rect.x - 3, rect.y - 2);
  await page.mouse.down();
  await page.mouse.move(rect.x + rect.width + 3, rect.y + rect.height + 2, { steps: 6 });
  await picture(page, 'area-drag');
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect.poll(() => gross.inputValue(), { timeout: 15_000 }).toBe(right);
  await page.locator('.box-focus').waitFor();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-cell') ?? ''))
    .toContain('grossTotal');

  await page.keyboard.press('Control+z');
  await expect.poll(() => gross.inputValue()).toContain('1');
  await expect.poll(() => gross.inputValue()).not.toBe(right);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => gross.inputValue()).toBe(right);
});

test('without a mouse: Alt+A frames the value, arrows move and size it, Enter reads it', async () => {
  const { page } = driver;
  const review = createReview(page);
  const number = review.field('invoiceNumber');
  await number.click();
  const right = await number.inputValue();
  await page.keyboard.press('Alt+a');
  await page.locator('.area-note-choosing').waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowRight');
  await picture(page, 'area-keys');
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.locator('.area-note').waitFor({ state: 'detached', timeout: 15_000 });
  await expect.poll(() => number.inputValue()).toBe(right);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-cell') ?? ''))
    .toContain('invoiceNumber');
});

test('where nothing is printed it says so; Escape puts the area away and stays in the document', async () => {
  const { page } = driver;
  const review = await open(page);
  await review.field('poNumber').click();
  const sheet = (await page.locator('.page-overlay').first().boundingBox())!;
  await page.locator('.viewer-bar').getByRole('button', { name: 'Read an area of the page' }).click();
  // The white margin, where the page can be seen.
  const view = (await page.locator('#page-view').boundingBox())!;
  await page.mouse.move(sheet.x + 8, view.y + 160);
  await page.mouse.down();
  await page.mouse.move(sheet.x + 30, view.y + 190, { steps: 4 });
  await page.mouse.up();
  await page.locator('.area-note-failed').waitFor({ timeout: 15_000 });
  await picture(page, 'area-nothing');
  await page.keyboard.press('Escape');
  await page.locator('.area-note').waitFor({ state: 'detached' });
  expect(page.url()).toContain('#/review/');
});

test('the edge of the focused box is dragged, and the larger area is read', async () => {
  const { page } = driver;
  const review = createReview(page);
  const number = review.field('invoiceNumber');
  await number.click();
  const before = await number.inputValue();
  const rect = await focusBox(page);
  const label = page.viewportSize()!.width * 0.3;
  await page.mouse.move(rect.x, rect.y + rect.height / 2);
  await page.mouse.down();
  await page.mouse.move(label, rect.y + rect.height / 2, { steps: 6 });
  await picture(page, 'area-edge');
  await page.mouse.up();
  await expect.poll(() => number.inputValue(), { timeout: 15_000 }).toMatch(/Rechnungsnummer.*\d/);
  await page.keyboard.press('Control+z');
  await expect.poll(() => number.inputValue()).toBe(before);
});

test('Escape in the middle of a drag puts the area away; a drag out of the page is read up to its edge', async () => {
  const { page } = driver;
  const review = createReview(page);
  const order = review.field('poNumber');
  await order.click();
  const before = await order.inputValue();
  const number = await focusBoxOf(page, 'invoiceNumber');
  const sheet = (await page.locator('.page-overlay').first().boundingBox())!;
  await order.click();
  await page.keyboard.down('Shift');
  await page.mouse.move(number.x - 4, number.y - 3);
  await page.mouse.down();
  await page.mouse.move(number.x + number.width, number.y + number.height + 3, { steps: 4 });
  await page.locator('.area-note-choosing').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.area-note').waitFor({ state: 'detached' });
  await page.mouse.move(number.x + number.width + 20, number.y + number.height + 3, { steps: 4 });
  await page.mouse.up();
  expect(await page.locator('.area-note, .box-area').count()).toBe(0);
  expect(await order.inputValue()).toBe(before);
  expect(page.url()).toContain('#/review/');

  await page.mouse.move(number.x - 4, number.y - 3);
  await page.mouse.down();
  await page.mouse.move(sheet.x + sheet.width + 60, number.y + number.height + 2, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.locator('.area-note').waitFor({ state: 'detached' });
  await expect.poll(() => order.inputValue()).toContain('260731');
  await page.keyboard.press('Control+z');
  await expect.poll(() => order.inputValue()).toBe(before);
});

test('a cell of the lines takes an area, too', async () => {
  const { page } = driver;
  const review = createReview(page);
  const cell = review.lines().first().locator('[data-cell$=":lineTotal"]');
  await cell.click();
  const right = (await cell.innerText()).trim();
  const rect = await focusBox(page);
  await page.keyboard.type('1');
  await page.keyboard.press('Tab');
  await expect.poll(async () => (await cell.innerText()).trim()).not.toBe(right);
  await cell.click();
  await page.keyboard.down('Shift');
  await page.mouse.move(rect.x - 2, rect.y - 2);
  await page.mouse.down();
  await page.mouse.move(rect.x + rect.width + 2, rect.y + rect.height + 2, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect.poll(async () => (await cell.innerText()).trim(), { timeout: 15_000 }).toBe(right);
});

describe('a PDF that shows another account than its text says', () => {
  test.each([
    { language: 'en', theme: 'light' },
    { language: 'de', theme: 'dark' },
  ] as const)('is an error at the IBAN, with both readings ($language, $theme)', async ({ language, theme }) => {
    const { page, station } = driver;
    const headers = { authorization: `Bearer ${station.token}`, 'content-type': 'application/json' };
    const settings = (await (await fetch(`${station.origin}/api/v1/settings`, { headers })).json()) as object;
    const body = JSON.stringify({ ...settings, language, theme });
    await fetch(`${station.origin}/api/v1/settings`, { method: 'PUT', headers, body });
    await page.reload();
    await page.locator(`html[lang=${language}][data-theme=${theme}] .tally`).waitFor();
    const lies = await lyingDocuments(language === 'en' ? 3 : 4, 40);
    const lie = lies.find(({ field, way }) => field === 'vendorIban' && way.startsWith('invisible over'))!;
    const name = `${language}-${lie.name}`;
    const inbox = createInbox(page);
    await inbox.goTo();
    await driver.importFiles(paperFiles({ [name]: lie.bytes }));
    await inbox.readRow(name);
    await inbox.open(name);
    const review = createReview(page);
    await review.ready();
    // It opens on the field that waits, and the page stands where its value is printed.
    const places = async () => ({
      view: await page.locator('#page-view').boundingBox(),
      box: await page.locator('.box-focus').boundingBox(),
    });
    await expect
      .poll(async () => {
        const { view, box } = await places();
        return view !== null && box !== null && box.y >= view.y && box.y + box.height <= view.y + view.height
          ? 'in view'
          : JSON.stringify({ view, box, top: await page.locator('#page-view').evaluate((e) => e.scrollTop) });
      })
      .toBe('in view');
    const finding = review.findings().locator('.finding-error').filter({ hasText: 'IBAN' }).first();
    await finding.waitFor();
    await finding.click();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-cell') ?? ''))
      .toContain('vendorIban');
    await page.waitForTimeout(600);
    await page.keyboard.press('Alt+a');
    await page.locator('.area-note-choosing').waitFor();
    await picture(page, `lie-${language}-${theme}`);
    await page.keyboard.press('Escape');
    await review.leave();
  });
});

test('no complaint of the page, no request elsewhere', () => {
  expect(driver.complaints).toEqual([]);
  expect(driver.strangers).toEqual([]);
});
