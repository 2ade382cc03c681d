import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PageEnd, PulledOp } from '../contract/sync-http.ts';
import type { ArrivedOp } from './arrived.ts';
import { fieldSetOp } from './drafts.ts';
import { displacedBy, forkIn, judgePage, type LogPlace, startOf, type TakenOp } from './pull.ts';
import { NO_SITE_HASH, siteHash } from './site-chain.ts';
import { createPen } from './testing-pen.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const draft = (id: string, value = '1') =>
  fieldSetOp({ opId: id, actor: 'user:a', salt: '' }, 'inv', {
    entity: { type: 'invoice', id: 'inv' },
    field: 'grossTotal',
    value,
    parents: [],
    source: 'manual',
  });

/** A log of two devices that take turns; every third operation is refused. */
function logOf(count: number): { lines: PulledOp[]; hashes: string[] } {
  const pens = [createPen('d', sha256), createPen('e', sha256)] as const;
  const lines: PulledOp[] = [];
  const hashes = [NO_SITE_HASH];
  for (let seq = 1; seq <= count; seq += 1) {
    const op = pens[seq % 2 === 0 ? 0 : 1].write(draft(`op${seq}`));
    const verdict = seq % 3 === 0 ? ('refused:role' as const) : ('accepted' as const);
    lines.push({ body: op.text, content: op.content, seq, verdict });
    hashes.push(siteHash(sha256, hashes.at(-1) ?? '', seq, op.hash, verdict));
  }
  return { lines, hashes };
}

const LOG = logOf(12);
const endAt = (next: number, more: Partial<PageEnd> = {}): PageEnd => ({
  next,
  site_hash: LOG.hashes[next] ?? '',
  epoch: 0,
  head: 12,
  durable_seq: 0,
  heads: [],
  ...more,
});
const placeAt = (cursor: number): LogPlace => ({ epoch: 0, cursor, siteHash: LOG.hashes[cursor] ?? '' });
const pageOf = (after: number, next: number) => ({ ops: LOG.lines.slice(after, next), end: endAt(next) });

test('however the log is cut into pages, it is taken whole', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 })), (sizes) => {
      let place = startOf(0);
      const taken: string[] = [];
      for (const size of [...sizes, 12]) {
        const next = Math.min(12, place.cursor + size);
        const judged = judgePage(place, pageOf(place.cursor, next), sha256);
        if (judged.kind !== 'ok') throw new Error(judged.kind);
        ({ place } = judged);
        taken.push(...judged.ops.map((op) => `${op.seq} ${op.body.op_id} ${op.verdict}`));
      }
      expect(place).toEqual(placeAt(12));
      expect(taken).toEqual(LOG.lines.map((line) => `${line.seq} op${line.seq} ${line.verdict}`));
    }),
  );
});

test('a page with a hole, cut off, or of another epoch is asked for again', () => {
  const page = pageOf(2, 6);
  expect(judgePage(placeAt(1), page, sha256)).toEqual({ kind: 'torn', expected: 2, got: 3 });
  expect(judgePage(placeAt(3), page, sha256)).toEqual({ kind: 'torn', expected: 4, got: 3 });
  expect(judgePage(placeAt(2), { ...page, ops: page.ops.slice(0, 3) }, sha256)).toMatchObject({ kind: 'torn' });
  expect(judgePage(placeAt(2), { ...page, ops: page.ops.toSpliced(1, 1) }, sha256)).toMatchObject({ kind: 'torn' });
  expect(judgePage(placeAt(2), { ...page, end: endAt(6, { epoch: 3 }) }, sha256)).toEqual({ kind: 'epoch', epoch: 3 });
});

test('a log that is not the one it was stops sync', () => {
  const page = pageOf(2, 6);
  const change = (at: number, line: Partial<PulledOp>) => ({
    ...page,
    ops: page.ops.map((op, index) => (index === at ? { ...op, ...line } : op)),
  });
  for (const changed of [
    change(0, { verdict: 'accepted' }),
    change(1, { body: LOG.lines[8]?.body ?? '', content: LOG.lines[8]?.content ?? null }),
    change(1, { content: { value: '9', reason: null, salt: '' } }),
    change(1, { body: '{}' }),
  ])
    expect(judgePage(placeAt(2), changed, sha256).kind).toBe('broken');
  expect(judgePage({ ...placeAt(2), siteHash: NO_SITE_HASH }, page, sha256).kind).toBe('broken');
});

const taken = (op: ArrivedOp, seq = 1): TakenOp => ({ ...op, seq, verdict: 'accepted' });

test('a device that wrote two histories is noticed, its own and that of others', () => {
  const one = createPen('d', sha256);
  const twin = createPen('d', sha256);
  for (const pen of [one, twin]) pen.write(draft('same'));
  one.write(draft('mine'));
  twin.write(draft('theirs'));
  twin.write(draft('later'));
  const page = twin.ops.map((op) => taken(op));
  const own = (devSeq: number): string | undefined => one.ops[devSeq - 1]?.hash;
  expect(forkIn(page.slice(0, 1), 'd', own)).toBeUndefined();
  expect(forkIn(page, 'd', own)).toBe(2);
  expect(forkIn(page, 'e', own)).toBeUndefined();
  expect(displacedBy(page, (device, devSeq) => (device === 'd' ? own(devSeq) : undefined))).toEqual(
    new Map([['d', 2]]),
  );
  expect(displacedBy(page, () => undefined).size).toBe(0);
});
