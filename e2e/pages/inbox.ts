import type { Locator, Page } from 'playwright-core';

/** Statuses in which a document has been read, one way or the other. */
const READ = ['exception', 'ready', 'on_hold', 'duplicate', 'approved', 'exported', 'confirmed', 'rejected'].map(
  (status) => `.status-${status}`,
);

export function createInbox(page: Page) {
  const table = page.locator('#queue-table');
  const row = (text: string): Locator => table.locator('.table-body [role=row]').filter({ hasText: text }).first();
  return {
    table,
    row,
    async goTo(): Promise<void> {
      if (await table.isVisible()) return;
      await page.locator('nav a[href="#/inbox"]').click();
      await table.waitFor();
    },
    /** The row of a document once it has been read. */
    async readRow(text: string, timeout = 60_000): Promise<Locator> {
      const found = table
        .locator('.table-body [role=row]')
        .filter({ hasText: text })
        .filter({ has: page.locator(READ.join(', ')) })
        .first();
      await found.waitFor({ timeout });
      return found;
    },
    async open(text: string): Promise<void> {
      await row(text).click();
      await page.waitForURL(/#\/review\//);
    },
    rows: (): Locator => table.locator('.table-body [role=row]:not(.row-skeleton)'),
  };
}
