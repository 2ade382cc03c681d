/** What one or two confirmed invoices teach, and what the next page of the vendor gets from it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Extraction, PageReading } from '../contract/reading.ts';
import { extract, vendorKeys } from '../extract/extract.ts';
import { sheet } from '../extract/testing.ts';
import type { HeaderField } from '../invoice/fields.ts';
import { learn } from './learn.ts';
import type { Confirmed, KnownLesson, Memory } from './lesson.ts';

interface Odd {
  readonly folio: string;
  readonly order?: string;
  readonly date: string;
  readonly goods: readonly (readonly [string, string])[];
  readonly net: string;
  readonly levy: string;
  readonly all: string;
  readonly iban?: string;
  readonly vendor?: string;
  readonly vat?: string;
}

const IBAN = 'GB33BUKB20201555555555';
const FIRST: Odd = {
  folio: 'QT/4711',
  order: 'K-90-1',
  date: '04.03.2026',
  goods: [['Brass fitting', '500.00']],
  net: '500.00',
  levy: '100.00',
  all: '600.00',
};
const SECOND: Odd = {
  folio: 'QT/4720',
  order: 'K-91-7',
  date: '05.04.2026',
  goods: [
    ['Brass fitting', '300.00'],
    ['Steel fitting', '400.00'],
    ['Copper fitting', '200.00'],
    ['Tin fitting', '99.00'],
  ],
  net: '999.00',
  levy: '199.80',
  all: '1198.80',
};

const right = (label: string, amount: string): string => `${' '.repeat(50)}${label.padEnd(24)}${amount.padStart(10)}`;

/** A page whose words for things no reader knows. */
function page(odd: Odd, source: 'text' | 'ocr' = 'text'): PageReading {
  const { vendor = 'Quillon & Thrush Ltd', vat = 'GB980780684', iban = IBAN, order = 'K-1-1' } = odd;
  return sheet(
    [
      'Makers of instruments since 1911',
      '',
      `Harbour Street Clinic${' '.repeat(40)}Leaf ${odd.folio}`,
      `4 Harbour Street${' '.repeat(45)}Drawn up ${odd.date}`,
      `Bristol BS1 5DB${' '.repeat(46)}Prompted by ${order}`,
      '',
      'What we made',
      ...odd.goods.map(([what, amount]) => `${what.padEnd(74)}${amount.padStart(10)}`),
      '',
      right('Before levy', odd.net),
      right('Levy 20%', odd.levy),
      right('Settles at GBP', odd.all),
      '',
      `${vendor}, VAT No ${vat}, office@${vendor.split(' ')[0]?.toLowerCase()}.example, IBAN ${iban}`,
    ].join('\n'),
    { source },
  );
}

const truth = (odd: Odd): Partial<Record<HeaderField, string>> => ({
  invoiceNumber: odd.folio,
  poNumber: odd.order ?? 'K-1-1',
  issueDate: odd.date.split('.').toReversed().join('-'),
  vendorName: odd.vendor ?? 'Quillon & Thrush Ltd',
  netTotal: String(Number(odd.net)),
  taxTotal: String(Number(odd.levy)),
  grossTotal: String(Number(odd.all)),
});

function lessonOf(odd: Odd, id = odd.folio, source: 'text' | 'ocr' = 'text'): KnownLesson {
  const pages = [page(odd, source)];
  const read = extract(pages);
  const fields: Partial<Record<HeaderField, Confirmed>> = {};
  for (const [field, cell] of Object.entries(read.header))
    fields[field as HeaderField] = { value: cell.value, was: { value: cell.value }, by: 'accepted' };
  for (const [field, value] of Object.entries(truth(odd)) as [HeaderField, string][])
    if (read.header[field]?.value !== value)
      fields[field] = { value, was: read.header[field] ? { value: read.header[field].value } : null, by: 'corrected' };
  const lesson = learn({ invoice: id, document: id, pages, fields, rates: ['20'] });
  if (lesson === undefined) throw new Error('nothing was learned');
  return { id, vendor: 'quillon', lesson };
}

const memoryOf = (...lessons: KnownLesson[]): Memory => ({ lessons, vendorsOf: {} });
const values = ({ header }: Extraction, fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, header[field as HeaderField]?.value]));

test('one correction is enough for the next page, however long its table', () => {
  const wanted = truth(SECOND);
  const names = Object.keys(wanted);
  expect(values(extract([page(SECOND)]), names)).not.toEqual(wanted);
  const read = extract([page(SECOND)], memoryOf(lessonOf(FIRST)));
  expect(values(read, names)).toEqual(wanted);
  expect(read.header.invoiceNumber).toMatchObject({ source: 'vendor-memory', reasons: ['memory:1'] });
  expect(read.header.invoiceNumber?.confidence).toBeLessThanOrEqual(0.9);
  expect(read.memory).toMatchObject({ vendor: 'quillon', lessons: ['QT/4711'] });
  expect(Object.keys(read.memory?.before ?? {})).toContain('invoiceNumber');
});

test('two corrections are surer than one', () => {
  const third: Odd = { ...FIRST, folio: 'QT/4733', date: '06.05.2026' };
  const read = extract([page(third)], memoryOf(lessonOf(SECOND), lessonOf(FIRST)));
  expect(read.header.invoiceNumber).toMatchObject({ value: 'QT/4733', reasons: ['memory:2'] });
  expect(read.header.invoiceNumber?.confidence).toBeGreaterThanOrEqual(0.95);
});

test('the order of day and month is the vendor’s', () => {
  const read = extract([page(SECOND)], memoryOf(lessonOf({ ...FIRST, date: '13.03.2026' }), lessonOf(FIRST)));
  expect(read.header.issueDate?.value).toBe('2026-04-05');
});

test('a misread letter in a label does not hide the place', () => {
  const spoilt = page({ ...SECOND, order: 'K-91-7' }, 'ocr');
  const words = spoilt.words.map((word) => ({ ...word, text: word.text === 'Prompted' ? 'Prornpted' : word.text }));
  const read = extract([{ ...spoilt, words }], memoryOf(lessonOf(FIRST)));
  expect(read.header.poNumber?.value).toBe('K-91-7');
});

test('an account that differs is never replaced, and said', () => {
  const other = 'DE89370400440532013000';
  const read = extract([page({ ...SECOND, iban: other })], memoryOf(lessonOf(FIRST)));
  expect(read.header.vendorIban).toMatchObject({ value: other, confidence: expect.closeTo(0.6, 1) });
  expect(read.header.vendorIban?.confidence).toBeLessThanOrEqual(0.6);
  expect(read.notes).toContainEqual({
    code: 'IBAN_DIFFERS_FROM_KNOWN',
    page: 1,
    params: { read: other, known: IBAN },
  });
});

test('an account that is not printed is not supplied', () => {
  const bare = page(SECOND);
  const words = bare.words.filter((word) => word.text !== IBAN && word.text !== 'IBAN');
  expect(extract([{ ...bare, words }], memoryOf(lessonOf(FIRST))).header.vendorIban).toBeUndefined();
});

test('another vendor with the same form and the same buyer is not taken for this one', () => {
  const other: Odd = { ...SECOND, vendor: 'Marlow Springs Ltd', vat: 'GB123456782', iban: 'GB94BARC10201530093459' };
  const memory = memoryOf(lessonOf(FIRST));
  expect(extract([page(other)], memory)).toEqual(extract([page(other)]));
});

test('a key of many vendors says nothing', () => {
  const lesson = lessonOf(FIRST);
  const vendorsOf = Object.fromEntries(lesson.lesson.keys.map(({ key }) => [key, 12]));
  expect(extract([page(SECOND)], { lessons: [lesson], vendorsOf }).memory).toBeUndefined();
});

const word = fc.stringMatching(/^[A-Z][a-z]{3,9}$/);

test('a page that shares no key with a lesson is read as if there were none', () => {
  const lesson = lessonOf(FIRST);
  const known = new Set(lesson.lesson.keys.map(({ key }) => key));
  fc.assert(
    fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 20 }), (rows) => {
      const pages = [sheet(rows.map((row) => row.join(' ')).join('\n'))];
      fc.pre(!vendorKeys(pages).some((key) => known.has(key)));
      expect(extract(pages, memoryOf(lesson))).toEqual(extract(pages));
    }),
    { numRuns: 40 },
  );
});

const money = (n: number): string => (n / 100).toFixed(2);

test('what memory gives is read from this page, or is the vendor’s own', () => {
  const fixed = new Set<string>(['vendorName', 'currency', 'documentType']);
  const memory = memoryOf(lessonOf(FIRST), lessonOf(SECOND));
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 9_999 }), fc.integer({ min: 1_000, max: 90_000 }), (folio, cents) => {
      const net = cents * 5;
      const odd: Odd = {
        ...FIRST,
        folio: `QT/${folio}`,
        net: money(net),
        levy: money(cents),
        all: money(net + cents),
        goods: [['Brass fitting', money(net)]],
      };
      const [one] = [page(odd)];
      const printed = one.words
        .map(({ text }) => text)
        .join(' ')
        .replaceAll(/[^A-Za-z0-9]/g, '');
      for (const [field, cell] of Object.entries(extract([one], memory).header)) {
        if (cell.source !== 'vendor-memory' || fixed.has(field)) continue;
        expect(printed).toContain(cell.text.replaceAll(/[^A-Za-z0-9]/g, ''));
      }
    }),
    { numRuns: 15 },
  );
});

test('lessons are small', () => {
  expect(JSON.stringify(lessonOf(FIRST).lesson).length).toBeLessThan(24_000);
});
