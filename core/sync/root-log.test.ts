import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, stateOf } from '../invoice/decided.ts';
import { readLog } from '../invoice/log.ts';
import { conflictsOf } from './conflicts.ts';
import { fieldSetOp, transitionOp } from './drafts.ts';
import type { OpDraft } from './op.ts';
import { createRootLog, type RootOp } from './root-log.ts';
import { createPen } from './testing-pen.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const entity = { type: 'invoice', id: 'inv' } as const;
const by = (opId: string) => ({ opId, actor: 'user:a', salt: '' });
const edit = (id: string, value: string, parents: string[]): OpDraft =>
  fieldSetOp(by(id), 'inv', { entity, field: 'grossTotal', value, parents, source: 'manual' });
const step = (id: string, from: string, to: string, digest: string): OpDraft =>
  transitionOp(by(id), 'inv', { from, to, digest });

/** As it would be asked of the whole log. */
function slowly(ops: readonly RootOp[], device: string, seen: string) {
  let end = ops.length;
  const isSame = (op: RootOp | undefined): boolean =>
    op?.body.kind === 'transition' &&
    op.verdict === 'accepted' &&
    op.body.device === device &&
    (JSON.parse(op.content?.value ?? '{}') as { digest?: string }).digest === seen;
  while (isSame(ops[end - 1])) end -= 1;
  return {
    state: stateOf(ops),
    conflict: conflictsOf(readLog(ops)).length > 0,
    alone: ops.every(({ body }) => body.device === device),
    digest: digestOf(ops.slice(0, end), sha256),
  };
}

test('what is kept while the log grows is what the whole log says', () => {
  const wish = fc.record({
    device: fc.constantFrom('d', 'e'),
    verdict: fc.constantFrom('accepted', 'accepted', 'refused:stale'),
    what: fc.constantFrom('edit', 'follow', 'hold', 'back', 'confirm'),
    seen: fc.constantFrom('x', 'y'),
    asked: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 12 }), fc.nat({ max: 4 }), (wishes, given) => {
      const pens = { d: createPen('d', sha256), e: createPen('e', sha256) };
      const ops = wishes.map(({ device, verdict, what, seen }, at): RootOp => {
        const drafts = {
          edit: () => edit(`op${at}`, String(at), []),
          follow: () => edit(`op${at}`, 'same', [`op${at - 1}`]),
          hold: () => step(`op${at}`, 'received', 'on_hold', seen),
          back: () => step(`op${at}`, 'on_hold', 'received', seen),
          confirm: () => step(`op${at}`, 'received', 'confirmed', seen),
        };
        const op = pens[device].write(drafts[what]());
        return { body: op.body, content: op.content, receivedAt: '', verdict };
      });
      const log = createRootLog(ops.slice(0, given), sha256);
      for (const [at, { device, seen, asked }] of wishes.entries()) {
        const op = ops[at];
        if (at >= given && op !== undefined) log.add(op);
        if (!asked || at < given) continue;
        const { state, conflict, alone, digest } = slowly(ops.slice(0, at + 1), device, seen);
        expect([log.state(), log.inConflict(), log.isOf(device), log.seenBy(device, seen)]).toEqual([
          state,
          conflict,
          alone,
          digest,
        ]);
      }
    }),
  );
});

test('both steps of a decision ask for one digest', () => {
  let asked = 0;
  const counting = (text: string): string => {
    asked += 1;
    return sha256(text);
  };
  const pen = createPen('d', sha256);
  const opOf = (draft: OpDraft): RootOp => ({ ...pen.write(draft), receivedAt: '', verdict: 'accepted' });
  const log = createRootLog([opOf(edit('a', '1', []))], counting);
  const seen = log.seenBy('d', 'x');
  log.add(opOf(step('b', 'received', 'confirmed', seen)));
  expect(log.seenBy('d', seen)).toBe(seen);
  expect(asked).toBe(1);
});
