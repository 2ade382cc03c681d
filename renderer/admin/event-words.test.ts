import { expect, test } from 'vitest';
import { EVENT_KINDS } from '../../core/access/audit-event.ts';
import type { SecurityEvent } from '../../core/contract/access.ts';
import { setLanguage, setNames } from '../text.ts';
import { detailWords, EVENT_GROUPS, kindWords, whoWords } from './event-words.ts';

const event = (kind: string, data: Record<string, string>): SecurityEvent => ({
  seq: 1,
  at: '2026-05-01T06:00:00Z',
  kind,
  actor: 'unknown',
  data,
  hash: '',
});

test('every kind has words in both languages and stands in one group', () => {
  for (const language of ['en', 'de'] as const) {
    setLanguage(language);
    for (const kind of EVENT_KINDS) expect(kindWords(kind)).not.toBe(kind);
  }
  expect(Object.values(EVENT_GROUPS).flat().toSorted()).toEqual([...EVENT_KINDS].toSorted());
});

test('details name people and say amounts as the language writes them', () => {
  setLanguage('en');
  setNames([{ actor: 'user:7', name: 'Bruno Keel' }]);
  expect(detailWords(event('user.role', { user: '7', from: 'reviewer', to: 'approver' }))).toBe(
    'Bruno Keel, from Reviewer, to Approver',
  );
  expect(detailWords(event('user.limits', { user: '7', from: 'none', to: 'EUR 1000000, JPY 500' }))).toBe(
    'Bruno Keel, from no limits, to EUR\u00a010,000.00, JPY\u00a0500',
  );
  expect(detailWords(event('sign-in', { address: '::1', how: 'password and code' }))).toBe(
    'by password and code, from ::1',
  );
  expect(whoWords('user:8')).toBe('somebody else');
});

test('what a newer server tells is shown as it is', () => {
  expect(kindWords('moon.landed')).toBe('moon.landed');
  expect(detailWords(event('moon.landed', { crater: 'Tycho' }))).toBe('Tycho');
});
