import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { OP_SCHEMA } from '../../../core/contract/version.ts';
import { lessonId } from '../../../core/memory/ids.ts';
import type { Lesson } from '../../../core/memory/lesson.ts';
import { lessonLearnedOp } from '../../../core/sync/drafts.ts';
import { readOp } from '../../../core/sync/arrived.ts';
import type { OpContent } from '../../../core/sync/op.ts';
import type { ReadBatch } from '../../../core/sync/push.ts';
import { commitOf } from '../../../core/sync/seal.ts';
import { sha256 } from '../../store/audit.ts';
import { isCrowded, misfitIn, MOST_DECISIONS, MOST_ROOTS } from './fit.ts';
import { createTestDevice, wireOf } from './testing-device.ts';

const device = createTestDevice('site');
function misfit(content: Partial<OpContent>, field?: string): string | undefined {
  const [draft] = [device.setField(randomUUID(), '1', [], field)];
  const { v: _v, schema: _s, commit: _c, ...body } = draft.body;
  const whole = { value: '1', reason: null, salt: 'a'.repeat(64), ...content };
  const [op] = device.write({ ...body, content: whole });
  if (op === undefined) throw new Error('one operation');
  expect(op.body.commit).toBe(commitOf(sha256, whole));
  const arrival = readOp(wireOf(op), sha256);
  if (arrival.kind !== 'op') throw new Error(arrival.why);
  const head = device.head();
  const batch: ReadBatch = { device: device.id, epoch: 1, ops: [arrival.op], head, waived: new Set() };
  return misfitIn(batch);
}

test('what a table can hold of an operation, and no more', () => {
  expect(misfit({})).toBeUndefined();
  expect(misfit({ salt: '' })).toBeUndefined();
  expect(misfit({ value: 'a\0b', reason: 'x'.repeat(16_384) })).toBeUndefined();
  expect(misfit({ reason: 'x'.repeat(16_385) })).toContain('reason');
  expect(misfit({ value: 'x'.repeat(65_536) })).toBeUndefined();
  expect(misfit({ value: 'x'.repeat(65_537) })).toContain('value');
  for (const salt of ['x', 'a'.repeat(65), `${'a'.repeat(63)}\0`, 'A'.repeat(64)])
    expect(misfit({ salt })).toContain('salt');
  expect(misfit({}, 'a\0b')).toContain('NUL');
  expect(misfit({}, 'x'.repeat(201))).toContain('name');
});

const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

test('a body is as deep as a station can look into it, and its root is called as one', () => {
  const [draft] = [device.setField(randomUUID(), '1', [])];
  const { v: _v, schema: _s, commit: _c, dev_seq: _n, dev_prev: _p, device: _d, hlc: _h, ...body } = draft.body;
  const fit = (more: object): string | undefined => {
    const [op] = device.write({ ...body, op_id: randomUUID(), content: draft.content, ...more });
    if (op === undefined) throw new Error('one operation');
    const arrival = readOp(wireOf(op), sha256);
    if (arrival.kind !== 'op') return arrival.why;
    return misfitIn({ device: device.id, epoch: 1, ops: [arrival.op], head: device.head(), waived: new Set() });
  };
  expect(fit({ later: nested(20) })).toBeUndefined();
  expect(fit({ field: '[{"\\'.repeat(40) })).toBeUndefined();
  expect(fit({ later: nested(40) })).toContain('lists');
  expect(fit({ later: Array.from({ length: 100 }, () => []) })).toBeUndefined();
  for (const root of ['x', '', randomUUID().toUpperCase(), 'a'.repeat(64)]) expect(fit({ root })).toContain('root');
  expect(fit({ kind: 'document.added', root: 'a'.repeat(64) })).toBeUndefined();
  const long = { value: 'x'.repeat(65_537), reason: null, salt: 'a'.repeat(64) };
  expect(fit({ kind: 'document.added', root: 'a'.repeat(64), content: long })).toContain('value');
  for (const kind of ['lesson.applied', 'of.later']) expect(fit({ kind, content: long })).toBeUndefined();
  expect(fit({ kind: 'document.added' })).toContain('root');
  expect(fit({ kind: 'of.later', root: 'x' })).toBeUndefined();
});

test('what nobody can follow is no operation', () => {
  const { body, content } = wireOf(device.setField(randomUUID(), '1', []));
  const deep = body.replace('"kind"', `"k":${'['.repeat(20_000)}${']'.repeat(20_000)},"kind"`);
  expect(readOp({ body: deep, content }, sha256)).toMatchObject({ kind: 'bad' });
});

const lesson = (invoice: string): Lesson => ({
  v: 1,
  vendorName: 'V',
  invoice,
  document: 'd',
  keys: [],
  print: [],
  style: {},
  rates: [],
  fields: {},
});

const fitOfLesson = (vendor: string, id: string, invoice = 'i'): string | undefined => {
  const [op] = device.write(lessonLearnedOp(device.author(), vendor, id, lesson(invoice)));
  if (op === undefined) throw new Error('one operation');
  const arrival = readOp(wireOf(op), sha256);
  if (arrival.kind !== 'op') throw new Error(arrival.why);
  return misfitIn({ device: device.id, epoch: 1, ops: [arrival.op], head: device.head(), waived: new Set() });
};

test('a lesson says whose it is by its id', () => {
  const [mine, yours] = [randomUUID(), randomUUID()];
  expect(fitOfLesson(mine, lessonId(sha256, mine, 'i'))).toBeUndefined();
  expect(fitOfLesson(yours, lessonId(sha256, mine, 'i'))).toContain('lesson');
  const long = 'i'.repeat(201);
  expect(fitOfLesson(mine, lessonId(sha256, mine, long), long)).toContain('name');
});

const crowded = (roots: readonly string[], kind = 'transition', contentOf?: (at: number) => object): boolean =>
  isCrowded({
    ops: roots.map((root, at) => {
      const content = contentOf === undefined ? null : { value: JSON.stringify(contentOf(at)) };
      return { body: { kind, root, schema: OP_SCHEMA }, content };
    }),
  } as unknown as ReadBatch);

test('a batch that decides about one invoice again and again has to come in parts', () => {
  expect(crowded(Array.from({ length: MOST_DECISIONS }, () => 'one'))).toBe(false);
  expect(crowded(Array.from({ length: MOST_DECISIONS + 1 }, () => 'one'))).toBe(true);
  expect(crowded(Array.from({ length: 2 * MOST_DECISIONS }, (_, at) => `${at % 2}`))).toBe(false);
});

const many = (count: number, of: (at: number) => string): string[] => Array.from({ length: count }, (_, at) => of(at));
const merge = (at: number) => ({ from: 'received', to: 'duplicate', digest: '', kept: `kept ${at}` });

test('so has one that closes one invoice again and again, or touches many with few operations', () => {
  expect(
    crowded(
      many(MOST_DECISIONS + 1, () => 'one'),
      'duplicate.merge',
    ),
  ).toBe(true);
  expect(crowded(many(MOST_ROOTS, String))).toBe(false);
  expect(crowded(many(MOST_ROOTS + 1, String))).toBe(true);
  expect(crowded(many(MOST_ROOTS / 2 + 1, String), 'duplicate.merge', merge)).toBe(true);
  // One erasure that names as much as one may still comes alone.
  const erasure = (at: number) => ({
    invoices: many(100, () => randomUUID()),
    documents: many(100, (n) => sha256(`${at} ${n}`)),
    ground: 'objection',
    forced: false,
  });
  expect(crowded(['e'], 'erase.asked', erasure)).toBe(false);
  expect(crowded(['e', 'f'], 'erase.asked', erasure)).toBe(true);
});
