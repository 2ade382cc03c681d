import { expect, test } from 'vitest';
import type { PageReading, ReadCell, Reading } from '../contract/reading.ts';
import { withTrust } from './apply.ts';
import { trustTargets } from './targets.ts';

const word = (text: string, x: number, y: number, wide = 400): PageReading['words'][number] => ({
  text,
  box: [x, y, x + wide, y + 100],
  confidence: 1,
});
const PAGE: PageReading = {
  page: 1,
  width: 595,
  height: 842,
  source: 'text',
  words: [word('IBAN', 100, 100), word('DE89', 600, 100), word('3704', 600, 250), word('119,00', 3000, 600)],
  turned: 0,
  skew: 0,
};
const cell = (value: string, box: [number, number, number, number], more: Partial<ReadCell> = {}): ReadCell => ({
  value,
  text: value,
  page: 1,
  box,
  source: 'text',
  confidence: 0.97,
  reasons: ['checksum'],
  candidates: [],
  ...more,
});
const reading = (header: Reading['header'], pages = [PAGE]): Reading => ({
  v: 1,
  engineVersion: '1',
  document: '0',
  source: 'text',
  pages,
  header,
  lines: [],
  taxRows: [],
  notes: [],
});
const IBAN = cell('DE893704', [600, 100, 1000, 350]);

test('each line of a value is a part of its own, with the words of the text layer', () => {
  const [target] = trustTargets(reading({ vendorIban: IBAN }));
  expect(target?.parts).toEqual([
    { page: 1, box: [600, 100, 1000, 200], text: 'DE89', turned: 0 },
    { page: 1, box: [600, 250, 1000, 350], text: '3704', turned: 0 },
  ]);
});

test('only what rests on a text layer is looked at', () => {
  const total = cell('119', [3000, 600, 3400, 700]);
  expect(trustTargets(reading({ grossTotal: total })).map(({ field }) => field)).toEqual(['grossTotal']);
  expect(trustTargets(reading({ grossTotal: { ...total, source: 'xml' } }))).toEqual([]);
  expect(trustTargets(reading({ grossTotal: total }, [{ ...PAGE, source: 'ocr' }]))).toEqual([]);
  expect(trustTargets(reading({ netTotal: total }))).toEqual([]);
});

test('other accounts are looked at, too', () => {
  const other = {
    value: 'GB00',
    text: '119,00',
    page: 1,
    box: [3000, 600, 3400, 700] as const,
    score: 0.4,
    reasons: [],
  };
  const account = { ...IBAN, candidates: [{ ...other, box: [...other.box], source: 'text' }] } as ReadCell;
  expect(trustTargets(reading({ vendorIban: account })).map(({ passedOver }) => passedOver)).toEqual([false, true]);
});

test('a disagreement takes the confidence and leaves a note; agreement changes nothing', () => {
  const before = reading({ vendorIban: IBAN });
  const targets = trustTargets(before);
  expect(withTrust(before, targets, [{ verdict: 'agree', seen: '' }])).toBe(before);
  expect(withTrust(before, targets, [{ verdict: 'unsure', seen: 'x' }])).toBe(before);
  const after = withTrust(before, targets, [{ verdict: 'differs', seen: 'DE88 3704' }]);
  expect(after.header.vendorIban).toMatchObject({ confidence: 0.2, reasons: ['checksum', 'seen:DE88 3704'] });
  expect(after.notes).toEqual([
    {
      code: 'TEXT_LAYER_MISMATCH',
      page: 1,
      params: { field: 'vendorIban', said: 'DE89 3704', value: 'DE893704', seen: 'DE88 3704' },
    },
  ]);
});
