import { describe, expect, test } from 'vitest';
import type { PageReading, Reading } from '../core/contract/reading.ts';
import type { Pool } from './pool.ts';
import { readDocument } from './read-document.ts';
import { createUsualLanguage, type UsualLanguage } from './usual-language.ts';

const PAGE: PageReading = {
  page: 1,
  width: 595,
  height: 842,
  source: 'text',
  words: [{ text: '119.00', box: [100, 100, 600, 200], confidence: 1 }],
  turned: 0,
  skew: 0,
};
const READING = {
  v: 1,
  engineVersion: '1',
  document: '0',
  source: 'text',
  pages: [PAGE],
  header: {
    grossTotal: {
      value: '119',
      text: '119.00',
      page: 1,
      box: [100, 100, 600, 200],
      source: 'text',
      confidence: 0.98,
      reasons: [],
      candidates: [],
    },
  },
  lines: [],
  taxRows: [],
  notes: [],
} as unknown as Reading;

/** Everything but the check answers as it should. */
const poolThat = (check: () => Promise<unknown>): Pool =>
  ({
    threads: 1,
    run: (name: string) =>
      name === 'readPage'
        ? Promise.resolve({ kind: 'page', page: PAGE, ms: {} })
        : name === 'extract'
          ? Promise.resolve({ kind: 'reading', reading: READING, ms: {} })
          : check(),
    close: () => Promise.resolve(),
  }) as unknown as Pool;

async function read(check: () => Promise<unknown>, trust = true): Promise<Reading> {
  const source = { path: 'a.pdf', name: 'a.pdf', sha256: '0' };
  const seen = { kind: 'document', type: 'pdf', mime: 'application/pdf', pages: 1 } as const;
  const outcome = await readDocument(source, seen, {
    pool: poolThat(check),
    languages: ['eng'],
    automatic: false,
    trust,
  });
  if (outcome.kind !== 'reading') throw new Error(outcome.detail);
  return outcome.reading;
}

const looked = (verdict: string, seen: string) => async () => ({
  kind: 'checked',
  results: [{ verdict, seen }],
  ms: {},
});

test('what the page does not show loses its confidence and is noted', async () => {
  const reading = await read(looked('differs', '191.00'));
  expect(reading.header.grossTotal).toMatchObject({ value: '119', confidence: 0.2 });
  expect(reading.notes).toMatchObject([{ code: 'TEXT_LAYER_MISMATCH', params: { value: '119', seen: '191.00' } }]);
  expect(await read(looked('agree', '119.00'))).toBe(READING);
});

test('a check that fails, is too slow or has a defect takes nothing from the reading', async () => {
  const slow = await read(async () => ({ kind: 'unreadable', reason: 'timeout', detail: '' }));
  expect(slow.header).toEqual(READING.header);
  expect(slow.notes).toEqual([{ code: 'TEXT_LAYER_UNCHECKED', params: { reason: 'timeout' } }]);
  const broken = await read(() => Promise.reject(new Error('a defect')));
  expect(broken.header).toEqual(READING.header);
  expect(broken.notes).toEqual([{ code: 'TEXT_LAYER_UNCHECKED', params: { reason: 'engine-error' } }]);
});

describe('the language that is tried first', () => {
  const [nld, por] = [['nld'], ['por', 'eng']];

  /** Four pages, one after the other: Dutch, digital, Portuguese, Portuguese. What each was to be tried in. */
  async function guesses(automatic: boolean, usual?: UsualLanguage): Promise<unknown[]> {
    const tried: unknown[] = [];
    const pool = {
      threads: 1,
      run: async (name: string, { page, likely }: { page: number; likely?: string }) => {
        if (name !== 'readPage') return { kind: 'reading', reading: READING, ms: {} };
        tried.push(likely);
        const languages = [undefined, nld, undefined, por, por][page];
        return { kind: 'page', page: { ...PAGE, page, ...(languages && { source: 'ocr', languages }) }, ms: {} };
      },
    } as unknown as Pool;
    const seen = { kind: 'document', type: 'pdf', mime: 'application/pdf', pages: 4 } as const;
    const options = { pool, languages: ['eng'], automatic, trust: false, ...(usual && { usual }) };
    await readDocument({ path: 'a.pdf', name: 'a.pdf', sha256: '0' }, seen, options);
    return tried;
  }

  test('is that of most documents lately, then that of the last page that was read by OCR', async () => {
    const usual = createUsualLanguage();
    usual.saw('de');
    expect(await guesses(true, usual)).toEqual(['de', 'nld', 'nld', 'por']);
    expect(await guesses(true)).toEqual([undefined, 'nld', 'nld', 'por']);
  });

  test('is not guessed, nor waited for, where exactly the languages of the settings are read', async () => {
    const usual = { ...createUsualLanguage(), guess: () => Promise.reject(new Error('asked')) };
    expect(await guesses(false, usual)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

test('where text layers are believed nobody looks', async () => {
  expect(await read(() => Promise.reject(new Error('asked')), false)).toBe(READING);
});
