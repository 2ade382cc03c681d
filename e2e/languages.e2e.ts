/** The languages of scans: chosen in the settings by keyboard, recognised by themselves, asked for on a document. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, type BrowserDriver } from './driver.ts';
import { openScreen } from './pages/exports.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';
import { SAMPLES } from './station.ts';

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser({ imports: [join(SAMPLES, '02-steinberg-scan.pdf')] });
}, 120_000);
afterAll(() => driver.close());

interface Saved {
  readonly ocrLanguages: readonly string[];
  readonly ocrAutomatic: boolean;
}

async function saved(): Promise<Saved> {
  const { origin, token } = driver.station;
  const reply = await fetch(`${origin}/api/v1/settings`, { headers: { authorization: `Bearer ${token}` } });
  return (await reply.json()) as Saved;
}

test('the settings list seven languages by their own names; keys tick them and move them up', async () => {
  const { page } = driver;
  await openScreen(page, 'settings');
  const languages = page.locator('.languages li');
  expect((await languages.allInnerTexts()).map((text) => text.trim())).toEqual([
    'English',
    'Deutsch',
    'Français',
    'Italiano',
    'Español',
    'Nederlands',
    'Português',
  ]);
  await page.getByRole('checkbox', { name: 'Español' }).focus();
  await page.keyboard.press('Space');
  await expect.poll(async () => (await saved()).ocrLanguages).toEqual(['eng', 'deu', 'fra', 'spa']);
  await page.getByRole('button', { name: 'Try Español earlier' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await saved()).ocrLanguages).toEqual(['eng', 'deu', 'spa', 'fra']);
  await page.getByRole('checkbox', { name: 'Recognise the language of each page' }).focus();
  await page.keyboard.press('Space');
  await expect.poll(async () => (await saved()).ocrAutomatic).toBe(false);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await saved()).ocrAutomatic).toBe(true);
});

test('a scan says which language it was read in, and can be read again in another', async () => {
  const { page } = driver;
  const inbox = createInbox(page);
  await inbox.goTo();
  await inbox.open('02-steinberg');
  await createReview(page).ready();
  const language = page.locator('.language-button');
  await expect.poll(() => language.innerText(), { timeout: 60_000 }).toContain('Deutsch');
  await language.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Read again in English' }).click();
  await expect.poll(() => language.innerText(), { timeout: 60_000 }).toBe('English');
}, 150_000);

test('without a complaint of the page or a word on stderr', () => {
  expect(driver.complaints).toEqual([]);
  expect(driver.station.errors()).toBe('');
});
