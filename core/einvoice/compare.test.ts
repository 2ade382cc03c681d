import { describe, expect, test } from 'vitest';
import type { Extraction, PageReading, ReadingNote } from '../contract/reading.ts';
import type { HeaderField } from '../invoice/fields.ts';
import { toUbl } from '../export/ubl.ts';
import { compareWithPage } from './compare.ts';
import { drawPages } from './draw.ts';
import { placeOnPages } from './place.ts';
import { readEinvoice } from './read.ts';
import { makeInvoice } from './testing/invoice.ts';
import { SAMPLE } from './testing/values.ts';
import { lookAt } from './visible.ts';

function extractionOf(header: Partial<Record<HeaderField, string>> = {}): {
  extraction: Extraction;
  pages: PageReading[];
} {
  const written = toUbl(makeInvoice({ ...SAMPLE, header: { ...SAMPLE.header, ...header } }));
  if ('problems' in written) throw new Error(written.problems.join(' '));
  const result = readEinvoice(new TextEncoder().encode(written.xml));
  if (result.kind !== 'einvoice') throw new Error(result.detail);
  // A page that prints the invoice: the drawn one, as if it were the PDF's own text.
  const pages = drawPages(result.tree, result.extraction).pages.map((page) => ({ ...page, source: 'text' as const }));
  return { extraction: result.extraction, pages };
}

const compare = (header: Partial<Record<HeaderField, string>>): ReadingNote[] =>
  compareWithPage(extractionOf(header).extraction, extractionOf().pages);

describe('the XML against its page', () => {
  test('the same invoice: nothing to say', () => {
    expect(compare({})).toEqual([]);
  });

  test.each([
    ['vendorIban', 'DE89370400440532013000', SAMPLE.header.vendorIban],
    ['invoiceNumber', 'RE-2024/4711', SAMPLE.header.invoiceNumber],
    ['issueDate', '2024-05-17', SAMPLE.header.issueDate],
  ] as const)('another %s is said with both values', (field, xml, page) => {
    expect(compare({ [field]: xml })).toMatchObject([{ code: 'XML_PAGE_MISMATCH', params: { field, xml, page } }]);
  });

  test('another total is said', () => {
    expect(compare({ grossTotal: '980.8' })).toMatchObject([
      { params: { field: 'grossTotal', xml: '980.8', page: '280.8' } },
    ]);
  });

  test('pages without text are not compared', () => {
    const { pages } = extractionOf();
    const scanned = pages.map((page) => ({ ...page, source: 'ocr' as const }));
    expect(compareWithPage(extractionOf({ grossTotal: '980.8' }).extraction, scanned)).toEqual([]);
    expect(compareWithPage(extractionOf({ grossTotal: '980.8' }).extraction, [])).toEqual([]);
  });
});

test('fields get the place where the page prints them', () => {
  const { extraction, pages } = extractionOf();
  const placed = placeOnPages(extraction, lookAt(pages));
  const { header } = placed;
  const textIn = (cell: { page?: number | undefined; box?: readonly number[] | undefined } | undefined): string => {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = cell?.box ?? [];
    return (pages[(cell?.page ?? 0) - 1]?.words ?? [])
      .filter((w) => w.box[0] >= x0 && w.box[2] <= x1 && w.box[1] >= y0 && w.box[3] <= y1)
      .map((w) => w.text)
      .join(' ');
  };
  expect(textIn(header.vendorIban)).toContain('DE02120300000000202051');
  expect(textIn(header.grossTotal)).toContain('280.80');
  expect(textIn(header.buyerName)).toContain('Kontor');
  expect(textIn(header.vendorAddress)).toContain('Weimar');
  expect(header.grossTotal?.value).toBe('280.8');
  placed.lines.forEach((line, index) => {
    const values = SAMPLE.lines[index]!;
    expect(textIn(line.cells.lineTotal)).toContain(values.lineTotal);
    expect(textIn(line.cells.description)).toContain(values.description!.split('\n')[0]);
  });
});
