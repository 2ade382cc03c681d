/** Corrected and confirmed once, right the next time; seen, forgotten and brought back on the screen of vendors. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oddPdf } from '../server/testing-odd.ts';
import { seriousFindings } from './axe.ts';
import { openBrowser, paperFiles, type BrowserDriver } from './driver.ts';
import { openScreen } from './pages/exports.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';
import { picture } from './picture.ts';

/** A page is drawn for it, on a machine that does other things too. */
const SLOW = { timeout: 30_000 };
const VENDOR = 'Quillon & Thrush Ltd';

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser();
});
afterAll(() => driver.close());

/** In both themes. */
async function shot(name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await driver.page.emulateMedia({ colorScheme });
    await picture(driver.page, `${name}-${colorScheme}`);
  }
}

async function take(file: string, paper: Parameters<typeof oddPdf>[0]): Promise<void> {
  const inbox = createInbox(driver.page);
  await openScreen(driver.page, 'inbox');
  await driver.importFiles(paperFiles({ [file]: await oddPdf(paper) }));
  await inbox.readRow(file);
  await inbox.open(file);
  await createReview(driver.page).ready();
}

test('before anything was learned the screen says how it comes about', async () => {
  const { page } = driver;
  await openScreen(page, 'vendors');
  await page.locator('.state h2').waitFor();
  expect(await page.locator('.state').innerText()).toContain('Nothing was learned yet');
  expect(await seriousFindings(page)).toEqual([]);
  await shot('vendors-empty');
});

test('what was corrected and confirmed once comes right the next time, and says why', async () => {
  const { page } = driver;
  const review = createReview(page);
  await take('first.pdf', { folio: 'QT/4711', date: '2026-03-04', net: 50_000, order: 'K-90-1' });
  expect(await review.field('invoiceNumber').inputValue()).not.toBe('QT/4711');
  await review.correct('invoiceNumber', 'QT/4711');
  await review.correct('issueDate', '2026-03-04');
  await review.correct('poNumber', 'K-90-1');
  await review.correct('vendorName', VENDOR);
  await review.confirm();
  await take('second.pdf', { folio: 'QT/4720', date: '2026-03-20', net: 99_900, order: 'K-91-7', lines: 9 });
  expect(await review.field('invoiceNumber').inputValue()).toBe('QT/4720');
  expect(await review.field('poNumber').inputValue()).toBe('K-91-7');
  expect(await review.field('vendorName').inputValue()).toBe(VENDOR);
  await review.field('invoiceNumber').click();
  await page.keyboard.press('F1');
  const why = page.locator('.why');
  await why.waitFor();
  await expect.poll(() => why.innerText()).toContain('stands where it stood on a confirmed invoice of this vendor');
  await shot('vendors-why');
  await why.getByRole('link', { name: `What was learned of ${VENDOR}` }).click();
  await page.waitForURL(/#\/vendors\/./);
});

test('what was learned is shown field by field, forgotten and brought back by the keyboard alone', async () => {
  const { page } = driver;
  const heading = page.getByRole('heading', { level: 1, name: VENDOR });
  await heading.waitFor();
  const row = page.locator('.learnt-fields tr').filter({ hasText: 'Invoice number' });
  await expect.poll(() => row.innerText()).toContain('beside “Leaf”');
  await expect
    .poll(() => row.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width), SLOW)
    .toBeGreaterThan(50);
  expect(await seriousFindings(page)).toEqual([]);
  await shot('vendors-one');
  await row.getByRole('button', { name: 'Forget Invoice number' }).focus();
  await page.keyboard.press('Enter');
  const back = row.getByRole('button', { name: 'Bring back Invoice number' });
  await back.waitFor();
  await shot('vendors-forgotten');
  await back.focus();
  await page.keyboard.press('Enter');
  await row.getByRole('button', { name: 'Forget Invoice number' }).waitFor();
});

test('all of it forgotten, the next invoice comes as the first one did', async () => {
  const { page } = driver;
  await page.getByRole('button', { name: 'Forget all of it' }).click();
  await page.getByRole('button', { name: 'Bring all of it back' }).waitFor();
  await take('third.pdf', { folio: 'QT/4733', date: '2026-04-03', net: 12_300, order: 'K-92-2' });
  expect(await createReview(page).field('invoiceNumber').inputValue()).not.toBe('QT/4733');
});

test('the list is reached from the palette; all of it without a complaint', async () => {
  const { page } = driver;
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('learned of vendors');
  await page.keyboard.press('Enter');
  await page.locator('.list').waitFor();
  expect(await page.locator('.list tbody tr').innerText()).toContain(VENDOR);
  await shot('vendors-list');
  expect(driver.complaints).toEqual([]);
  expect(driver.strangers).toEqual([]);
  expect(driver.station.errors()).toBe('');
});
