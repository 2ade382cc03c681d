import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  apply,
  cellKey,
  emptyRegisters,
  headsOf,
  inConflict,
  reduce,
  refuse,
  reinstate,
  type ReducerOp,
  type Registers,
} from './reducer.ts';

const ENTITY = { type: 'invoice', id: 'i' };
const cellOfI = (field: string) => ({ root: 'i', entity: 'invoice:i', field });

/** Histories in which an op may name any other as parent, of its own cell or not, older or not yet written: worse than real ones. */
const histories = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        'field.set',
        'field.set',
        'field.set',
        'line.deleted',
        'reading.recorded',
        'from.the.future',
      ),
      field: fc.constantFrom('a', 'b'),
      parents: fc.array(fc.nat(), { maxLength: 3 }),
      refused: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { maxLength: 14 },
  )
  .map((list) =>
    list.map((op, at) => ({
      refused: op.refused,
      body: {
        op_id: `op${at}`,
        kind: op.kind,
        root: 'i',
        entity: ENTITY,
        field: op.field,
        parents: op.parents.map((parent) => `op${parent % list.length}`),
      } satisfies ReducerOp,
    })),
  );

type Step = { readonly apply: ReducerOp } | { readonly refuse: string };

const run = (steps: readonly Step[]): Registers => {
  const registers = emptyRegisters();
  for (const step of steps) {
    if ('apply' in step) apply(registers, step.apply);
    else refuse(registers, step.refuse);
  }
  return registers;
};

/** State without what carries no meaning: empty sets and orders of insertion. */
const meaning = (registers: Registers) => ({
  seen: [...registers.seen.keys()].toSorted(),
  refused: [...registers.refused].toSorted(),
  heads: [...registers.heads]
    .filter(([, heads]) => heads.size > 0)
    .map(([cell, heads]) => `${cell}: ${[...heads].toSorted().join(' ')}`)
    .toSorted(),
  superseded: [...registers.superseded]
    .flatMap(([cell, counts]) => [...counts].map(([op, n]) => `${cell} ${op} ${n}`))
    .toSorted(),
});

const stepsOf = (history: readonly { refused: boolean; body: ReducerOp }[]): Step[] =>
  history.flatMap((op): Step[] => [{ apply: op.body }, ...(op.refused ? [{ refuse: op.body.op_id }] : [])]);

test('any order of arrival, of verdicts too, and any repetition give the same state', () => {
  const shuffled = histories.chain((history) => {
    const steps = stepsOf(history);
    const all = [...steps, ...steps];
    return fc.record({
      steps: fc.constant(steps),
      other: fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
    });
  });
  fc.assert(
    fc.property(shuffled, ({ steps, other }) => {
      expect(meaning(run(other))).toEqual(meaning(run(steps)));
    }),
    { numRuns: 500 },
  );
});

test('heads are the accepted operations of a cell that no accepted operation of the cell names as parent', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const registers = run(stepsOf(history));
      for (const field of ['a', 'b']) {
        const written = history.filter((op) => op.body.kind === 'field.set' && op.body.field === field && !op.refused);
        const expected = written
          .filter((op) => !written.some((other) => other.body.parents.includes(op.body.op_id)))
          .map((op) => op.body.op_id)
          .toSorted();
        expect(headsOf(registers, cellOfI(field))).toEqual(expected);
      }
    }),
    { numRuns: 500 },
  );
});

test('a verdict that is taken back leaves no trace', () => {
  const changes = fc.array(fc.record({ op: fc.nat(), refused: fc.boolean() }), { maxLength: 20 });
  fc.assert(
    fc.property(histories, changes, (history, list) => {
      const registers = run(stepsOf(history));
      const refused = history.map((op) => op.refused);
      for (const change of list) {
        const op = history[change.op % Math.max(1, history.length)];
        if (op === undefined) continue;
        refused[change.op % history.length] = change.refused;
        (change.refused ? refuse : reinstate)(registers, op.body.op_id);
      }
      const again = history.map((op, at) => ({ ...op, refused: refused[at] ?? false }));
      expect(meaning(registers)).toEqual(meaning(run(stepsOf(again))));
    }),
    { numRuns: 500 },
  );
});

test('a refused operation gives back what it superseded', () => {
  fc.assert(
    fc.property(histories, fc.array(fc.nat(), { maxLength: 3 }), (history, parents) => {
      const before = run(stepsOf(history));
      const after = run(stepsOf(history));
      const known = history.length === 0 ? [] : parents.map((n) => `op${n % history.length}`);
      apply(after, { op_id: 'new', kind: 'field.set', root: 'i', entity: ENTITY, field: 'a', parents: known });
      refuse(after, 'new');
      expect(meaning(after).heads).toEqual(meaning(before).heads);
      expect(meaning(after).superseded).toEqual(meaning(before).superseded);
    }),
  );
});

const set = (op_id: string, parents: string[]): ReducerOp => ({
  op_id,
  kind: 'field.set',
  root: 'i',
  entity: ENTITY,
  field: 'a',
  parents,
});
const heads = (ops: readonly ReducerOp[]) =>
  headsOf(reduce(ops.map((body) => ({ body, verdict: 'accepted' }))), cellOfI('a'));

test('two edits that did not see each other both stay; the settlement names both', () => {
  const reading: ReducerOp = { op_id: 'r', kind: 'reading.recorded', root: 'i', entity: ENTITY, parents: [] };
  const [first, second] = [set('x', ['r']), set('y', ['r'])];
  expect(heads([reading, first, second])).toEqual(['x', 'y']);
  expect(heads([reading, first, second, set('z', ['x', 'y'])])).toEqual(['z']);
  expect(heads([reading, first, set('y', ['x'])])).toEqual(['y']);
});

test('what an operation of another root says of an entity moves nothing of it, whichever comes first and whatever it names', () => {
  const [first, second] = [set('x', []), set('y', ['x'])];
  const foreign: ReducerOp = { ...set('f', ['x', 'y']), root: 'other' };
  for (const order of [
    [foreign, first, second],
    [first, second, foreign],
    [first, foreign, second],
  ]) {
    const registers = reduce(order.map((body) => ({ body, verdict: 'accepted' })));
    expect(headsOf(registers, cellOfI('a'))).toEqual(['y']);
    expect(headsOf(registers, { ...cellOfI('a'), root: 'other' })).toEqual(['f']);
    refuse(registers, 'f');
    expect(headsOf(registers, cellOfI('a'))).toEqual(['y']);
    expect(headsOf(registers, { ...cellOfI('a'), root: 'other' })).toEqual([]);
  }
});

test('a reading is never a head, even when what named it is refused', () => {
  const registers = emptyRegisters();
  apply(registers, { op_id: 'r', kind: 'reading.recorded', root: 'i', entity: ENTITY, parents: [] });
  apply(registers, set('x', ['r']));
  refuse(registers, 'x');
  expect(registers.heads.get(cellKey(cellOfI('a')))).toEqual(new Set());
});

test('equal canonical values are agreed, differing ones a conflict', () => {
  expect(inConflict(['1', '1'])).toBe(false);
  expect(inConflict(['1', '2'])).toBe(true);
  expect(inConflict([null, '2'])).toBe(true);
  expect(inConflict([])).toBe(false);
});
