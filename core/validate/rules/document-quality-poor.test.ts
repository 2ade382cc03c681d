import { expect, test } from 'vitest';
import { said } from '../testing.ts';
import { documentQualityPoor } from './document-quality-poor.ts';

const page = { width: 2480, height: 3508, source: 'ocr' as const };
const header = { invoiceNumber: '1' };

test('a page that could not be read is named', () => {
  const reading = {
    pages: [
      { page: 1, ...page },
      { page: 2, ...page, problem: 'timeout' },
    ],
  };
  expect(said(documentQualityPoor, { header, reading })).toEqual([
    'warning: Page 2 could not be read: reading took longer than the limit allows.',
  ]);
});

test('a page of which too little was read is named', () => {
  const reading = {
    pages: [
      { page: 1, ...page, coverage: 0.62 },
      { page: 2, ...page, coverage: 0.93 },
      { page: 3, ...page, coverage: 0.98, quality: 0.41 },
    ],
  };
  expect(said(documentQualityPoor, { header, reading })).toEqual([
    'warning: Page 1: only 62% of what looks like text could be read.',
    'warning: Page 3: only 41% of what looks like text could be read.',
  ]);
});

test('a blank page and a page read well are no findings', () => {
  const reading = {
    pages: [
      { page: 1, ...page, coverage: 0.97 },
      { page: 2, ...page, problem: 'blank-page', coverage: 0 },
    ],
  };
  expect(said(documentQualityPoor, { header, reading })).toEqual([]);
});
