/** `npm run shots [-- DIR]`: a picture of every screen, for looking at; and docs/screenshot.png, the one in the read-me. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openBrowser } from './driver.ts';
import { SAMPLE_DOCUMENTS, samplesRead, screens } from './screens.ts';
import { ROOT, SAMPLES } from './station.ts';

const README = 'review-field';
const folder = resolve(process.argv[2] ?? join(ROOT, '.cache', 'shots'));
mkdirSync(folder, { recursive: true });
const driver = await openBrowser({ workspace: 'demo', imports: [SAMPLES] });
try {
  const { page } = driver;
  await samplesRead(page);
  for (const { name, open, leave } of screens(SAMPLE_DOCUMENTS)) {
    await open(page);
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path });
    if (name === README) await page.screenshot({ path: join(ROOT, 'docs', 'screenshot.png') });
    process.stdout.write(`${path}\n`);
    await leave?.(page);
  }
} finally {
  await driver.close();
}
