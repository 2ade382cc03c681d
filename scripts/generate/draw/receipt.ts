/** Till slips of several widths: shop, lines, sum, tax, how it was paid. */
import { amount, dateText, money, number, percent } from '../format.ts';
import type { Mark, Spec } from '../model.ts';
import { drawMarks } from './marks.ts';
import { markCurrency, totalRows } from './totals.ts';
import { createSheet, type Sheet } from './sheet.ts';

interface Roll {
  readonly sheet: Sheet;
  readonly left: number;
  readonly right: number;
  readonly size: number;
  y: number;
}

export async function drawReceipt(spec: Spec): Promise<Sheet> {
  const width = [164, 190, 205, 226][spec.index % 4] ?? 190;
  const height = 250 + spec.lines.length * 26 + 120;
  const sheet = await createSheet({ ...spec, style: { ...spec.style, margin: 12 } }, [width, height]);
  const look = sheet.look('roll');
  const roll: Roll = { sheet, left: 12, right: width - 12, size: look.pick([7.5, 8, 8.5, 9]), y: 26 };
  shop(spec, roll);
  numbers(spec, roll);
  items(spec, roll);
  sums(spec, roll);
  end(spec, roll);
  drawMarks(spec, sheet);
  sheet.cut(roll.y + 16);
  return sheet;
}

const step = (roll: Roll, lines = 1): number => (roll.y += roll.size * 1.32 * lines);
const centre = (
  roll: Roll,
  text: string,
  ink: { size?: number; face?: 'bold' | 'regular'; field?: Mark; value?: string } = {},
): void => {
  const { sheet } = roll;
  const room = roll.right - roll.left;
  const size = ink.size ?? roll.size;
  const lines =
    sheet.pen.measure(text, { size: 6, ...(ink.face && { face: ink.face }) }) > room
      ? sheet.pen.wrap(text, room, { ...ink, size })
      : [text];
  for (const line of lines) {
    const fitted = sheet.fitted(line, room, { ...ink, size });
    sheet.text(sheet.pen.width / 2, roll.y, line, { ...fitted, align: 'center' });
    step(roll, (fitted.size ?? size) / roll.size);
  }
};
const both = (
  roll: Roll,
  label: string,
  value: string,
  ink: { field?: Mark; value?: string; face?: 'bold' | 'regular'; size?: number } = {},
): void => {
  const size = ink.size ?? roll.size;
  const { field, value: marked, ...plain } = ink;
  const taken = roll.sheet.pen.measure(value, { ...plain, size });
  roll.sheet.text(
    roll.left,
    roll.y,
    label,
    roll.sheet.fitted(label, roll.right - roll.left - taken - 6, { ...plain, size }),
  );
  roll.sheet.text(roll.right, roll.y, value, {
    ...plain,
    size,
    align: 'right',
    ...(field && { field }),
    ...(marked && { value: marked }),
  });
  step(roll, size / roll.size);
};
function dashes(roll: Roll): void {
  const sign = roll.sheet.look('dashes').pick(['-', '=', '*', '.']);
  const count = Math.floor((roll.right - roll.left) / roll.sheet.pen.measure(sign, { size: roll.size }));
  roll.sheet.text(roll.left, roll.y, sign.repeat(count), { size: roll.size });
  step(roll);
}

function shop(spec: Spec, roll: Roll): void {
  const { vendor, words } = spec;
  const look = roll.sheet.look('shop');
  centre(roll, look.chance(0.5) ? vendor.name.toUpperCase() : vendor.name, {
    size: roll.size + look.pick([1, 3, 5]),
    face: 'bold',
    field: 'vendorName',
  });
  centre(roll, vendor.street);
  centre(roll, vendor.city);
  if (look.chance(0.7)) centre(roll, `${words.phone} ${vendor.phone ?? ''}`);
  const id = vendor.taxId ?? '';
  if (look.chance(0.65)) centre(roll, `${words.vatId} ${id}`, { field: 'vendorTaxId', value: id });
  step(roll, 0.5);
  if (look.chance(0.4)) centre(roll, words.receipt.toUpperCase(), { face: 'bold' });
}

function numbers(spec: Spec, roll: Roll): void {
  const look = roll.sheet.look('numbers');
  const chance = roll.sheet.look(`till-${spec.number}`);
  const date = dateText(spec, spec.issueDate);
  const time = `${String(chance.integer(7, 21)).padStart(2, '0')}:${String(chance.integer(0, 59)).padStart(2, '0')}`;
  const style = look.pick(['apart', 'together', 'labelled']);
  const numberLabel = look.pick([spec.words.number, 'No.', '#', `${spec.words.receipt} #`]);
  if (look.chance(0.85)) {
    const text = `${numberLabel} ${spec.number}`;
    roll.sheet.text(roll.left, roll.y, text, {
      ...roll.sheet.fitted(text, roll.right - roll.left, { size: roll.size }),
      field: 'invoiceNumber',
      value: spec.number,
    });
    step(roll);
  }
  if (style === 'apart') {
    roll.sheet.mark(roll.left, roll.y, date, {
      ...roll.sheet.fitted(date, roll.right - roll.left - 40, { size: roll.size }),
      field: 'issueDate',
    });
    both(roll, date, time);
  } else {
    const text =
      style === 'together'
        ? `${date} ${time}`
        : `${spec.words.date.length < 12 ? spec.words.date : 'Date'}: ${date}  ${time}`;
    roll.sheet.text(roll.left, roll.y, text, {
      ...roll.sheet.fitted(text, roll.right - roll.left, { size: roll.size }),
      field: 'issueDate',
      value: date,
    });
    step(roll);
  }
  if (look.chance(0.6))
    both(
      roll,
      `${spec.words.till} ${chance.integer(1, 9)}`,
      look.chance(0.5) ? (spec.vendor.person?.split(' ')[0] ?? '') : `#${chance.digits(4)}`,
    );
  dashes(roll);
}

function items(spec: Spec, roll: Roll): void {
  const look = roll.sheet.look('items');
  const style = look.weighted({ one: 35, under: 25, above: 25, columns: 15 });
  const letters = look.chance(0.35);
  const digits = spec.format.quantityDigits;
  for (const [i, line] of spec.lines.entries()) {
    const mark = (field: string): { field: Mark } => ({ field: `lineItems[${i}].${field}` as Mark });
    const total =
      amount(spec, line.total) +
      (letters ? ` ${spec.totals.taxes.findIndex(({ rate }) => rate === line.rate) === 0 ? 'A' : 'B'}` : '');
    const quantity = number(spec.format, line.quantity, digits);
    const totalInk = {
      ...mark('lineTotal'),
      value: amount(spec, line.total),
      align: 'right' as const,
      size: roll.size,
    };
    const several = line.quantity !== '1' || style === 'columns';
    const left = style === 'columns' ? `${quantity} ` : '';
    const room =
      roll.right -
      roll.left -
      roll.sheet.pen.measure(total, { size: roll.size }) -
      8 -
      roll.sheet.pen.measure(left, { size: roll.size });
    const detail = (x: number) => {
      const text = `${quantity} x ${amount(spec, line.unitPrice)}`;
      roll.sheet.text(x, roll.y, `${quantity} x `, { size: roll.size, ...mark('quantity'), value: quantity });
      roll.sheet.text(
        x + roll.sheet.pen.measure(`${quantity} x `, { size: roll.size }),
        roll.y,
        amount(spec, line.unitPrice),
        { size: roll.size, ...mark('unitPrice') },
      );
      return text;
    };
    if (style === 'above' && several) {
      detail(roll.left);
      step(roll);
    }
    if (left) roll.sheet.text(roll.left, roll.y, left, { size: roll.size, ...mark('quantity'), value: quantity });
    const text = roll.sheet.pen.wrap(line.description, room, { size: roll.size }).slice(0, 2);
    for (const [n, part] of text.entries()) {
      roll.sheet.text(roll.left + roll.sheet.pen.measure(left, { size: roll.size }), roll.y, part, {
        size: roll.size,
        ...mark('description'),
      });
      if (n === 0 && !(style === 'under' && several)) roll.sheet.text(roll.right, roll.y, total, totalInk);
      step(roll);
    }
    if (style === 'under' && several) {
      detail(roll.left + 10);
      roll.sheet.text(roll.right, roll.y, total, totalInk);
      step(roll);
    }
  }
  dashes(roll);
}

function sums(spec: Spec, roll: Roll): void {
  const look = roll.sheet.look('sums');
  const rows = totalRows(spec, roll.sheet).filter(({ field }) => field !== 'netTotal' || look.chance(0.6));
  for (const row of rows) {
    const plain =
      row.field === 'grossTotal'
        ? amount(spec, spec.totals.gross)
        : row.field === 'taxTotal'
          ? amount(spec, spec.totals.tax)
          : row.value;
    both(roll, row.label, row.value, {
      ...(row.field && { field: row.field }),
      ...(row.value.includes(plain) && { value: plain }),
      ...(row.strong && { face: 'bold' as const, size: roll.size + 2 }),
    });
    if (row.strong)
      markCurrency(
        spec,
        roll.sheet,
        row.value.replace(plain, '').trim(),
        roll.right,
        roll.y - (roll.size + 2) * 1.32,
        row.value,
        { size: roll.size + 2, face: 'bold', align: 'right' },
      );
  }
  if (look.chance(0.3) && spec.taxCase === 'included')
    for (const { rate, base, amount: tax } of spec.totals.taxes)
      both(roll, `${percent(spec, rate)}  ${amount(spec, base)}`, amount(spec, tax));
}

function end(spec: Spec, roll: Roll): void {
  const { paid, words } = spec;
  const look = roll.sheet.look('end');
  step(roll, 0.4);
  if (paid?.how === 'cash') {
    both(roll, words.cash, money(spec, paid.tendered));
    both(roll, words.change, money(spec, paid.change));
  } else if (paid) {
    both(roll, words.card, money(spec, paid.tendered));
    if (look.chance(0.5)) both(roll, `**** **** **** ${roll.sheet.look(`card-${spec.number}`).digits(4)}`, '');
  }
  step(roll, 0.6);
  centre(roll, spec.notes[0] ?? spec.vendor.web ?? '');
  centre(roll, look.pick(['*** ***', 'www', spec.vendor.web ?? '']));
}
