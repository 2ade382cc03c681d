import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openPdfium } from './pdfium.ts';

test('a page that does not fit into the memory of the engine is refused, and the next one is drawn', async () => {
  const bytes = readFileSync(new URL('../../resources/samples/01-nordlicht-papier.pdf', import.meta.url));
  const document = await openPdfium(bytes);
  const page = document.page(1);
  // 27,284 x 38,587 pixels: the build of the engine alone would take them.
  expect(() => page.grey(3_300)).toThrow(expect.objectContaining({ reason: 'out-of-memory' }));
  expect(page.grey(50).width).toBe(413);
  document.close();
});
