import type { Locator, Page } from 'playwright-core';

export function createReview(page: Page) {
  const field = (name: string): Locator => page.locator(`[data-cell^="invoice:"][data-cell$=":${name}"]`);
  const findings = (): Locator => page.locator('.findings, [data-findings]');
  return {
    field,
    findings,
    /** The block of a field: its messages, snippet and card. */
    block: (name: string): Locator => page.locator('.field').filter({ has: field(name) }),
    lines: (): Locator => page.locator('.lines-grid .line:not(.line-head)'),
    left: (): Locator => page.locator('.left'),
    title: (): Locator => page.locator('.document-title h1'),
    async ready(): Promise<void> {
      await field('invoiceNumber').waitFor();
    },
    /** Escape closes what is open, one thing at a time, and then the document. */
    async leave(): Promise<void> {
      for (let tries = 0; tries < 5 && page.url().includes('#/review/'); tries += 1) {
        await page.keyboard.press('Escape');
        await page.waitForTimeout(200);
      }
      await page.waitForURL(/#\/inbox/);
    },
    /** Types a value as a person does: the field's text is replaced, Enter goes on. */
    async correct(name: string, value: string): Promise<void> {
      await field(name).click();
      await page.keyboard.press('Control+a');
      await page.keyboard.type(value);
      await page.keyboard.press('Enter');
    },
    /** Looks at every field that waits for a person and accepts it, then confirms; gives a reason where a finding stays. */
    async confirm(reason = 'Checked with the vendor by telephone'): Promise<void> {
      const here = page.url();
      const dialog = page.getByRole('dialog');
      for (let tries = 0; tries < 60; tries += 1) {
        await page.keyboard.press('Control+Enter');
        await page.waitForTimeout(150);
        if (await dialog.isVisible()) {
          await dialog.getByRole('textbox').fill(reason);
          await dialog.locator('.button-primary').click();
        }
        await page.waitForTimeout(150);
        if (page.url() !== here) return;
        // Not confirmed: it stands on a field that waits. Accept it.
        await page.keyboard.press('Enter');
        await page.waitForTimeout(120);
      }
      throw new Error(`The invoice could not be confirmed; left: ${await page.locator('.left').innerText()}`);
    },
  };
}
