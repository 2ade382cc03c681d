/** The whole job in a real Chromium against the real server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, type BrowserDriver } from './driver.ts';
import { confirmAndExport, correctTotal, findCorrectionAgain, importAndRead } from './journey.ts';

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser();
});
afterAll(() => driver.close());

test('the token leaves the address at once and stays in this tab', async () => {
  await driver.page.locator('#main').waitFor();
  expect(driver.page.url()).not.toContain('token');
  expect(driver.page.url()).not.toContain(driver.station.token);
});

test('a file is imported and read', () => importAndRead(driver));
test('a wrong total is found, and cleared by a correction', () => correctTotal(driver));
test('the correction is kept, with its history', () => findCorrectionAgain(driver));
test('confirmed and exported', () => confirmAndExport(driver));

test('all of it without a complaint of the page, a request elsewhere, or a word on stderr', () => {
  expect(driver.complaints).toEqual([]);
  expect(driver.strangers).toEqual([]);
  expect(driver.station.errors()).toBe('');
});
