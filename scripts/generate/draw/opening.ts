/** Between letterhead and table: parties, title, and the block of numbers and dates, in the order the style asks for. */
import { dateText } from '../format.ts';
import type { Mark, Spec } from '../model.ts';
import { nameIsDrawn } from './head.ts';
import { addressItems, contactItems, GREY, label, legalItems, type Pair, pairs, titleOf } from './pieces.ts';
import type { Item, Sheet } from './sheet.ts';

export function drawOpening(spec: Spec, sheet: Sheet, top: number): number {
  const { style } = spec;
  const inTitle = style.title === 'with-number' && !spec.quirks.bareNumber;
  let y = top;
  const windowed = style.parties === 'window' || style.parties === 'window-right';
  const beside =
    style.meta === 'list' || style.meta === 'list-right' || style.meta === 'stack' || style.meta === 'grid';
  const list = metaPairs(spec, sheet, inTitle);
  if (style.title === 'big') y = title(spec, sheet, y) + 4;
  if (windowed) {
    y = Math.max(y + 8, style.parties === 'window' && sheet.look('window').chance(0.6) ? 128 : 0);
    const half = (sheet.right - sheet.left) / 2;
    const right = sheet.left + half + 14;
    const atLeft = style.parties === 'window';
    const address = window(spec, sheet, atLeft ? sheet.left : right, y, half - 20);
    const meta = beside ? metaBlock(spec, sheet, list, atLeft ? right : sheet.left, y, half - 14) : y;
    y = Math.max(address, meta) + 18;
    if (style.title !== 'big') y = title(spec, sheet, y);
    if (!beside) y = metaBlock(spec, sheet, list, sheet.left, y + 2, sheet.right - sheet.left) + 4;
  } else if (beside) {
    const half = (sheet.right - sheet.left) / 2;
    const metaFirst = style.metaOrder === 'first';
    const both = (from: number) => {
      const a = style.title === 'big' ? from : title(spec, sheet, from, half);
      return Math.max(a, metaBlock(spec, sheet, list, sheet.left + half + 10, from, half - 10)) + 8;
    };
    if (metaFirst) y = parties(spec, sheet, both(y) + 4) + 10;
    else y = both(parties(spec, sheet, y + 8) + 14);
  } else {
    if (style.title !== 'big') y = title(spec, sheet, y + 4);
    const wide = sheet.right - sheet.left;
    if (style.metaOrder === 'first')
      y = parties(spec, sheet, metaBlock(spec, sheet, list, sheet.left, y + 4, wide) + 10) + 10;
    else y = metaBlock(spec, sheet, list, sheet.left, parties(spec, sheet, y + 6) + 12, wide) + 8;
  }
  y = bare(spec, sheet, y);
  if (spec.greeting)
    y =
      sheet.items(sheet.left, y + style.size + 2, [{ text: spec.greeting }], {
        size: style.size,
        room: sheet.right - sheet.left,
      }) + 2;
  return y + 4;
}

function metaPairs(spec: Spec, sheet: Sheet, inTitle: boolean): Pair[] {
  const { quirks } = spec;
  return pairs(spec, sheet, !inTitle && !quirks.bareNumber).filter(
    ({ key }) => !(key === 'date' && (quirks.bareDate || quirks.twoDates)),
  );
}

/** Values without a label, where this vendor puts them. */
function bare(spec: Spec, sheet: Sheet, y: number): number {
  const { quirks, style } = spec;
  const look = sheet.look('bare');
  const atRight = look.chance(0.5);
  let at = y;
  const put = (text: string, field: Mark) => {
    at += style.size + 5;
    sheet.text(atRight ? sheet.right : sheet.left, at, text, {
      size: style.size + look.pick([0, 1]),
      align: atRight ? 'right' : 'left',
      field,
      face: field === 'invoiceNumber' ? 'bold' : 'regular',
    });
  };
  if (quirks.bareNumber) put(spec.number, 'invoiceNumber');
  if (quirks.twoDates) {
    const other = dateText(spec, spec.deliveryDate ?? spec.orderDate ?? spec.issueDate);
    put(dateText(spec, spec.issueDate), 'issueDate');
    sheet.text(atRight ? sheet.right - 90 : sheet.left + 90, at, other, {
      size: style.size,
      align: atRight ? 'right' : 'left',
    });
  } else if (quirks.bareDate)
    put(
      `${spec.vendor.city.replaceAll(/[\d#@-]+ ?|,.*|\(.*/g, '').trim()}, ${dateText(spec, spec.issueDate)}`,
      'issueDate',
    );
  return at > y ? at + 6 : y;
}

function title(spec: Spec, sheet: Sheet, y: number, room = sheet.right - sheet.left): number {
  const { style } = spec;
  const look = sheet.look('title');
  const text = titleOf(spec);
  if (style.title === 'none') return y;
  if (style.title === 'big') {
    const size = look.pick([20, 24, 28]);
    sheet.text(sheet.right, y + size * 0.8, text.toUpperCase(), {
      size,
      face: 'bold',
      align: 'right',
      colour: style.colour,
    });
    return y + size;
  }
  const size = look.pick([11, 13, 15, 17]);
  const withNumber = style.title === 'with-number' && !spec.quirks.bareNumber;
  const joined = withNumber ? `${text} ${look.pick(['', 'Nr. ', 'No. ', ''])}${spec.number}` : text;
  const [x, align] =
    style.title === 'right' && room > 300
      ? ([sheet.right, 'right'] as const)
      : style.title === 'center' && room > 300
        ? ([(sheet.left + sheet.right) / 2, 'center'] as const)
        : ([sheet.left, 'left'] as const);
  const ink = sheet.fitted(joined, room - 8, { size, face: 'bold', align });
  sheet.text(x, y + size, joined, {
    ...ink,
    ...(withNumber && { field: 'invoiceNumber' as const, value: spec.number }),
  });
  return y + size + 10;
}

function window(spec: Spec, sheet: Sheet, x: number, y: number, room: number): number {
  const { vendor, style } = spec;
  const look = sheet.look('window');
  let at = y;
  if (look.chance(0.6) || nameIsDrawn(spec)) {
    const line = `${vendor.name}${look.pick([' · ', ' - ', ' | ', ', '])}${vendor.street}${look.pick([' · ', ' - ', ', '])}${vendor.city}`;
    sheet.text(x, at + 6, line, {
      ...sheet.fitted(line, room, { size: 6.5 }),
      colour: GREY,
      field: 'vendorName',
      value: vendor.name,
    });
    if (look.chance(0.6)) sheet.pen.line(x, at + 9, x + room, at + 9, { width: 0.3, colour: GREY });
    at += 22;
  } else at += 6;
  if (look.chance(0.25)) {
    sheet.text(x, at + 6, label(spec, 'billTo'), { size: style.size - 1, colour: GREY });
    at += style.size + 4;
  }
  return sheet.items(
    x,
    at + 8,
    addressItems(spec.buyer, 'buyerName', { bold: look.chance(0.3), country: look.chance(0.15) }),
    { size: style.size + 0.5, room },
  );
}

interface Panel {
  readonly heading: string;
  readonly items: readonly Item[];
}

function panels(spec: Spec, sheet: Sheet): Panel[] {
  const look = sheet.look('panels');
  const { style, vendor, buyer, shipTo } = spec;
  const contacts = look.chance(0.3) ? [{ text: `${spec.words.phone} ${buyer.phone ?? ''}` }] : [];
  const ids = look.chance(0.35) && buyer.taxId ? [{ text: `${spec.words.vatId} ${buyer.taxId}` }] : [];
  const bill: Panel = {
    heading: label(spec, 'billTo'),
    items: [
      ...addressItems(buyer, 'buyerName', { bold: look.chance(0.4), country: look.chance(0.25) }),
      ...contacts,
      ...ids,
    ],
  };
  const ship: Panel[] = shipTo ? [{ heading: label(spec, 'shipTo'), items: addressItems(shipTo, undefined) }] : [];
  const showVendor = style.vendorDetails === 'party' || style.parties === 'side-by-side' || nameIsDrawn(spec);
  const from: Panel = {
    heading: label(spec, 'from'),
    items: [
      ...addressItems(vendor, 'vendorName', { bold: look.chance(0.4) }),
      ...(style.vendorDetails === 'party'
        ? [...contactItems(spec, sheet).slice(0, 2), ...legalItems(spec, sheet).slice(0, 1)]
        : []),
    ],
  };
  const list = showVendor ? [from, bill, ...ship] : [bill, ...ship];
  return look.chance(0.2) && showVendor ? [bill, from, ...ship] : list;
}

function parties(spec: Spec, sheet: Sheet, y: number): number {
  const { style } = spec;
  const look = sheet.look('parties');
  const list = panels(spec, sheet);
  const wide = sheet.right - sheet.left;
  const columns = Math.max(2, list.length);
  const step = wide / columns;
  const boxed = style.parties === 'boxes';
  const plain = look.chance(0.2) && list.length === 1;
  let bottom = y;
  for (const [i, panel] of list.entries()) {
    const x = sheet.left + i * step + (boxed ? 6 : 0);
    const room = step - (boxed ? 16 : 14);
    let at = y + (boxed ? style.size + 4 : style.size);
    if (!plain) {
      sheet.text(x, at, panel.heading, {
        size: style.size,
        face: 'bold',
        colour: look.chance(0.4) ? style.colour : [0.1, 0.1, 0.12],
      });
      at += style.size * 1.45;
    }
    bottom = Math.max(bottom, sheet.items(x, at, panel.items, { size: style.size, room }));
  }
  if (boxed)
    for (const i of list.keys())
      sheet.pen.rect(sheet.left + i * step, y, step - 6, bottom - y, { stroke: [0.4, 0.4, 0.4], line: 0.5 });
  return bottom;
}

/** Labels and values in the room given; returns the y below. */
function metaBlock(spec: Spec, sheet: Sheet, list: readonly Pair[], x: number, y: number, width: number): number {
  if (list.length === 0) return y;
  switch (spec.style.meta) {
    case 'list':
    case 'list-right':
      return table(spec, sheet, list, x, y, width, spec.style.meta === 'list-right');
    case 'stack':
      return stacked(spec, sheet, list, x, y, width, 2, false);
    case 'grid':
      return stacked(spec, sheet, list, x, y, width, 2, true);
    case 'strip': {
      const columns = Math.min(list.length, sheet.look('strip').integer(4, 6));
      return stacked(spec, sheet, list, x, y, width, columns, sheet.look('strip').chance(0.7));
    }
    case 'two-lists': {
      const middle = Math.ceil(list.length / 2);
      const half = width / 2;
      return Math.max(
        table(spec, sheet, list.slice(0, middle), x, y, half - 16, false),
        table(spec, sheet, list.slice(middle), x + half, y, half, false),
      );
    }
    case 'inline':
    default:
      return inline(spec, sheet, list, x, y, width);
  }
}

function table(
  spec: Spec,
  sheet: Sheet,
  list: readonly Pair[],
  x: number,
  y: number,
  width: number,
  toTheRight: boolean,
): number {
  const { style } = spec;
  const look = sheet.look('meta-list');
  const bold = look.chance(0.35);
  const labelsRight = !toTheRight && look.chance(0.2);
  const size = style.size;
  const labelInk = {
    size,
    face: bold ? ('bold' as const) : ('regular' as const),
    ...(look.chance(0.3) && { colour: GREY }),
  };
  const labels = Math.max(...list.map((pair) => sheet.pen.measure(pair.label, labelInk))) + 10;
  const gap = look.pick([1.35, 1.5, 1.7]);
  let at = y;
  for (const pair of list) {
    at += size * gap;
    const room = width - labels;
    const ink = sheet.fitted(pair.value.text, Math.max(room, 60), { size, ...pair.value });
    if (labelsRight) sheet.text(x + labels - 6, at, pair.label, { ...labelInk, align: 'right' });
    else sheet.text(x, at, pair.label, labelInk);
    if (toTheRight) sheet.text(x + width, at, pair.value.text, { ...ink, align: 'right' });
    else sheet.text(x + labels, at, pair.value.text, ink);
  }
  return at + size * 0.5;
}

/** Label above value, in columns, with or without boxes. */
function stacked(
  spec: Spec,
  sheet: Sheet,
  list: readonly Pair[],
  x: number,
  y: number,
  width: number,
  most: number,
  boxed: boolean,
): number {
  const { style } = spec;
  const look = sheet.look('meta-stack');
  // A value that is wider than its cell (a period of two dates) makes all cells wider.
  const widest = Math.max(...list.map(({ value }) => sheet.pen.measure(value.text, { size: 7 }))) + 10;
  const columns = Math.max(1, Math.min(most, Math.floor(width / widest)));
  const step = width / columns;
  const small = Math.max(6.5, style.size - 1.5);
  const height = small + style.size + 13;
  const filled = boxed && look.chance(0.4);
  const centred = look.chance(0.25);
  const rows = Math.ceil(list.length / columns);
  for (const [i, pair] of list.entries()) {
    const left = x + (i % columns) * step;
    const top = y + Math.floor(i / columns) * height;
    if (filled) sheet.pen.rect(left, top, step, small + 6, { fill: [0.9, 0.9, 0.92] });
    if (boxed) sheet.pen.rect(left, top, step, height, { stroke: [0.35, 0.35, 0.35], line: 0.5 });
    const [tx, align] = centred ? ([left + step / 2, 'center'] as const) : ([left + 4, 'left'] as const);
    const labelInk = sheet.fitted(pair.label, step - 8, { size: small, ...(!filled && { colour: GREY }) });
    sheet.text(tx, top + small + 3, pair.label, { ...labelInk, align });
    const ink = sheet.fitted(pair.value.text, step - 8, { size: style.size, ...pair.value });
    sheet.text(tx, top + small + style.size + 8, pair.value.text, { ...ink, align });
  }
  return y + rows * height;
}

/** "Invoice No. 17 - Date: 3 May 2024 - Customer no.: 44": as many lines as it takes. */
function inline(spec: Spec, sheet: Sheet, list: readonly Pair[], x: number, y: number, width: number): number {
  const { style } = spec;
  const gap = sheet.look('inline').pick([14, 18, 24]);
  let [at, cursor] = [y + style.size * 1.4, x];
  for (const pair of list) {
    const labelWidth = sheet.pen.measure(`${pair.label} `, { size: style.size });
    const valueWidth = sheet.pen.measure(pair.value.text, { size: style.size });
    if (cursor > x && cursor + labelWidth + valueWidth > x + width) {
      cursor = x;
      at += style.size * 1.45;
    }
    sheet.text(cursor, at, pair.label, { size: style.size });
    sheet.text(cursor + labelWidth, at, pair.value.text, { size: style.size, ...pair.value });
    cursor += labelWidth + valueWidth + gap;
  }
  return at + style.size;
}
