/** At work at a site, in a real browser: what a role does not allow, a sign-in that ends, an admin's changes. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReview } from './pages/review.ts';
import { look, type Office, openOffice } from './site-office.ts';
import { complaintsOf, type Named } from './site-people.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 180_000);
afterAll(() => office.close());

const users = () => office.site.serving.site.access.users;
const person = (who: Named) => users().get('main', who.id);

describe('what a role does not allow is not offered', () => {
  test('a reviewer: no exports, no people; own devices in the menu', async () => {
    const context = await office.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await office.enter(context, office.bruno);
    const screens = await page.locator('nav a').allInnerTexts();
    expect(screens).toEqual(['Inbox', 'Vendors', 'Settings']);
    await page.locator('.user-button').click();
    await page.getByRole('menuitem', { name: 'My devices' }).click();
    await page.locator('.devices').waitFor();
    expect(await page.locator('.devices tbody tr').allInnerTexts()).toHaveLength(1);
    await look(page, 'devices-own');
    await office.go(page, 'settings');
    expect(await page.getByRole('radio', { name: 'semicolon' }).isDisabled()).toBe(true);
    expect(await page.locator('#settings-folder').count()).toBe(0);
    expect(await page.locator('.facts').innerText()).not.toContain('Data folder');
    await look(page, 'settings-reviewer');
    // Language and colours are one's own.
    await page.getByRole('radio', { name: 'Deutsch' }).check();
    await page.locator('html[lang=de]').waitFor();
    await page.reload();
    await page.locator('html[lang=de] .user-button').waitFor();
    await context.close();
  });

  test('an auditor reads', async () => {
    const context = await office.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await office.enter(context, office.dora);
    expect(await page.getByRole('button', { name: 'Add files' }).count()).toBe(0);
    const review = await office.openInvoice(page);
    await page.locator('.form-note', { hasText: 'does not change them' }).waitFor();
    expect(await review.field('grossTotal').getAttribute('readonly')).not.toBeNull();
    expect(await page.locator('#review-confirm').count()).toBe(0);
    await look(page, 'review-auditor');
    await office.go(page, 'users');
    expect(await page.getByRole('button', { name: 'Invite a person' }).count()).toBe(0);
    await office.go(page, `users/${office.bruno.id}`);
    await page.locator('.form-note').waitFor();
    expect(await page.locator('.offers, .access-form').count()).toBe(0);
    await context.close();
  });

  test('a role that is taken away while one works is refused in words, and the screen follows', async () => {
    const context = await office.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await office.enter(context, office.bruno);
    const review = await office.openInvoice(page);
    const { version: _version, ...before } = await person(office.bruno);
    await users().change('main', 'service:setup', office.bruno.id, { name: before.name, role: 'auditor', limits: [] });
    const field = review.field('grossTotal');
    const stood = await field.inputValue();
    await field.fill('999.99');
    await page.keyboard.press('Tab');
    await page.locator('.message', { hasText: 'Your role (Auditor) does not allow this.' }).waitFor();
    await page.locator('.form-note', { hasText: 'does not change them' }).waitFor();
    await expect.poll(() => field.inputValue()).toBe(stood);
    await users().change('main', 'service:setup', office.bruno.id, { name: before.name, role: 'reviewer', limits: [] });
    await context.close();
  });
});

/** As the server has them. */
async function numbers(): Promise<string[]> {
  const { people } = office.site.serving;
  const { access } = await people.signIn(office.dora);
  const reply = await people.request('/api/v1/invoices', access);
  return ((await reply.json()) as { items: { invoiceNumber: string }[] }).items.map((item) => item.invoiceNumber);
}

describe('a sign-in that ends', () => {
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    context = await office.browser.newContext({ viewport: { width: 1440, height: 900 } });
    complaints = complaintsOf(context);
    page = await office.enter(context, office.bruno);
  });
  afterAll(() => context.close());

  async function endSession(who: Named): Promise<void> {
    await users().disable('main', 'service:setup', who.id);
    await users().enable('main', 'service:setup', who.id);
    // Tokens and sessions know whole seconds: what begins in the second of the end is ended too.
    await page.waitForTimeout(1_100);
  }

  test('in the middle of work: a banner; what was done waits, and is sent after a sign-in in a window of its own', async () => {
    const review = await office.openInvoice(page);
    const note = review.field('invoiceNumber');
    await endSession(office.bruno);
    await note.fill('HI-20931-A');
    await page.keyboard.press('Tab');
    const banner = page.locator('.banner-error');
    await banner.waitFor();
    await look(page, 'session-ended');
    expect(await note.inputValue()).toBe('HI-20931-A');
    // Typed, and not yet left.
    await review.field('issueDate').fill('2026-09-0');
    const [popup] = await Promise.all([context.waitForEvent('page'), banner.getByRole('button').click()]);
    await popup.locator('#login').waitFor();
    const closed = popup.waitForEvent('close').catch(() => undefined);
    await office.site.signIn(popup, office.bruno).catch((error: unknown) => {
      // It closes itself as soon as it is signed in.
      if (!popup.isClosed()) throw error;
    });
    await closed;
    await banner.waitFor({ state: 'detached' });
    expect(await review.field('issueDate').inputValue()).toBe('2026-09-0');
    await page.locator('.saving-on').waitFor({ state: 'detached' });
    expect(await numbers()).toEqual(['HI-20931-A']);
  });

  test('somebody else signs in: nothing of the one before is sent or shown', async () => {
    await endSession(office.bruno);
    const review = createReview(page);
    await review.field('invoiceNumber').fill('HI-20931-B');
    await page.keyboard.press('Tab');
    const banner = page.locator('.banner-error');
    await banner.waitFor();
    const other = await context.newPage();
    await other.goto(`${office.site.origin}/#/inbox`);
    await other.locator('#login').waitFor();
    await office.site.signIn(other, office.chiara);
    await other.locator('.user-button').waitFor();
    await other.close();
    // This window learns it when it asks again.
    await page.evaluate(() => dispatchEvent(new Event('ap:retry')));
    await page.locator('.still', { hasText: 'Chiara Mohn' }).waitFor();
    await look(page, 'session-other');
    await page.locator('.still button').click();
    await page.locator('.user-button', { hasText: 'Chiara' }).waitFor();
    expect(await numbers()).toEqual(['HI-20931-A']);
    expect(await page.evaluate(() => sessionStorage.getItem('ap.drafts'))).toBeNull();
  });

  test('signed out: every window of the browser is, until somebody asks to sign in', async () => {
    const second = await context.newPage();
    await second.goto(`${office.site.origin}/#/vendors`);
    await second.locator('.user-button').waitFor();
    await page.locator('.user-button').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    for (const window of [page, second]) await window.locator('.still', { hasText: 'You are signed out' }).waitFor();
    await look(page, 'signed-out');
    await page.reload();
    await page.locator('.still button').click();
    await page.locator('#login').waitFor();
  });

  test('without a complaint of the page', () => {
    expect(complaints).toEqual([]);
  });
});

describe('an admin at work', () => {
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    context = await office.browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await office.enter(context, office.ada);
  });
  afterAll(() => context.close());

  test('role and limits are changed; where somebody else was quicker the newer state is shown', async () => {
    await office.go(page, `users/${office.bruno.id}`);
    await page.locator('input[value=approver]').check();
    await page.getByRole('button', { name: 'Add a limit' }).click();
    await page.locator('.limit-currency').fill('chf');
    await page.locator('.limit-amount').fill('12x');
    await page.keyboard.press('Enter');
    await page.locator('.field-error', { hasText: 'no amount' }).waitFor();
    await look(page, 'user-limit-wrong');
    await page.locator('.limit-amount').fill('5000');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await person(office.bruno)).limits).toEqual([{ currency: 'CHF', minor: '500000' }]);
    await users().change('main', 'service:setup', office.bruno.id, {
      name: 'Bruno Keel-Sand',
      role: 'reviewer',
      limits: [],
    });
    await page.locator('input[value=admin]').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.form-error', { hasText: 'Somebody else changed' }).waitFor();
    await look(page, 'user-stale');
    await page.locator('h1', { hasText: 'Bruno Keel-Sand' }).waitFor();
    expect((await person(office.bruno)).role).toBe('reviewer');
  });

  test('disabled after a question, and enabled again', async () => {
    await page.getByRole('button', { name: 'Disable' }).click();
    const question = page.getByRole('alertdialog');
    await question.waitFor();
    // Enter alone answers no.
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    expect((await person(office.bruno)).state).toBe('active');
    await page.getByRole('button', { name: 'Disable' }).click();
    await question.getByRole('button', { name: 'Disable' }).click();
    await page.locator('.status-user-disabled').first().waitFor();
    await look(page, 'user-disabled');
    await page.getByRole('button', { name: 'Enable' }).click();
    await expect.poll(async () => (await person(office.bruno)).state).toBe('active');
  });

  test('a second factor is reset, a new invitation is made', async () => {
    await office.go(page, `users/${office.chiara.id}`);
    await page.getByRole('button', { name: 'Reset the second factor' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reset the second factor' }).click();
    await expect.poll(async () => (await person(office.chiara)).secondFactor).toBe(false);
    await page.getByRole('button', { name: 'New invitation' }).click();
    await page.locator('#invitation-link').waitFor();
    expect(await page.locator('#invitation-link').inputValue()).toContain('/sign-in/invitation/');
    await page.keyboard.press('Escape');
  });

  test('a device is revoked', async () => {
    await office.go(page, 'devices');
    await page.getByRole('button', { name: 'Revoke Front desk' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await page.locator('.devices tr', { hasText: 'Front desk' }).locator('.status-user-disabled').waitFor();
    await look(page, 'devices-revoked');
  });

  test('the history of an invoice says who did what, by name', async () => {
    await office.openInvoice(page);
    await page.keyboard.press('Alt+h');
    await page.locator('.history', { hasText: 'by Bruno Keel' }).waitFor();
    expect(await page.locator('.history').innerText()).not.toContain('user:');
  });

  test('security events of one kind', async () => {
    await office.go(page, 'security');
    await page.getByLabel('Show').selectOption('device.revoked');
    await expect.poll(() => page.locator('.events tbody tr').count()).toBe(1);
    expect(await page.locator('.events tbody tr').innerText()).toMatch(/Device revoked\s+Ada Hafner\s+“Front desk”/);
    await look(page, 'security-kind');
    await page.getByLabel('Show').selectOption('restore');
    await page.locator('.state', { hasText: 'nothing of this kind' }).waitFor();
  });
});
