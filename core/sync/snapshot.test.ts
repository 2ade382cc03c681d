import { expect, test } from 'vitest';
import type { SnapshotManifest } from '../contract/snapshot.ts';
import { snapshotProofText } from '../contract/snapshot.ts';
import { isSnapshotDue, judgeOffer, manifestText } from './snapshot.ts';

const HOUR = 3_600_000;
const due = (seq: number, made?: { seq: number; ageMs: number; epoch?: number }): boolean =>
  isSnapshotDue({
    history: { epoch: 2, seq },
    nowMs: 1_000 * HOUR,
    newest:
      made === undefined ? undefined : { epoch: made.epoch ?? 2, seq: made.seq, madeMs: 1_000 * HOUR - made.ageMs },
  });

test('one is made for a log that is worth it, of the history of today, and again where it has grown or is old', () => {
  expect([due(100), due(6_000), due(6_000, { seq: 6_000, ageMs: HOUR, epoch: 1 })]).toEqual([false, true, true]);
  expect([due(1_000_000, { seq: 900_001, ageMs: HOUR }), due(1_000_000, { seq: 900_000, ageMs: HOUR })]).toEqual([
    true,
    true,
  ]);
  expect(due(1_000_000, { seq: 990_000, ageMs: HOUR })).toBe(false);
  expect(due(1_000_000, { seq: 100, ageMs: HOUR / 4 })).toBe(false);
  expect([due(6_001, { seq: 6_000, ageMs: 200 * HOUR }), due(6_000, { seq: 6_000, ageMs: 200 * HOUR })]).toEqual([
    true,
    false,
  ]);
});

const manifest: SnapshotManifest = {
  v: 1,
  site: 'north',
  epoch: 2,
  seq: 900,
  site_hash: 'a'.repeat(64),
  sha256: 'b'.repeat(64),
  size: 10,
  database_size: 40,
  database_version: 8,
  op_schema: 4,
  invoices: 3,
  ops: 20,
  made_at: '2026-01-01T00:00:00.000Z',
};
const facts = { site: 'north', keys: ['right'], epoch: 2, head: 1_000, databaseVersion: 8, opSchema: 4 };
const signed = (of: object, keys = ['right']) => {
  const text = manifestText(of as SnapshotManifest);
  return { manifest: text, signature: 's'.repeat(86), keys };
};
const judged = (offer: ReturnType<typeof signed> | null, more: Partial<typeof facts> = {}) =>
  judgeOffer(
    offer,
    { ...facts, ...more },
    (key, text) => key === 'right' && text.startsWith('ap-intake snapshot v1\n'),
  );

test('only what the site signed, of this history and of a version that is known, is begun with', () => {
  expect(judged(signed(manifest))).toEqual({ kind: 'use', manifest });
  expect(snapshotProofText('x')).toBe('ap-intake snapshot v1\nx');
  expect(judged(null)).toMatchObject({ kind: 'replay', why: 'none' });
  // Its own word for whose it is counts for nothing.
  expect(judged(signed(manifest, ['right']), { keys: ['another'] })).toMatchObject({
    kind: 'bad',
    why: 'the signature',
  });
  expect(judged(signed(manifest, ['another']), { keys: ['older', 'right'] })).toMatchObject({ kind: 'use' });
  expect(judged(signed(manifest), { keys: [] })).toMatchObject({ kind: 'replay', why: 'key' });
  expect(judged(signed({ ...manifest, site: 'south' }))).toMatchObject({ kind: 'bad' });
  expect(judged(signed({ ...manifest, seq: 1_001 }))).toMatchObject({ kind: 'bad' });
  expect(judged({ ...signed(manifest), manifest: `${manifestText(manifest)} ` })).toMatchObject({ kind: 'bad' });
  expect(judged(signed({ ...manifest, epoch: 1 }))).toMatchObject({ kind: 'replay', why: 'epoch' });
  for (const newer of [{ v: 2 }, { database_version: 9 }, { op_schema: 5 }])
    expect(judged(signed({ ...manifest, ...newer }))).toMatchObject({ kind: 'replay', why: 'newer' });
});
