/** An invoice is erased by two people who say their names: what goes and what stays is said before, and afterwards nothing shows it. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserDriver, openBrowser } from './driver.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';
import { SAMPLE_DOCUMENTS } from './screens.ts';
import { look } from './site-office.ts';
import { SAMPLES } from './station.ts';

const SCAN = join(SAMPLES, '02-steinberg-scan.pdf');

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser({ imports: [SCAN] });
  await createInbox(driver.page).readRow(SAMPLE_DOCUMENTS.scan, 120_000);
}, 240_000);
afterAll(() => driver.close());

async function openDialog(): Promise<void> {
  const { page } = driver;
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Erase for good' }).click();
  await page.getByRole('heading', { name: 'What stays' }).waitFor();
}

test(
  'one person asks, the same name is refused, another one confirms; then it is gone',
  { timeout: 120_000 },
  async () => {
    const { page } = driver;
    const inbox = createInbox(page);
    await inbox.goTo();
    await inbox.open(SAMPLE_DOCUMENTS.scan);
    await createReview(page).ready();
    await openDialog();
    await page.getByLabel('Reason').fill('A letter of 3 May asks for it.');
    await page.getByLabel('Your name').fill('Ada Hafner');
    await look(page, 'erase-ask');
    await page.getByRole('button', { name: 'Ask for erasure' }).click();
    await page.getByText('The erasure was asked for.').first().waitFor();

    await openDialog();
    await page.getByLabel('Your name').fill('ada hafner');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await page.getByText('another person has to confirm it').first().waitFor();
    await look(page, 'erase-confirm');
    await page.getByLabel('Your name').fill('Berta Lang');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await page.getByText('The invoice was erased.').first().waitFor();
    await expect.poll(() => page.getByText(SAMPLE_DOCUMENTS.scan).count()).toBe(0);
  },
);
