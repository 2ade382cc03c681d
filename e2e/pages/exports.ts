import type { Page } from 'playwright-core';
import type { Driver } from '../driver.ts';

export function createExports(driver: Pick<Driver, 'page' | 'saved'>) {
  const { page } = driver;
  const dialog = page.getByRole('dialog');
  return {
    dialog,
    async open(): Promise<void> {
      await page.keyboard.press('Control+e');
      await dialog.waitFor();
    },
    /** Makes a batch of what can be exported and gives its file. */
    async make(format: 'csv' | 'json' | 'xlsx' | 'ubl'): ReturnType<Driver['saved']> {
      await dialog.locator(`input[type=radio][value=${format}]`).check();
      const button = dialog.locator('.button-primary:not([disabled])');
      await button.waitFor();
      const file = await driver.saved(() => button.click());
      await dialog.waitFor({ state: 'detached' });
      return file;
    },
  };
}

export const openScreen = async (
  page: Page,
  screen: 'inbox' | 'vendors' | 'exports' | 'settings' | 'about',
): Promise<void> => {
  await page.locator(`nav a[href="#/${screen}"]`).click();
  await page.locator(`.screen-${screen}`).waitFor();
};
