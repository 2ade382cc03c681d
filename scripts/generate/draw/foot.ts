/** Small print at the foot of each page, and what stands under the totals: terms, bank, notes. */
import { dateText } from '../format.ts';
import type { Spec } from '../model.ts';
import { nameIsDrawn } from './head.ts';
import { bankItems, contactItems, GREY, legalItems } from './pieces.ts';
import type { Item, Sheet } from './sheet.ts';

export const footHeight = ({ style }: Spec): number =>
  style.foot === 'columns' ? 70 : style.foot === 'none' ? 24 : 46;

export function drawFoot(spec: Spec, sheet: Sheet): void {
  const { style, vendor } = spec;
  const { pen } = sheet;
  const top = pen.height - footHeight(spec);
  const name: Item = { text: vendor.name, field: 'vendorName' };
  const inFoot = style.vendorDetails !== 'head';
  const bank = style.payment === 'foot' ? bankItems(spec, sheet) : [];
  const legal = legalItems(spec, sheet);
  if (style.foot === 'none') return;
  if (sheet.look('foot').chance(0.6)) pen.line(sheet.left, top, sheet.right, top, { width: 0.5, colour: style.colour });
  if (style.foot === 'columns') {
    const columns = [
      ...(inFoot || nameIsDrawn(spec)
        ? [[name, { text: vendor.street }, { text: vendor.city }], contactItems(spec, sheet)]
        : []),
      ...(bank.length > 0 ? [bank] : []),
      legal,
    ].filter((column) => column.length > 0);
    const step = (sheet.right - sheet.left) / Math.max(2, columns.length);
    for (const [i, column] of columns.entries()) {
      let y = top + 10;
      for (const item of column.slice(0, 6)) {
        sheet.items(sheet.left + i * step, y, [item], {
          ...sheet.fitted(item.text, step - 6, { size: 7 }),
          colour: GREY,
        });
        y += 9;
      }
    }
    return;
  }
  const parts: Item[] = [
    ...(inFoot || nameIsDrawn(spec)
      ? [name, { text: vendor.street }, { text: vendor.city }, ...contactItems(spec, sheet)]
      : []),
    ...legal,
    ...bank,
  ];
  let y = top + 11;
  for (const row of rowsOf(parts, sheet)) {
    const text = row.map((item) => item.text).join(' · ');
    const ink = sheet.fitted(text, sheet.right - sheet.left, { size: 7, colour: GREY });
    const width = pen.measure(text, ink);
    let x = style.foot === 'center' ? (sheet.left + sheet.right - width) / 2 : sheet.left;
    for (const [i, item] of row.entries()) {
      const piece = i < row.length - 1 ? `${item.text} · ` : item.text;
      const { face: _face, ...rest } = item;
      sheet.text(x, y, piece, { ...ink, ...rest, ...(item.field && { value: item.value ?? item.text }) });
      x += pen.measure(piece, ink);
    }
    y += 9;
  }
}

/** As many parts in a row as fit. */
function rowsOf(parts: readonly Item[], sheet: Sheet): Item[][] {
  const rows: Item[][] = [];
  let width = Infinity;
  for (const part of parts) {
    const own = sheet.pen.measure(`${part.text} · `, { size: 7 });
    if (width + own > sheet.right - sheet.left) {
      rows.push([]);
      width = 0;
    }
    rows.at(-1)?.push(part);
    width += own;
  }
  return rows.slice(0, 4);
}

export function closingHeight(spec: Spec, sheet: Sheet): number {
  const { style } = spec;
  const room = sheet.right - sheet.left;
  const lines = [spec.terms, ...spec.notes].flatMap((text) => sheet.pen.wrap(text, room, { size: style.size })).length;
  const bank = style.payment === 'foot' && style.foot !== 'none' ? 0 : bankItems(spec, sheet).length + 1;
  return (lines + bank) * style.size * 1.32 + style.size + 32;
}

/** Returns the y below. */
export function drawClosing(spec: Spec, sheet: Sheet, top: number): number {
  const { style } = spec;
  const room = sheet.right - sheet.left;
  let y = top + style.size + 8;
  if (spec.terms !== '') {
    const date = spec.dueDate === undefined ? undefined : dateText(spec, spec.dueDate);
    const item: Item = {
      text: spec.terms,
      ...(date !== undefined && spec.terms.includes(date) && { field: 'dueDate' as const, value: date }),
    };
    y = sheet.items(sheet.left, y, [item], { size: style.size, room }) + 3;
  }
  if (style.payment !== 'foot' || style.foot === 'none') y = bankBlock(spec, sheet, y);
  y = sheet.items(
    sheet.left,
    y,
    spec.notes.map((text) => ({ text })),
    { size: style.size - 0.5, room },
  );
  return y;
}

function bankBlock(spec: Spec, sheet: Sheet, y: number): number {
  const { style } = spec;
  const items = [
    ...bankItems(spec, sheet),
    ...(spec.reference === undefined ? [] : [{ text: `${spec.words.reference}: ${spec.reference}` }]),
  ];
  const boxed = style.payment === 'box';
  const below = sheet.items(sheet.left + (boxed ? 6 : 0), y + (boxed ? style.size : 4), items, { size: style.size });
  if (boxed) sheet.pen.rect(sheet.left, y - 4, 250, below - y, { stroke: [0.5, 0.5, 0.5], line: 0.5 });
  return below + 8;
}
