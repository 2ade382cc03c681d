/** An office at a site: four people, a colleague who is invited, a program, two stations, an invoice; and a real browser to sit down at. */
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { PASSWORD } from '../server/access/testing-people.ts';
import { atRest, seriousFindings } from './axe.ts';
import { launchChromium } from './chromium.ts';
import { createReview } from './pages/review.ts';
import { picture } from './picture.ts';
import { type Named, startUiSite, type UiSite } from './site-people.ts';
import { SAMPLES } from './station.ts';

export interface Office {
  readonly site: UiSite;
  readonly browser: Browser;
  readonly ada: Named;
  readonly bruno: Named;
  readonly chiara: Named;
  readonly dora: Named;
  /** Signed in by the pages, at the place that was asked for. */
  enter(context: BrowserContext, who: Named, hash?: string): Promise<Page>;
  /** To a screen, when it has what it shows. */
  go(page: Page, screen: string): Promise<void>;
  openInvoice(page: Page): Promise<ReturnType<typeof createReview>>;
  close(): Promise<void>;
}

const INVOICE = { file: '03-harrowfield-wrong-total.pdf', vendor: 'Harrowfield' };

export async function openOffice(): Promise<Office> {
  const [site, browser] = await Promise.all([startUiSite(), launchChromium()]);
  const ada = await site.person('admin', 'Ada Hafner');
  const bruno = await site.person('reviewer', 'Bruno Keel');
  const chiara = await site.person('approver', 'Chiara Mohn');
  const dora = await site.person('auditor', 'Dora Lindqvist');
  await site.serving.site.access.users.invite('main', 'service:setup', {
    login: 'emil.sund@harbour.example',
    name: 'Emil Sund',
    role: 'reviewer',
    limits: [],
  });
  await site.serving.people.service();
  await site.device(bruno, 'Front desk');
  await site.device(chiara, 'Notebook of Chiara');
  await site.upload(bruno, [join(SAMPLES, INVOICE.file)]);

  const go = async (page: Page, screen: string): Promise<void> => {
    await page.goto(`${site.origin}/#/${screen}`);
    await page.locator(`.screen-${screen.split('/')[0]}`).waitFor();
    await atRest(page.locator('body'));
  };
  return {
    site,
    browser,
    ada,
    bruno,
    chiara,
    dora,
    go,
    async enter(context, who, hash = '') {
      const page = await context.newPage();
      await page.goto(`${site.origin}/${hash}`);
      await page.locator('#login').waitFor();
      await site.signIn(page, who);
      await page.locator('.user-button').waitFor();
      return page;
    },
    async openInvoice(page) {
      await go(page, 'inbox');
      await page.locator('#queue-table').focus();
      await page.locator('[role=row]', { hasText: INVOICE.vendor }).dblclick();
      const review = createReview(page);
      await review.ready();
      return review;
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

interface Connecting {
  /** Of the station, in English. */
  readonly page: Page;
  readonly station: { readonly origin: string };
  readonly site: { readonly origin: string };
  /** Where the person signs in. */
  readonly browser: Browser;
  readonly who: Named;
}

/** From the settings of a station to the page that says that it is connected. */
export async function connectByBrowser({ page, station, site, browser, who }: Connecting): Promise<void> {
  await page.goto(`${station.origin}/#/settings`);
  await page.getByLabel('Address of the site').fill(site.origin);
  await page.keyboard.press('Enter');
  const open = page.getByRole('link', { name: 'Open the sign-in page' });
  await open.waitFor();
  const context = await browser.newContext({ locale: 'en-GB' });
  const person = await context.newPage();
  await person.goto((await open.getAttribute('href')) ?? '');
  await person.fill('#login', who.login);
  await person.fill('#password', PASSWORD);
  await person.keyboard.press('Enter');
  await person.getByText('You can close this page and go back to the station.').waitFor();
  await context.close();
  // Or why not: it stands in the same place.
  const section = page.locator('.site-link');
  await section.getByText('Connected since').or(section.getByRole('alert')).first().waitFor();
  expect(await section.innerText()).toContain('Connected since');
}

/** Accessible in any case; a picture where a folder is named. */
export async function look(page: Page, name: string): Promise<void> {
  // A dialog comes and a focus moves with the next frames.
  await page.waitForTimeout(250);
  await picture(page, name);
  expect([name, await seriousFindings(page)]).toEqual([name, []]);
}

/** One of the settings' choices. It stands where the settings say, which come back to the page once they are saved. */
export async function choose(page: Page, name: string): Promise<void> {
  const radio = page.getByRole('radio', { name });
  await radio.click({ force: true });
  await radio.and(page.locator(':checked')).waitFor({ state: 'attached' });
}
