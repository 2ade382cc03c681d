/** Names and texts made to be run, in every place that a document can carry them, on every screen that shows them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, paperFiles, type BrowserDriver } from './driver.ts';
import { createExports, openScreen } from './pages/exports.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';
import { ublOf, type Paper } from './papers.ts';

const BANG = 'globalThis.apHit=(globalThis.apHit||0)+1';
const PAYLOADS = [
  `<img src=x onerror="${BANG}">`,
  `"><script>${BANG}</script>`,
  `<svg onload=${BANG}>`,
  `javascript:${BANG}`,
  `{{constructor.constructor('${BANG}')()}}`,
  `\u202Efdp.ecilbup\u202C`,
];
const papers: Paper[] = PAYLOADS.map((payload, index) => ({
  number: `X${index} ${payload}`,
  vendor: `Vendor ${index} ${payload}`,
  issued: '2026-03-02',
  due: '2026-04-01',
  // A cell that a spreadsheet would take for a formula.
  lines: [{ text: index === 0 ? '=HYPERLINK("http://example.com","pay")' : `Item ${payload}`, quantity: 1, price: 10 }],
  tax: 23,
}));

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser();
});
afterAll(() => driver.close());

const hits = (): Promise<number> => driver.page.evaluate(() => (globalThis as { apHit?: number }).apHit ?? 0);

test('file names, vendors, numbers and lines are text and nothing else', async () => {
  const { page } = driver;
  const files = papers.map((paper, index): [string, string] => [
    `<img src=x onerror=${BANG.replaceAll('/', '')}> ${index}.xml`,
    ublOf(paper),
  ]);
  await driver.importFiles(paperFiles(Object.fromEntries(files)));
  const inbox = createInbox(page);
  for (const index of papers.keys()) await inbox.readRow(`Vendor ${index}`);
  expect(await inbox.row('Vendor 0').innerText()).toContain('<img src=x onerror=');
  for (const index of papers.keys()) {
    await inbox.goTo();
    await inbox.open(`Vendor ${index}`);
    const review = createReview(page);
    await review.ready();
    await review.field('vendorName').click();
    await page.keyboard.press('Alt+h');
    await page.locator('.history').waitFor();
    await page.keyboard.press('Alt+h');
    await review.field('vendorName').waitFor();
    expect(await review.title().innerText()).toContain(`Vendor ${index}`);
    await review.leave();
  }
  expect(await hits()).toBe(0);
});

test('a search for a payload finds its invoice', async () => {
  const { page } = driver;
  await createInbox(page).goTo();
  await page.locator('#queue-search').fill('onload=');
  await expect.poll(() => createInbox(page).rows().count()).toBe(1);
  await page.locator('#queue-search').fill('');
  await expect.poll(() => createInbox(page).rows().count()).toBe(papers.length);
});

test('an export carries them as text, and formulas made harmless', async () => {
  const { page } = driver;
  const inbox = createInbox(page);
  await inbox.goTo();
  await inbox.open('Vendor 0');
  await createReview(page).ready();
  await createReview(page).confirm();
  await inbox.goTo();
  const exports = createExports(driver);
  await exports.open();
  const csv = (await exports.make('csv')).bytes.toString('utf8');
  expect(csv).toContain('HYPERLINK');
  expect(csv).not.toMatch(/(^|[;,\t"\n])[=+@]HYPERLINK/);
  await openScreen(page, 'exports');
  await page.locator('table.list').waitFor();
  expect(await hits()).toBe(0);
});

test('no complaint of the page (a blocked script would be one), no request elsewhere', () => {
  expect(driver.complaints).toEqual([]);
  expect(driver.strangers).toEqual([]);
});
