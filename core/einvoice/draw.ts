/**
 * An e-invoice that has no page gets one: every value of the tree set on A4, in the order a person reads an invoice, each with its box. What has no place
 * of its own is listed at the end, so that nothing in the file stays unseen.
 */
import type { Extraction, PageReading, ReadCell, TermNode } from '../contract/reading.ts';
import { detect } from './detect.ts';
import { drawLines } from './draw-lines.ts';
import { FULL, createSheet, drawHeading, drawPairs, drawParties, leavesOf, runOf } from './draw-parts.ts';
import type { Sheet } from './draw-parts.ts';
import { mapEinvoice } from './map.ts';
import type { Origin } from './sheet.ts';
import { findAll } from './terms.ts';
import { createPen } from './pen.ts';
import type { Pen, Spot } from './pen.ts';
import { termName } from './term-names.ts';
import type { TermLanguage } from './term-names.ts';
import { documentTypeOf } from './document-type.ts';

const TITLES: Readonly<Record<string, Readonly<Record<TermLanguage, string>>>> = {
  invoice: { en: 'Invoice', de: 'Rechnung' },
  'credit-note': { en: 'Credit note', de: 'Gutschrift' },
  correction: { en: 'Corrected invoice', de: 'Rechnungskorrektur' },
  'pro-forma': { en: 'Pro-forma invoice', de: 'Pro-forma-Rechnung' },
};
const DRAWN: Readonly<Record<TermLanguage, string>> = {
  en: 'Drawn from the XML. This document has no page of its own.',
  de: 'Aus der XML gezeichnet. Dieses Dokument hat keine eigene Seite.',
};
const REST: Readonly<Record<TermLanguage, string>> = { en: 'Further content', de: 'Weiterer Inhalt' };

const FACTS = [2, 3, 9, 72, 5, 6, 7, 8, 73, 74, 10, 13, 14, 12, 11, 25, 26, 15, 16, 17, 18, 19];
const TOTALS = [106, 107, 108, 109, 110, 111, 112, 113, 114, 115];

const terms = (numbers: readonly number[]): string[] => numbers.map((n) => `BT-${n}`);

function drawTitle(sheet: Sheet, syntax: string): void {
  const { pen, language } = sheet;
  const code = sheet.find('BT-3')[0];
  const type = documentTypeOf(code?.text?.trim(), sheet.root.name === 'cn:CreditNote') ?? 'invoice';
  const number = sheet.find('BT-1')[0];
  const title = TITLES[type]?.[language] ?? 'Invoice';
  pen.row([
    {
      ...FULL,
      paragraphs: [
        { size: 16, runs: [{ text: title }, ...(number ? [runOf(number)] : [])] },
        { size: 7.5, runs: [{ text: `${DRAWN[language]} (${syntax})` }] },
      ],
    },
  ]);
  pen.space(6);
}

/** BG-23 as a table: rate, category, base, tax, reason. */
function drawTaxes(sheet: Sheet): void {
  const groups = sheet.find('BG-23');
  if (groups.length === 0) return;
  const { pen, language } = sheet;
  drawHeading(sheet, termName('BG-23', language) ?? '');
  const columns = [
    { term: 'BT-119', x: 40, width: 50, right: true },
    { term: 'BT-118', x: 100, width: 70, right: false },
    { term: 'BT-116', x: 170, width: 90, right: true },
    { term: 'BT-117', x: 270, width: 90, right: true },
    { term: 'BT-120', x: 375, width: 180, right: false },
  ];
  const block = (column: (typeof columns)[number], size: number, runs: { text: string; node?: TermNode }[]) => ({
    x: column.x,
    width: column.width,
    ...(column.right && { align: 'right' as const }),
    paragraphs: [{ size, runs }],
  });
  pen.row(columns.map((column) => block(column, 7.5, [{ text: termName(column.term, language) ?? '' }])));
  for (const group of groups) {
    const nodes = (term: string): TermNode[] =>
      term === 'BT-120'
        ? [...sheet.within(group, 'BT-120'), ...sheet.within(group, 'BT-121')]
        : sheet.within(group, term);
    pen.row(columns.map((column) => block(column, 9, nodes(column.term).map(runOf))));
  }
  pen.space(4);
}

function drawTotals(sheet: Sheet): void {
  const nodes = terms(TOTALS).flatMap((term) => sheet.find(term));
  if (nodes.length === 0) return;
  const { pen, language } = sheet;
  const currency = sheet.currency ?? '';
  drawHeading(sheet, termName('BG-22', language) ?? '');
  for (const node of nodes) {
    const own = node.attributes?.['currencyID'] ?? currency;
    pen.row([
      { x: 300, width: 150, paragraphs: [{ size: 9, runs: [{ text: termName(node.term ?? '', language) ?? '' }] }] },
      { x: 455, width: 70, align: 'right', paragraphs: [{ size: 9, runs: [runOf(node)] }] },
      { x: 530, width: 26, paragraphs: [{ size: 9, runs: [{ text: own }] }] },
    ]);
  }
  pen.space(4);
}

/** Groups shown as label and value pairs under one heading for each kind. */
function drawGroups(sheet: Sheet, groups: readonly string[]): void {
  for (const group of groups) {
    const fresh = sheet
      .find(group)
      .map((node) => leavesOf(node).filter((leaf) => !sheet.pen.has(leaf.node)))
      .filter((leaves) => leaves.length > 0);
    if (fresh.length > 0) drawHeading(sheet, termName(group, sheet.language) ?? '');
    for (const leaves of fresh) {
      drawPairs(sheet, leaves);
      sheet.pen.space(4);
    }
  }
}

function drawTerms(sheet: Sheet, heading: string, numbers: readonly number[]): void {
  const leaves = terms(numbers).flatMap((term) => sheet.find(term).map((node) => ({ node, parents: [] })));
  if (leaves.length === 0) return;
  if (heading !== '') drawHeading(sheet, heading);
  drawPairs(sheet, leaves);
}

function drawRest(sheet: Sheet, tree: TermNode): void {
  const leaves = leavesOf(tree).filter((leaf) => !sheet.pen.has(leaf.node));
  if (leaves.length === 0) return;
  drawHeading(sheet, REST[sheet.language]);
  drawPairs(sheet, leaves);
}

function spotsOf(pen: Pen, { nodes, attribute }: Origin): Spot | undefined {
  const spots = nodes.flatMap((node) => pen.spotOf(node, attribute) ?? []);
  const first = spots[0];
  if (first === undefined) return undefined;
  const together = spots.filter((spot) => spot.page === first.page).map((spot) => spot.box);
  return {
    page: first.page,
    box: [
      Math.min(...together.map((b) => b[0])),
      Math.min(...together.map((b) => b[1])),
      Math.max(...together.map((b) => b[2])),
      Math.max(...together.map((b) => b[3])),
    ],
  };
}

type Cells = Partial<Record<string, ReadCell>>;

/** The extraction with page and box in each cell. */
function withSpots(extraction: Extraction, pen: Pen, origins: readonly Origin[], rows: readonly Spot[]): Extraction {
  const spots = new Map(origins.map((origin) => [`${origin.entity} ${origin.row} ${origin.field}`, origin]));
  const placed = <T extends Cells>(cells: T, entity: string, row: number): T => {
    const entries = Object.entries(cells).map(([field, cell]) => {
      const origin = spots.get(`${entity} ${row} ${field}`);
      const spot = origin && spotsOf(pen, origin);
      return [field, spot && cell ? { ...cell, ...spot } : cell];
    });
    return Object.fromEntries(entries) as T;
  };
  return {
    ...extraction,
    header: placed(extraction.header, 'invoice', 0),
    lines: extraction.lines.map((line) => ({
      ...line,
      ...rows[line.row],
      cells: placed(line.cells, 'line', line.row),
    })),
    taxRows: extraction.taxRows.map((row) => ({ ...row, cells: placed(row.cells, 'taxRow', row.row) })),
  };
}

export interface Drawn {
  readonly pages: PageReading[];
  /** The extraction given, with page and box in each cell and line. */
  readonly extraction: Extraction;
}

/** Labels in the seller's language, as a letter of his would have them. */
const sellersLanguage = (country: TermNode | undefined): TermLanguage =>
  ['DE', 'AT', 'LI'].includes((country?.text ?? '').trim()) ? 'de' : 'en';

/** Same tree, same pages: nothing but the tree and the language of the labels is looked at. */
export function drawPages(tree: TermNode, extraction: Extraction, wanted?: TermLanguage): Drawn {
  const detected = detect(tree);
  if (detected.kind !== 'einvoice') return { pages: [], extraction };
  const { origins, keys } = mapEinvoice(detected);
  const language = wanted ?? sellersLanguage(findAll(keys, detected.root, 'BT-40')[0]);
  const pen = createPen();
  const sheet = createSheet(detected.root, keys, pen, language);
  drawTitle(sheet, detected.syntax);
  drawParties(sheet, ['BG-4', 'BG-7']);
  drawTerms(sheet, '', FACTS);
  drawParties(sheet, ['BG-10', 'BG-11', 'BG-13']);
  const rows = drawLines(sheet);
  drawGroups(sheet, ['BG-20', 'BG-21']);
  drawTaxes(sheet);
  drawTotals(sheet);
  drawGroups(sheet, ['BG-16']);
  drawTerms(sheet, termName('BT-20', language) ?? '', [20, 83, 89, 90]);
  drawTerms(sheet, termName('BG-1', language) ?? '', [22]);
  drawGroups(sheet, ['BG-24']);
  drawRest(sheet, tree);
  const number = sheet.find('BT-1')[0]?.text?.trim() ?? '';
  return {
    pages: pen.finish((page, pages) => `${DRAWN[language]}  ${number}  ${page} / ${pages}`),
    extraction: withSpots(extraction, pen, origins, rows),
  };
}
