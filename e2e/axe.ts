/** Accessibility of what stands on the screen, by axe-core: serious and critical findings, as sentences. */
import type { Locator, Page } from 'playwright-core';
import axe from 'axe-core';

interface AxeWindow {
  axe: typeof axe;
}

export async function seriousFindings(page: Page): Promise<string[]> {
  // Injected by the driver, past the page's content security policy, which stays as it is.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const results = await page.evaluate(async () => {
    // What still fades in has the colours of neither.
    const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
    const { violations } = await (globalThis as unknown as AxeWindow).axe.run(document, {
      resultTypes: ['violations'],
    });
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      where: nodes
        .slice(0, 5)
        .map((node) => `${node.target.join(' ')}: ${node.any.map((check) => check.message).join('; ')}`),
    }));
  });
  return results
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, where }) => `${impact} ${id}: ${help}\n  ${where.join('\n  ')}`);
}

/** When it has what it shows: as many rows as there are drawn while it loads, nobody can wait for one. */
export async function atRest(part: Locator): Promise<void> {
  while ((await part.locator('.skeleton').count()) > 0) await part.page().waitForTimeout(50);
}
