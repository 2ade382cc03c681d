/** Letterheads: who sends this, at the left, right, centre, in a band, a sidebar, split, boxed. Sets the sheet's edges and returns where the rest begins. */
import type { Spec } from '../model.ts';
import { drawMonogram, drawName, drawnWidth, drawShape } from './logo.ts';
import { contactItems, GREY, legalItems } from './pieces.ts';
import type { Item, Sheet } from './sheet.ts';

/** The name is drawn as strokes: somewhere else it has to stand in letters. */
export const nameIsDrawn = ({ style, quirks }: Spec): boolean => style.logo === 'drawn' || quirks.drawnName === true;

/** What stands under the name in the head. */
function details(spec: Spec, sheet: Sheet): Item[] {
  const { vendor, style } = spec;
  if (style.vendorDetails !== 'head' && style.vendorDetails !== 'both') return [];
  const name: Item[] = nameIsDrawn(spec) ? [{ text: vendor.name, field: 'vendorName' }] : [];
  const legal = style.foot === 'none' || sheet.look('head').chance(0.35) ? legalItems(spec, sheet) : [];
  return [...name, { text: vendor.street }, { text: vendor.city }, ...contactItems(spec, sheet), ...legal];
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'right' | 'center';
  readonly room: number;
  readonly white?: boolean;
}

/** The name with its sign; returns the y below. */
function sign(spec: Spec, sheet: Sheet, { x, y, align, room, white }: Place): number {
  const { vendor, style } = spec;
  const look = sheet.look('sign');
  const colour = white ? ([1, 1, 1] as const) : look.chance(0.3) ? ([0.1, 0.1, 0.12] as const) : style.colour;
  const size = look.pick([12, 14, 16, 18, 20, 22]);
  const side = size * 1.7;
  const hasMark = style.logo === 'shape' || style.logo === 'monogram';
  if (nameIsDrawn(spec)) {
    const short = vendor.name
      .split(' ')
      .slice(0, vendor.name.startsWith('Ets') ? 2 : 1)
      .join(' ');
    const height = Math.min(size, room / (short.length * 0.95));
    const width = drawnWidth(short, height);
    drawName(
      sheet.pen,
      align === 'left' ? x : align === 'right' ? x - width : x - width / 2,
      y + height,
      short,
      height,
      colour,
    );
    return y + height + 10;
  }
  const space = room - (hasMark ? side * 1.3 : 0);
  const ink = { size, face: look.chance(0.85) ? ('bold' as const) : ('italic' as const), colour };
  const text = look.chance(0.14) ? vendor.name.toUpperCase() : vendor.name;
  const fitted = sheet.fitted(text, space, ink);
  const width = sheet.pen.measure(text, fitted);
  const start = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
  let textX = start;
  if (hasMark) {
    const at = align === 'right' ? start - side * 1.25 : align === 'center' ? start - side * 0.6 : x;
    const taken =
      style.logo === 'shape'
        ? drawShape(sheet.pen, look, at, y, side, colour)
        : drawMonogram(sheet.pen, look, at, y, side, vendor.name, white ? [0.3, 0.3, 0.35] : colour);
    if (align !== 'right') textX = at + taken;
  }
  const baseline = hasMark ? y + side * 0.65 : y + size;
  sheet.text(textX, baseline, text, { ...fitted, field: 'vendorName' });
  const slogan = look.chance(0.15) ? spec.vendor.web : undefined;
  if (slogan && !hasMark)
    sheet.text(textX, baseline + 11, slogan, { size: 7.5, colour: white ? [0.9, 0.9, 0.9] : GREY });
  return (hasMark ? y + side : baseline) + (slogan ? 15 : 6);
}

export function drawHead(spec: Spec, sheet: Sheet): number {
  const { style } = spec;
  const { pen } = sheet;
  const top = sheet.look('top').pick([28, 34, 40, 48]);
  const size = sheet.look('head').pick([7, 7.5, 8, 8.5]);
  const own = details(spec, sheet);
  const wide = sheet.right - sheet.left;
  const list = (
    x: number,
    y: number,
    align: 'left' | 'right' | 'center',
    colour: readonly [number, number, number] = GREY,
  ) => sheet.items(x, y + size, own, { size, align, colour });
  switch (style.head) {
    case 'left':
      return (
        Math.max(
          list(sheet.left, sign(spec, sheet, { x: sheet.left, y: top, align: 'left', room: wide * 0.62 }), 'left'),
          top + 30,
        ) + 6
      );
    case 'right':
      return (
        Math.max(
          list(sheet.right, sign(spec, sheet, { x: sheet.right, y: top, align: 'right', room: wide * 0.62 }), 'right'),
          top + 30,
        ) + 6
      );
    case 'center': {
      const y = sign(spec, sheet, { x: pen.width / 2, y: top, align: 'center', room: wide * 0.8 });
      const joined = own.length > 2 ? sentences(own) : own;
      const below = sheet.items(pen.width / 2, y + size, joined, { size, align: 'center', colour: GREY });
      pen.line(sheet.left, below, sheet.right, below, { width: 0.7, colour: style.colour });
      return below + 12;
    }
    case 'split': {
      const left = sign(spec, sheet, { x: sheet.left, y: top, align: 'left', room: wide * 0.55 });
      const right = list(sheet.right, top, 'right');
      return Math.max(left, right) + 6;
    }
    case 'band': {
      const height = Math.max(70, own.length * size * 1.35 + 26);
      pen.rect(0, 0, pen.width, height, { fill: style.colour });
      sign(spec, sheet, {
        x: sheet.left,
        y: Math.min(22, height / 2 - 16),
        align: 'left',
        room: wide * 0.55,
        white: true,
      });
      list(sheet.right, 14, 'right', [1, 1, 1]);
      return height + 14;
    }
    case 'boxed': {
      const y = sign(spec, sheet, { x: sheet.left + 8, y: top, align: 'left', room: wide * 0.5 });
      const right = list(sheet.right - 8, top - 4, 'right', [0.15, 0.15, 0.15]);
      const below = Math.max(y, right) + 4;
      pen.rect(sheet.left, top - 8, wide, below - top + 8, { stroke: [0.2, 0.2, 0.2] });
      return below + 12;
    }
    case 'sidebar':
      return sidebar(spec, sheet, own, size, top);
    case 'plain':
    default: {
      const y = top + 14;
      const lines: Item[] = [
        { text: spec.vendor.name, field: 'vendorName', face: 'bold' },
        ...own.filter(({ field }) => field !== 'vendorName'),
      ];
      return sheet.items(sheet.left, y, lines, { size: style.size }) + 4;
    }
  }
}

/** "Street - Town - Tel": three lines of small print instead of eight. */
function sentences(items: readonly Item[]): Item[] {
  const rows: Item[] = [];
  for (let i = 0; i < items.length;) {
    const marked = items[i]?.field !== undefined;
    const next = marked ? [items[i] as Item] : items.slice(i, i + 3).filter(({ field }) => field === undefined);
    const marks = next.find(({ field }) => field !== undefined);
    rows.push({
      text: next.map(({ text }) => text).join(' · '),
      ...(marks?.field && { field: marks.field, value: marks.value ?? marks.text }),
    });
    i += next.length;
  }
  return rows;
}

function sidebar(spec: Spec, sheet: Sheet, own: readonly Item[], size: number, top: number): number {
  const { pen } = sheet;
  const { colour } = spec.style;
  const width = 128;
  const atLeft = sheet.look('sidebar').chance(0.6);
  const x = atLeft ? 0 : pen.width - width;
  pen.rect(x, 0, width, pen.height, {
    fill: [colour[0] * 0.12 + 0.88, colour[1] * 0.12 + 0.88, colour[2] * 0.12 + 0.88],
  });
  if (atLeft) sheet.left = width + 22;
  else sheet.right = pen.width - width - 22;
  const text = spec.vendor.name;
  let y = top + 14;
  if (nameIsDrawn(spec)) {
    const short = text.split(' ')[0] ?? text;
    const height = Math.min(15, (width - 20) / (short.length * 0.95));
    drawName(pen, x + 12, y, short, height, colour);
    y += 16;
  } else {
    const longest = text.split(' ').toSorted((a, b) => b.length - a.length)[0] ?? text;
    const ink = sheet.fitted(longest, width - 22, { size: 12, face: 'bold', colour });
    y = sheet.items(x + 12, y, [{ text, field: 'vendorName', face: 'bold' }], { ...ink, room: width - 20 });
  }
  const lines = own.length > 0 ? own : [{ text: spec.vendor.street }, { text: spec.vendor.city }];
  for (const item of lines) {
    const ink = sheet.fitted(item.text, width - 20, { size });
    sheet.items(x + 12, y + size, [item], { ...ink, colour: [0.2, 0.2, 0.2] });
    y += size * 1.45;
  }
  return top + 10;
}
