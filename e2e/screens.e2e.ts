/** Every screen with the bundled samples: accessible, in both themes and both languages, and quiet. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFindings } from './axe.ts';
import { openBrowser, type BrowserDriver } from './driver.ts';
import { SAMPLE_DOCUMENTS, samplesRead, screens } from './screens.ts';
import { SAMPLES } from './station.ts';

let driver: BrowserDriver;
beforeAll(async () => {
  driver = await openBrowser({ workspace: 'demo', imports: [SAMPLES] });
  await samplesRead(driver.page);
}, 240_000);
afterAll(() => driver.close());

const VIEWS = [
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'de' },
] as const;

describe.each(VIEWS)('$theme, $language', ({ theme, language }) => {
  beforeAll(async () => {
    const { origin, token } = driver.station;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const settings = (await (await fetch(`${origin}/api/v1/settings`, { headers })).json()) as object;
    const body = JSON.stringify({ ...settings, theme, language });
    const reply = await fetch(`${origin}/api/v1/settings`, { method: 'PUT', headers, body });
    if (!reply.ok) throw new Error(`The settings were refused: ${await reply.text()}`);
    await driver.page.reload();
    await driver.page.locator(`html[lang=${language}][data-theme=${theme}] .tally`).waitFor();
  });

  test.each(screens(SAMPLE_DOCUMENTS))('$name', async ({ open, leave }) => {
    await open(driver.page);
    expect(await seriousFindings(driver.page)).toEqual([]);
    await leave?.(driver.page);
  });
});

test('no complaint of the page, no request elsewhere, no word on stderr', () => {
  expect(driver.complaints).toEqual([]);
  expect(driver.strangers).toEqual([]);
  expect(driver.station.errors()).toBe('');
});
