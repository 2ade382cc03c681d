/** The job, end to end, as a person does it: import, read, correct, confirm, export. Runs in the browser and in the window alike. */
import { expect } from 'vitest';
import { paperFiles, type Driver } from './driver.ts';
import { createExports } from './pages/exports.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';
import { amounts, pdfOf, type Paper } from './papers.ts';

/** Its vendor added up wrong: 128.78 would be right. */
export const WRONG_TOTAL: Paper = {
  number: 'NRW-2041',
  vendor: 'Northwind Rope Works Ltd',
  issued: '2026-03-02',
  due: '2026-04-01',
  lines: [
    { text: 'Rope, 12 mm', quantity: 10, price: 4.5 },
    { text: 'Shackle, galvanised', quantity: 3, price: 19.9 },
  ],
  tax: 23,
  printedGross: 138.78,
};

export async function importAndRead(driver: Driver): Promise<void> {
  const inbox = createInbox(driver.page);
  await driver.importFiles(paperFiles({ 'rope works.pdf': await pdfOf(WRONG_TOTAL) }));
  const row = await inbox.readRow(WRONG_TOTAL.number);
  expect(await row.innerText()).toContain(WRONG_TOTAL.vendor);
  expect(await row.locator('.status-exception').count(), 'a wrong total is an exception').toBe(1);
}

export async function correctTotal(driver: Driver): Promise<void> {
  const { page } = driver;
  const review = createReview(page);
  await createInbox(page).open(WRONG_TOTAL.number);
  await review.ready();
  expect(await review.field('vendorName').inputValue()).toBe(WRONG_TOTAL.vendor);
  expect(await review.field('grossTotal').inputValue()).toContain('138.78');
  expect(await review.lines().count()).toBe(2);
  const complaint = review.block('grossTotal').locator('.field-message-error');
  await complaint.waitFor();
  const { gross } = amounts(WRONG_TOTAL);
  await review.correct('grossTotal', String(gross));
  // "Total due" was printed once and stands in both fields.
  if ((await review.field('amountDue').inputValue()).includes('138.78'))
    await review.correct('amountDue', String(gross));
  await complaint.waitFor({ state: 'detached' });
}

/** What was corrected is in the log, and comes back after a reload. */
export async function findCorrectionAgain(driver: Driver): Promise<void> {
  const { page } = driver;
  const review = createReview(page);
  await page.reload();
  await review.ready();
  await expect.poll(() => review.field('grossTotal').inputValue()).toContain('128.78');
  await page.keyboard.press('Alt+h');
  const history = page.locator('.history');
  await history.waitFor();
  await expect.poll(() => history.innerText()).toContain('128.78');
  expect(await history.innerText()).toContain('138.78');
  await page.keyboard.press('Alt+h');
}

export async function confirmAndExport(driver: Driver): Promise<void> {
  const { page } = driver;
  await createReview(page).confirm();
  const inbox = createInbox(page);
  await inbox.goTo();
  await inbox.row(WRONG_TOTAL.number).locator('.status-approved').waitFor();
  const exports = createExports(driver);
  await exports.open();
  const csv = await exports.make('csv');
  expect(csv.name).toMatch(/\.csv$/);
  expect(csv.bytes.toString('utf8')).toContain(WRONG_TOTAL.number);
  expect(csv.bytes.toString('utf8')).toMatch(/128[.,]78/);
  await inbox.row(WRONG_TOTAL.number).locator('.status-exported').waitFor();
}
