import { expect, test } from 'vitest';
import { unreadableLine } from './extract-line.ts';

test('a document that could not be read has a line with its reason', () => {
  const origin = { file: 'a/b.pdf', part: 2, ms: 7, language: 'en' as const };
  const line = unreadableLine({ kind: 'unreadable', reason: 'encrypted', detail: '' }, origin);
  expect(line).toMatchObject({
    file: 'a/b.pdf',
    part: 2,
    source: 'none',
    unreadable: { reason: 'encrypted' },
    lineItems: [],
    findings: [{ code: 'EXTRACTION_ERROR', severity: 'error' }],
  });
});
