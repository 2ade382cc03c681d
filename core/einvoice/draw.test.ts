import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PageReading, ReadCell, TermNode } from '../contract/reading.ts';
import { toUbl } from '../export/ubl.ts';
import { drawPages } from './draw.ts';
import type { Drawn } from './draw.ts';
import { readEinvoice } from './read.ts';
import type { Einvoice } from './read.ts';
import { invoiceValues } from './testing/arbitrary.ts';
import { makeInvoice } from './testing/invoice.ts';
import type { InvoiceValues } from './testing/invoice.ts';
import { SAMPLE } from './testing/values.ts';
import { toCii } from './write-cii.ts';

function read(values: InvoiceValues, write: typeof toUbl): Einvoice {
  const written = write(makeInvoice(values));
  if ('problems' in written) throw new Error(written.problems.join(' '));
  const result = readEinvoice(new TextEncoder().encode(written.xml));
  if (result.kind !== 'einvoice') throw new Error(result.detail);
  return result;
}
const drawn = (values: InvoiceValues, write = toUbl): Drawn => {
  const { tree, extraction } = read(values, write);
  return drawPages(tree, extraction, 'en');
};

const cellsOf = ({ extraction }: Drawn): [string, ReadCell][] =>
  [extraction.header, ...extraction.lines.map((l) => l.cells), ...extraction.taxRows.map((r) => r.cells)].flatMap(
    (cells) =>
      Object.entries<ReadCell | undefined>(cells).flatMap(([name, cell]): [string, ReadCell][] =>
        cell ? [[name, cell]] : [],
      ),
  );

/** Text of the words whose middle lies in the box. */
function textAt(page: PageReading, box: readonly number[]): string {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
  const inside = page.words.filter((word) => {
    const [x, y] = [(word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2];
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  });
  return inside.map((word) => word.text).join(' ');
}

function overlaps(page: PageReading): string[] {
  const found: string[] = [];
  page.words.forEach((a, i) => {
    for (const b of page.words.slice(i + 1)) {
      const [ax0, ay0, ax1, ay1] = a.box;
      const [bx0, by0, bx1, by1] = b.box;
      if (ax0 < bx1 && bx0 < ax1 && ay0 < by1 && by0 < ay1) found.push(`${a.text} | ${b.text}`);
    }
  });
  return found;
}

const leafTexts = (node: TermNode): string[] =>
  node.children ? node.children.flatMap(leafTexts) : node.text === undefined ? [] : [node.text];

test.each([toUbl, toCii])('every field has a box, and its words stand in it', (write) => {
  const result = drawn(SAMPLE, write);
  for (const [name, cell] of cellsOf(result)) {
    expect(cell.box, name).toBeDefined();
    const text = textAt(result.pages[cell.page! - 1]!, cell.box!);
    const sought = ['documentType', 'discountTerms', 'typeCode', 'discount'].includes(name)
      ? ''
      : name === 'paymentTerms'
        ? 'Net 30 days'
        : cell.value.split('\n')[0]!;
    expect(text.replaceAll('.00', ''), name).toContain(/^-?\d+\.\d$/.test(sought) ? sought : sought.slice(0, 40));
  }
  for (const line of result.extraction.lines) expect(line.box).toBeDefined();
});

test('everything in the tree is on a page', () => {
  const { tree, extraction } = read(SAMPLE, toUbl);
  const { pages } = drawPages(tree, extraction);
  const all = pages.flatMap((page) => page.words.map((word) => word.text)).join('');
  const unseen = leafTexts(tree).filter(
    (text) => !['VAT', 'true', 'false'].includes(text) && !all.includes(text.replace(/\s+/g, '')),
  );
  expect(unseen).toEqual([]);
});

test('words never overlap and stay on the page, and the same tree gives the same pages', () => {
  fc.assert(
    fc.property(invoiceValues, (values) => {
      const { pages } = drawn(values, toCii);
      expect(pages).toEqual(drawn(values, toCii).pages);
      for (const page of pages) {
        expect(overlaps(page)).toEqual([]);
        for (const { box } of page.words) {
          expect(box.every((n) => Number.isInteger(n) && n >= 0 && n <= 10_000)).toBe(true);
          expect(box[0] < box[2] && box[1] < box[3]).toBe(true);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('a long invoice runs over pages, each with the heads of the table', () => {
  const line = SAMPLE.lines[2]!;
  const lines = Array.from({ length: 200 }, (_, i) => ({ ...line, position: String(i + 1) }));
  const result = drawn({ ...SAMPLE, lines });
  expect(result.pages.length).toBeGreaterThan(3);
  for (const page of result.pages.slice(0, -1)) {
    expect(page.words.map((word) => word.text).join(' ')).toContain('Item name');
  }
  expect(result.extraction.lines.at(-1)?.page).toBeGreaterThan(2);
  expect(result.pages.every((page, index) => page.page === index + 1 && page.source === 'drawn')).toBe(true);
});

test('a text of a hundred thousand words ends', () => {
  const { tree, extraction } = read(SAMPLE, toUbl);
  const note: TermNode = { name: 'cbc:Note', text: 'word '.repeat(100_000) };
  const notes: TermNode[] = Array.from({ length: 300 }, () => note);
  const { pages } = drawPages({ ...tree, children: [...notes, ...(tree.children ?? [])] }, extraction);
  expect(pages.length).toBeLessThanOrEqual(302);
});

test('labels are in the language of the seller', () => {
  const { tree, extraction } = read(SAMPLE, toUbl);
  const words = drawPages(tree, extraction, 'de')
    .pages[0]!.words.map((word) => word.text)
    .join(' ');
  expect(words).toContain('Rechnung RE-2024/0815');
  expect(words).toContain('Verkäufer');
});
