/** Totals of a vendor that was learned from: chosen together, and what is due has its own place. */
import { expect, test } from 'vitest';
import type { PageReading, ReadCell } from '../contract/reading.ts';
import { extract } from '../extract/extract.ts';
import { sheet } from '../extract/testing.ts';
import type { HeaderField } from '../invoice/fields.ts';
import { learn } from './learn.ts';
import type { Confirmed, Memory } from './lesson.ts';
import { followGross, keepSums } from './sums.ts';

const VENDOR = 'Climas Herreros S.L.';
const row = (label: string, amount: string): string => `${' '.repeat(50)}${label.padEnd(24)}${amount.padStart(12)}`;

interface Sums {
  readonly number: string;
  readonly item: string;
  /** Labels and amounts, from top to bottom. */
  readonly sums: readonly (readonly [string, string])[];
}

const page = ({ number, item, sums }: Sums): PageReading =>
  sheet(
    [
      VENDOR,
      'Calle Mayor 4, 08013 Barcelona',
      '',
      `Factura ${number}${' '.repeat(30)}Fecha 13-07-2024`,
      '',
      `${'Concepto'.padEnd(74)}${'Importe'.padStart(12)}`,
      `${'Servicios de limpieza'.padEnd(74)}${item.padStart(12)}`,
      '',
      ...sums.map(([label, amount]) => row(label, amount)),
      '',
      `${VENDOR}, NIF ESB58378431, admin@climas-herreros.example`,
    ].join('\n'),
  );

type Values = Partial<Record<HeaderField, string>>;

function memoryOf(...taught: readonly (readonly [Sums, Values])[]): Memory {
  const lessons = taught.map(([sums, values]) => {
    const { header } = extract([page(sums)]);
    const fields: Partial<Record<HeaderField, Confirmed>> = {};
    for (const [field, cell] of Object.entries(header))
      fields[field as HeaderField] = { value: cell.value, was: cell, by: 'accepted', page: cell.page, box: cell.box };
    for (const [field, value] of Object.entries({ vendorName: VENDOR, ...values }) as [HeaderField, string][])
      if (header[field]?.value !== value) fields[field] = { value, was: header[field] ?? null, by: 'corrected' };
    const lesson = learn({ invoice: sums.number, document: sums.number, pages: [page(sums)], fields, rates: [] });
    if (lesson === undefined) throw new Error('nothing was learned');
    return { id: sums.number, vendor: 'climas', lesson };
  });
  return { lessons, vendorsOf: {} };
}

const read = (sums: Sums, memory: Memory): Values => {
  const { header } = extract([page(sums)], memory);
  const fields = ['netTotal', 'taxTotal', 'grossTotal', 'amountDue'] as const;
  return Object.fromEntries(fields.map((field) => [field, header[field]?.value]));
};

const plain: Sums = {
  number: 'F-24/101',
  item: '1.000,00',
  sums: [
    ['Base imponible', '1.000,00'],
    ['IVA 21%', '210,00'],
    ['A liquidar', '1.210,00'],
  ],
};
const withheld: Sums = {
  number: 'F-24/140',
  item: '1.977,60',
  sums: [
    ['Total bruto', '1.977,60'],
    ['Recargo combustible', '22,40'],
    ['Base imponible', '2.000,00'],
    ['IVA 21%', '420,00'],
    ['A liquidar', '2.420,00'],
    ['Retención IRPF 15%', '300,00-'],
    ['A pagar', '2.120,00'],
  ],
};

test('what is due keeps its own label where the gross total moves to the place that was learned', () => {
  const first: Sums = {
    number: 'F-24/120',
    item: '700,00',
    sums: [
      ['Base imponible', '700,00'],
      ['IVA 21%', '147,00'],
      ['A liquidar', '847,00'],
      ['Retención IRPF 15%', '105,00-'],
      ['A pagar', '742,00'],
    ],
  };
  const memory = memoryOf([first, { netTotal: '700', taxTotal: '147', grossTotal: '847', amountDue: '742' }]);
  expect(read(withheld, memory)).toEqual({ netTotal: '2000', taxTotal: '420', grossTotal: '2420', amountDue: '2120' });
});

const bare = (number: string, [net, tax, gross]: readonly [string, string, string], note: string): Sums => ({
  number,
  item: net,
  sums: [
    ['Subtotal', net],
    [note, tax],
    ['Impuesto total', tax],
    ['', gross],
    ['Peso en kg', '1.311,50'],
  ],
});

test('a total that no label names is found where the last one stood, where it makes the sums add up', () => {
  const first = bare('F-24/101', ['1.000,00', '160,10', '1.160,10'], 'IVA 21% de 762,38');
  const next = bare('F-24/102', ['3.000,00', '510,20', '3.510,20'], 'IVA 21% de 2.429,52');
  const memory = memoryOf([first, { netTotal: '1000', taxTotal: '160.1', grossTotal: '1160.1' }]);
  expect(read(next, memory)).toMatchObject({ netTotal: '3000', taxTotal: '510.2', grossTotal: '3510.2' });
});

test('sums that add up as read are not broken by places that look alike', () => {
  const swapped: Sums = {
    number: 'F-24/103',
    item: '4.000,00',
    sums: [
      ['Base imponible', '4.000,00'],
      ['IVA 21%', '840,00'],
      ['A liquidar', '4.840,00'],
      ['A pagar en enero', '2.420,00'],
      ['A pagar en febrero', '2.420,00'],
    ],
  };
  const memory = memoryOf([plain, { netTotal: '1000', taxTotal: '210', grossTotal: '1210' }]);
  expect(read(swapped, memory)).toMatchObject({ netTotal: '4000', taxTotal: '840', grossTotal: '4840' });
});

const cell = (value: string, reasons: string[] = []): ReadCell => ({
  value,
  text: value,
  source: 'text',
  confidence: 0.5,
  reasons,
  candidates: [],
});
const choice = (value: string, score: number) => ({ cell: cell(value), score });
const nobody = { vendor: 'v', name: 'V', lessons: [], all: [] };

test('of what stands where totals stood, the three that add up are taken', () => {
  const header = { netTotal: cell('1000'), taxTotal: cell('160.1'), grossTotal: cell('1000') };
  keepSums(header, header, nobody, {
    netTotal: [choice('1000', 0.95)],
    taxTotal: [choice('160.1', 0.9)],
    grossTotal: [choice('1000', 0.85), choice('1160.1', 0.8), choice('1311.5', 0.82)],
  });
  expect(header.grossTotal.value).toBe('1160.1');
});

test('amounts that add up elsewhere are chance', () => {
  const header = { netTotal: cell('1000'), taxTotal: cell('160.1'), grossTotal: cell('1000') };
  const before = { ...header };
  keepSums(header, before, nobody, {
    netTotal: [choice('1000', 0.95), choice('10', 0.5)],
    taxTotal: [choice('160.1', 0.9), choice('2', 0.5)],
    grossTotal: [choice('1000', 0.85), choice('12', 0.5), choice('1160.1', 0.4)],
  });
  expect(header).toEqual(before);
});

test.each([
  ['follows', ['equals:grossTotal'], '2420'],
  ['keeps its label', ['label:A pagar', 'equals:grossTotal'], '2120'],
  ['keeps its learnt place', ['equals:grossTotal', 'memory:2'], '2120'],
])('where the gross total moves, what is due %s', (_how, reasons, expected) => {
  const header = { grossTotal: cell('2420'), amountDue: cell('2120', reasons) };
  followGross(header, { grossTotal: cell('2120') });
  expect(header.amountDue.value).toBe(expected);
});
