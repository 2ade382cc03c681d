import { expect, test } from 'vitest';
import { buildLayout } from '../layout/lines.ts';
import { sheet } from '../testing.ts';
import { findDates, isAmbiguous } from './date.ts';

const read = (text: string) =>
  buildLayout([sheet(text)])
    .lines.flatMap(findDates)
    .map((d) => d.dayFirst ?? d.monthFirst);

test.each([
  ['31.12.2023', '2023-12-31'],
  ['31. 12. 2023', '2023-12-31'],
  ['2023-12-31', '2023-12-31'],
  ['31/12/23', '2023-12-31'],
  ['12/31/2023', '2023-12-31'],
  ['7. Mai 2014', '2014-05-07'],
  ['3. März 2024', '2024-03-03'],
  ['le 31 octobre 2017', '2017-10-31'],
  ['1er février 2020', '2020-02-01'],
  ['19 april 2014', '2014-04-19'],
  ['15 de enero de 2021', '2021-01-15'],
  ['2 gennaio 2022', '2022-01-02'],
  ['5 de março de 2022', '2022-03-05'],
  ['February 17, 2026', '2026-02-17'],
  ['Mar 3rd, 2024', '2024-03-03'],
  ['03-Jan-2020', '2020-01-03'],
])('%s is %s', (text, date) => {
  expect(read(text)).toEqual([date]);
});

test('days that do not exist and numbers that are no dates', () => {
  expect(read('31.02.2023 10.20.30.40 1.2.3 99/99/2020 12/2020')).toEqual([]);
});

test('both readings are kept where day and month could be swapped', () => {
  const [date] = buildLayout([sheet('03/04/2024')]).lines.flatMap(findDates);
  expect(date && isAmbiguous(date)).toBe(true);
  expect([date?.dayFirst, date?.monthFirst]).toEqual(['2024-04-03', '2024-03-04']);
});
