/** Every screen of a site in a real browser, signed in: accessible, in both themes and both languages, in wide and narrow windows. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../server/access/testing-people.ts';
import { look, type Office, openOffice } from './site-office.ts';
import { complaintsOf } from './site-people.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 180_000);
afterAll(() => office.close());

const VIEWS = [
  { theme: 'light', locale: 'en-GB' },
  { theme: 'dark', locale: 'de-DE' },
] as const;

describe.each(VIEWS)('an admin, $theme, $locale', ({ theme, locale }) => {
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    context = await office.browser.newContext({ locale, colorScheme: theme, viewport: { width: 1440, height: 900 } });
    complaints = complaintsOf(context);
    page = await office.enter(context, office.ada, '#/settings');
  });
  afterAll(() => context.close());

  test('the sign-in leads back to where one was', async () => {
    expect(page.url()).toBe(`${office.site.origin}/#/settings`);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
  });

  test.each([
    'inbox',
    'conflicts',
    'duplicates',
    'vendors',
    'exports',
    'users',
    'devices',
    'security',
    'settings',
    'about',
  ])('%s', async (screen) => {
    await office.go(page, screen);
    await look(page, `${screen}-${theme}`);
  });

  test('a person', async () => {
    await office.go(page, `users/${office.chiara.id}`);
    await page.locator('.access-form').waitFor();
    await look(page, `user-${theme}`);
    await office.go(page, `users/${office.ada.id}`);
    await page.locator('.form-note').waitFor();
    expect(await page.locator('.access-form, .offers').count()).toBe(0);
    await look(page, `user-self-${theme}`);
  });

  test('in a narrow window', async () => {
    await page.setViewportSize({ width: 1000, height: 700 });
    await office.go(page, 'users');
    await look(page, `users-narrow-${theme}`);
    for (const width of [1300, 1120, 1000, 760]) {
      await page.setViewportSize({ width, height: 700 });
      expect([width, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([width, width]);
    }
    await office.go(page, `users/${office.chiara.id}`);
    await page.locator('.access-form').waitFor();
    await look(page, `user-narrow-${theme}`);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('the menu of the person', async () => {
    await page.locator('.user-button').click();
    await page.getByRole('menu').waitFor();
    await look(page, `menu-${theme}`);
    await page.keyboard.press('Escape');
  });

  test('questions before what cannot be taken back', async () => {
    await office.go(page, 'devices');
    await page.locator('.row-actions button').last().click();
    await page.getByRole('alertdialog').waitFor();
    await look(page, `revoke-${theme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  });

  test('an invitation, by keyboard', async () => {
    await office.go(page, 'users');
    await page.locator('#main').focus();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.type(`Nora ${theme}`);
    await page.keyboard.press('Tab');
    await page.keyboard.type(`nora.${theme}@harbour.example`);
    await dialog.locator('input[value=approver]').check();
    await dialog.locator('.limit-amount').fill(locale === 'de-DE' ? '2.500,50' : '2,500.50');
    await look(page, `invite-${theme}`);
    await page.keyboard.press('Control+Enter');
    await page.locator('#invitation-link').waitFor();
    await look(page, `invited-${theme}`);
    const link = await page.locator('#invitation-link').inputValue();
    await page.keyboard.press('Escape');
    const row = page.locator('.users tr', { hasText: `nora.${theme}` });
    await row.waitFor();
    expect(await row.innerText()).toContain(locale === 'de-DE' ? '2.500,50' : '2,500.50');
    // The link is the one that works.
    const other = await office.browser.newContext({ locale });
    const joining = await other.newPage();
    await joining.goto(link);
    for (const field of ['#password', '#again']) await joining.fill(field, PASSWORD);
    await joining.keyboard.press('Enter');
    await joining.locator('form').waitFor({ state: 'detached' });
    await other.close();
  });

  test('without a complaint of the page', () => {
    expect(complaints).toEqual([]);
  });
});
