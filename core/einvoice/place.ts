/** Gives the fields of an e-invoice the places where the visible page prints them, so that a field shows its box there. Values stay those of the XML. */
import type { Extraction, ReadCell } from '../contract/reading.ts';
import { boxOf, bounds, height } from '../extract/layout/model.ts';
import type { Token } from '../extract/layout/model.ts';
import { HEADER_FIELDS, TAX_ROW_FIELDS } from '../invoice/fields.ts';
import type { FieldInfo } from '../invoice/fields.ts';
import { placeLines } from './place-lines.ts';
import type { Place } from './place-lines.ts';
import type { Print, Visible } from './visible.ts';

type Cells = Partial<Record<string, ReadCell>>;

const placeOf = (print: Print | undefined): Place | undefined =>
  print?.[0] === undefined ? undefined : { page: print[0].page, box: boxOf(print) };

/** Totals stand below the lines they sum, everything else is named at the top first. */
const isTotal = (info: FieldInfo): boolean => info.group === 'amounts';

/** An address: each of its lines found near the first, put together. */
function placeParagraph(visible: Visible, value: string): Place | undefined {
  const [first, ...others] = value.split('\n').filter((line) => line.length > 2);
  const start = first === undefined ? undefined : visible.find('text', first)[0];
  const anchor = start?.[0];
  if (start === undefined || anchor === undefined) return undefined;
  const reach = height(bounds(start)) * 10;
  const near = (token: Token): boolean => token.page === anchor.page && Math.abs(token.y0 - anchor.y0) < reach;
  const tokens = others.flatMap((line) => visible.find('text', line).find((print) => print.every(near)) ?? []);
  return placeOf([...start, ...tokens]);
}

function placeHeaderCell(visible: Visible, field: string, cell: ReadCell): Place | undefined {
  const info: FieldInfo | undefined = (HEADER_FIELDS as Record<string, FieldInfo>)[field];
  if (info === undefined) return undefined;
  const seen = (visible.seen.header as Cells)[field];
  for (const found of seen === undefined ? [] : [seen, ...seen.candidates]) {
    if (found.value === cell.value && found.page !== undefined && found.box)
      return { page: found.page, box: found.box };
  }
  if (info.type === 'multiline') return placeParagraph(visible, cell.value);
  // A zero is printed all over the place.
  if (info.type === 'amount' && cell.value === '0') return undefined;
  const prints = visible.find(info.type, cell.value);
  return placeOf(isTotal(info) ? prints.at(-1) : prints[0]);
}

/** The breakdown stands below the lines: the last print of an amount is the one meant. */
function placeTaxCells(visible: Visible, cells: Cells): Cells {
  const placed = Object.entries(cells).map(([name, cell]) => {
    const info: FieldInfo = TAX_ROW_FIELDS[name as keyof typeof TAX_ROW_FIELDS];
    const place = cell && info.type !== 'code' ? placeOf(visible.find(info.type, cell.value).at(-1)) : undefined;
    return [name, cell && { ...cell, ...place }];
  });
  return Object.fromEntries(placed) as Cells;
}

export function placeOnPages(extraction: Extraction, visible: Visible): Extraction {
  const header = Object.entries(extraction.header).map(([field, cell]) => [
    field,
    { ...cell, ...placeHeaderCell(visible, field, cell) },
  ]);
  return {
    ...extraction,
    header: Object.fromEntries(header) as Extraction['header'],
    lines: placeLines(visible, extraction.lines),
    taxRows: extraction.taxRows.map((row) => ({ ...row, cells: placeTaxCells(visible, row.cells) })),
  };
}
