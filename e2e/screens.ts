/** Every screen and overlay of the product, by name, and how to get there from an inbox with read invoices. */
import type { Page } from 'playwright-core';
import { openScreen } from './pages/exports.ts';
import { createInbox } from './pages/inbox.ts';
import { createReview } from './pages/review.ts';

export interface Screen {
  readonly name: string;
  readonly open: (page: Page) => Promise<void>;
  /** Back to where the next one can start. */
  readonly leave?: (page: Page) => Promise<void>;
}

/** What the bar names only where there is something to settle. */
async function byKey(page: Page, key: string, screen: string): Promise<void> {
  await page.keyboard.press(key);
  await page.locator(`.screen-${screen}`).waitFor();
}

const escape = (page: Page): Promise<void> => page.keyboard.press('Escape');

async function review(page: Page, document: string): Promise<void> {
  const inbox = createInbox(page);
  await inbox.goTo();
  await inbox.open(document);
  await createReview(page).ready();
  // The page and its words are drawn after the form.
  await page.locator('.viewer canvas, .viewer img, .viewer svg').first().waitFor();
  await page.waitForTimeout(600);
}

/** `documents`: what to look for in the queue, from the bundled samples. */
export const screens = (documents: { pdf: string; scan: string; xml: string }): Screen[] => [
  { name: 'inbox', open: (page) => createInbox(page).goTo() },
  {
    name: 'inbox-nothing-found',
    open: async (page) => {
      await createInbox(page).goTo();
      await page.keyboard.press('/');
      await page.keyboard.type('no such vendor');
      await page.locator('.state').waitFor();
    },
    leave: async (page) => {
      await page.locator('#queue-search').press('Escape');
      await createInbox(page).table.waitFor();
    },
  },
  { name: 'review-pdf', open: (page) => review(page, documents.pdf) },
  {
    name: 'review-field',
    open: async (page) => {
      await review(page, documents.pdf);
      await createReview(page).field('grossTotal').click();
      await page.waitForTimeout(300);
    },
  },
  { name: 'review-scan', open: (page) => review(page, documents.scan) },
  { name: 'review-xml', open: (page) => review(page, documents.xml) },
  {
    name: 'review-history',
    open: async (page) => {
      await review(page, documents.pdf);
      await page.keyboard.press('Alt+h');
      await page.locator('.history').waitFor();
    },
    leave: (page) => page.keyboard.press('Alt+h'),
  },
  {
    name: 'export-dialog',
    open: async (page) => {
      await createInbox(page).goTo();
      await page.keyboard.press('Control+e');
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(300);
    },
    leave: escape,
  },
  {
    name: 'palette',
    open: async (page) => {
      await createInbox(page).goTo();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
    leave: escape,
  },
  {
    name: 'help',
    open: async (page) => {
      await createInbox(page).goTo();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
    leave: escape,
  },
  { name: 'exports', open: (page) => openScreen(page, 'exports') },
  { name: 'conflicts', open: (page) => byKey(page, 'Alt+c', 'conflicts') },
  { name: 'duplicates', open: (page) => byKey(page, 'Alt+d', 'duplicates') },
  { name: 'vendors', open: (page) => openScreen(page, 'vendors') },
  { name: 'settings', open: (page) => openScreen(page, 'settings') },
  { name: 'about', open: (page) => openScreen(page, 'about') },
];

export const SAMPLE_DOCUMENTS = { pdf: '03-harrowfield', scan: '02-steinberg', xml: '06-waterkant' };

/** Until nothing is being read any more. */
export async function samplesRead(page: Page): Promise<void> {
  const inbox = createInbox(page);
  for (const document of Object.values(SAMPLE_DOCUMENTS)) await inbox.readRow(document, 120_000);
  await page.locator('.working').waitFor({ state: 'detached', timeout: 180_000 });
}
