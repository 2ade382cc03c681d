/** A morning's work without a mouse: the bundled samples, from the queue through review to the export; and out of the demo. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, type BrowserDriver } from './driver.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';
import { SAMPLE_DOCUMENTS, samplesRead } from './screens.ts';
import { SAMPLES } from './station.ts';

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser({ workspace: 'demo', imports: [SAMPLES] });
  await samplesRead(driver.page);
}, 240_000);
afterAll(() => driver.close());

const active = (): Promise<string> =>
  driver.page.evaluate(() => document.activeElement?.getAttribute('data-cell') ?? document.activeElement?.id ?? '');

test('the queue is walked with arrows and opened with Enter, and Escape comes back to the same row', async () => {
  const { page } = driver;
  await page.keyboard.press('/');
  await page.keyboard.type('harrowfield');
  await expect.poll(() => createInbox(page).rows().count()).toBe(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/review\//);
  await createReview(page).ready();
  await createReview(page).leave();
  await page.keyboard.press('/');
  await page.locator('#queue-search:focus').press('Escape');
  await expect.poll(() => createInbox(page).rows().count()).toBeGreaterThan(5);
});

test('Enter goes from field to field that needs a person, and the page shows where', async () => {
  const { page } = driver;
  // Its total is wrong in print: however well it is read, three fields wait.
  await createInbox(page).open(SAMPLE_DOCUMENTS.pdf);
  const review = createReview(page);
  await review.ready();
  await page.keyboard.press('Enter');
  await expect.poll(active).toMatch(/^(invoice|line|taxRow):/);
  const first = await active();
  await page.keyboard.press('Enter');
  await expect.poll(active).not.toBe(first);
});

test('a correction is undone and redone', async () => {
  const { page } = driver;
  const review = createReview(page);
  const before = await review.field('invoiceNumber').inputValue();
  await review.correct('invoiceNumber', 'TYPED-1');
  await expect.poll(() => review.field('invoiceNumber').inputValue()).toBe('TYPED-1');
  await page.locator('body').press('Control+z');
  await expect.poll(() => review.field('invoiceNumber').inputValue()).toBe(before);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => review.field('invoiceNumber').inputValue()).toBe('TYPED-1');
});

test('five invoices are confirmed one after the other', async () => {
  const { page } = driver;
  await createInbox(page).goTo();
  const left = async (): Promise<number> => Number(/\d+/.exec(await page.locator('.tally-left').innerText())?.[0] ?? 0);
  const before = await left();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/#\/review\//);
  for (let done = 1; done <= 5; done += 1) {
    await createReview(page).ready();
    await createReview(page).confirm();
    await expect.poll(left).toBe(before - done);
  }
});

test('the page is left for the own workspace: empty, on the same address', async () => {
  const { page, station } = driver;
  await createInbox(page).goTo();
  await page.locator('.banner-info button').first().click();
  // Here nobody starts it again, as the launcher would: it ends with the code that asks for it.
  await expect.poll(() => station.process.exitCode, { timeout: 20_000 }).toBe(75);
});
