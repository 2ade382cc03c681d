import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Length } from './arrived.ts';
import { fieldSetOp, invoiceCreatedOp, transitionOp } from './drafts.ts';
import {
  type BatchFacts,
  type BatchReading,
  type HeldOp,
  judgeBatch,
  namedIn,
  readBatch,
  type ReadBatch,
} from './push.ts';
import { NO_HASH } from './seal.ts';
import { createPen, type Pen, TEST_SITE, verifyOf } from './testing-pen.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const by = (opId: string) => ({ opId, actor: 'user:a', salt: '' });
const edit = (id: string, parents: string[], value = '1') =>
  fieldSetOp(by(id), 'inv', {
    entity: { type: 'invoice', id: 'inv' },
    field: 'grossTotal',
    value,
    parents,
    source: 'manual',
  });

/** Each operation names the one before it. */
function penOf(count: number, device = 'd', from = 'op'): Pen {
  const pen = createPen(device, sha256);
  for (let n = 1; n <= count; n += 1) pen.write(edit(`${from}${n}`, n === 1 ? [] : [`${from}${n - 1}`]));
  return pen;
}

const read = (batch: Parameters<typeof readBatch>[1], device = 'd'): BatchReading =>
  readBatch(TEST_SITE, batch, { sha256, verify: verifyOf(device) });
function good(batch: Parameters<typeof readBatch>[1]): ReadBatch {
  const reading = read(batch, batch.device);
  if (reading.kind !== 'ok') throw new Error(reading.why);
  return reading.batch;
}

/** A site that holds the first `count` operations of the pen. */
function siteWith(pen: Pen, count: number, more: Partial<BatchFacts> = {}): BatchFacts {
  const held = pen.ops
    .slice(0, count)
    .map((op, at): [number, HeldOp] => [
      at + 1,
      { opId: op.body.op_id, hash: op.hash, seq: at + 1, verdict: 'accepted', content: 'there' },
    ]);
  const end = { devSeq: count, hash: pen.ops[count - 1]?.hash ?? NO_HASH };
  return { epoch: 0, end, held: new Map(held), known: new Set(held.map(([, op]) => op.opId)), ...more };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);

test('however a chain is cut into batches and however often they come, each operation is taken once and in order', () => {
  const cuts = fc.array(fc.record({ from: fc.integer({ min: 1, max: 12 }), length: fc.integer({ min: 1, max: 5 }) }));
  fc.assert(
    fc.property(cuts, (list) => {
      const pen = penOf(12);
      let taken = 0;
      for (const { from, length } of list) {
        const to = Math.min(12, from + length - 1);
        const judged = judgeBatch(good(pen.batch(from, to)), siteWith(pen, taken));
        const told =
          judged.kind === 'ok' ? [judged.held.map((op) => op.seq), judged.fresh.map((op) => op.body.dev_seq)] : judged;
        const here = numbers(from, Math.min(to, taken));
        const gap = { kind: 'gap', expected: taken + 1 };
        expect(told).toEqual(from > taken + 1 ? gap : [here, numbers(Math.max(from, taken + 1), to)]);
        if (judged.kind === 'ok') taken = Math.max(taken, to);
      }
    }),
  );
});

test('whatever is changed in a batch makes it a bad one', () => {
  const pen = penOf(4);
  const batch = pen.batch(2, 4);
  expect(read(batch).kind).toBe('ok');
  const [first, second, third] = batch.ops;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three operations');
  const changed = [
    { ...batch, first_dev_seq: 1 },
    { ...batch, device: 'e' },
    { ...batch, ops: [first, third] },
    { ...batch, ops: [second, first, third] },
    { ...batch, ops: [first, second] },
    { ...batch, ops: [first, second, { ...third, body: third.body.replace('grossTotal', 'grossTotaI') }] },
    { ...batch, ops: [first, second, { ...third, body: `${third.body} ` }] },
    { ...batch, ops: [first, second, { ...third, content: { value: '2', reason: null, salt: '' } }] },
    { ...batch, ops: [first, second, { ...third, body: '{}' }] },
    { ...batch, ops: [first, second, { ...third, body: 'x'.repeat(70_000) }] },
    { ...batch, head: pen.head(3) },
    { ...batch, head: { ...pen.head(4), signature: 'e' } },
  ];
  for (const one of changed) expect(read(one).kind).toBe('bad-batch');
  // What was erased has no content any more; the chain still holds.
  expect(read({ ...batch, ops: batch.ops.map((op) => ({ ...op, content: null })) }).kind).toBe('ok');
});

test('a device with two histories is told so', () => {
  const pen = penOf(3);
  const twin = createPen('d', sha256);
  twin.write(edit('op1', []));
  twin.write(edit('other', ['op1']));
  expect(judgeBatch(good(twin.batch(1, 2)), siteWith(pen, 3))).toEqual({ kind: 'device_forked', devSeq: 2 });
  // It goes on where the other has not been yet.
  for (const id of ['o3', 'o4']) twin.write(edit(id, ['op1']));
  expect(judgeBatch(good(twin.batch(4, 4)), siteWith(pen, 3))).toEqual({ kind: 'device_forked', devSeq: 4 });
  // An id that another operation has.
  const stranger = penOf(1, 'e', 'op');
  expect(judgeBatch(good(stranger.batch(1, 1)), siteWith(stranger, 0, { known: new Set(['op1']) }))).toEqual({
    kind: 'device_forked',
    devSeq: 1,
  });
});

test('parents that the site lacks are asked for, unless nobody can offer them', () => {
  const pen = createPen('d', sha256);
  pen.write(edit('a', ['lost', 'there']));
  pen.write(edit('b', ['a']));
  expect(namedIn(good(pen.batch(1, 2))).toSorted()).toEqual(['a', 'b', 'lost', 'there']);
  const facts = siteWith(pen, 0, { known: new Set(['there']) });
  const missing = { kind: 'missing_parents', op: 'a', parents: ['lost'] };
  expect(judgeBatch(good(pen.batch(1, 2)), facts)).toEqual(missing);
  expect(judgeBatch(good(pen.batch(1, 2, { waived: ['lost'] })), facts).kind).toBe('ok');
});

test('another epoch comes before everything else', () => {
  const pen = penOf(2);
  const judged = judgeBatch(good(pen.batch(2, 2)), siteWith(pen, 0, { epoch: 7 }));
  expect(judged).toEqual({ kind: 'epoch', epoch: 7 });
});

test('content that is missing at the site is taken from a later offer', () => {
  const pen = penOf(2);
  const facts = siteWith(pen, 2);
  const held = new Map(
    [...facts.held].map(([n, op]) => [n, { ...op, content: n === 1 ? 'missing' : 'erased' } as const]),
  );
  const judged = judgeBatch(good(pen.batch(1, 2)), { ...facts, held });
  expect(judged.kind === 'ok' && judged.fills.map((op) => op.body.op_id)).toEqual(['op1']);
});

test('content that comes later is looked at as if it had come with its operation, and never decides', () => {
  const pen = createPen('d', sha256);
  pen.write(transitionOp(by('step'), 'inv', { from: 'received', to: 'on_hold', digest: 'x' }));
  const created = invoiceCreatedOp(by('made'), 'inv', { document: 'd' });
  pen.write(created);
  pen.write({ ...created, op_id: 'odd', content: { ...created.content, value: '{}' } });
  const facts = siteWith(pen, 3);
  const held = new Map([...facts.held].map(([n, op]) => [n, { ...op, content: 'missing' as const }]));
  const judged = judgeBatch(good(pen.batch(1, 3)), { ...facts, held });
  expect(judged.kind === 'ok' && judged.fills.map((op) => op.body.op_id)).toEqual(['made']);
  // What was refused has no effect, whatever it says.
  const refused = new Map([...held].map(([n, op]) => [n, { ...op, verdict: 'refused:content' }]));
  const kept = judgeBatch(good(pen.batch(1, 3)), { ...facts, held: refused });
  expect(kept.kind === 'ok' && kept.fills).toHaveLength(3);
});

test('the length in bytes is that of the bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\u0000', 'é', '€', '\uFFFD', '𝄞')), (units) => {
      const text = units.join('');
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    }),
  );
});
