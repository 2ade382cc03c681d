import { expect, test } from 'vitest';
import type { ReadCell } from '../contract/reading.ts';
import { dayFirstIn } from './day-order.ts';

const date = (text: string, value: string): ReadCell => ({
  text,
  value,
  source: 'ocr',
  confidence: 0.9,
  reasons: [],
  candidates: [],
});

test('a date that was read says how the others are written', () => {
  expect(dayFirstIn({ header: { issueDate: date('03/04/2026', '2026-04-03') } })).toBe(true);
  expect(dayFirstIn({ header: { issueDate: date('03/04/26', '2026-03-04') } })).toBe(false);
  expect(dayFirstIn({ header: { issueDate: date('3 April 2026', '2026-04-03') } })).toBeNull();
  expect(
    dayFirstIn({ header: { issueDate: date('04/04/2026', '2026-04-04'), dueDate: date('5/4/2026', '2026-05-04') } }),
  ).toBe(false);
  expect(dayFirstIn({ header: {} })).toBeNull();
});
