/** For tests of migrations: operations of two roots that name each other's entities and operations, as the log of an older version has them, and their heads by the rule. */
import { headValue } from '../../core/sync/kinds.ts';
import { reduce } from '../../core/sync/reducer.ts';

export interface OldOp {
  readonly op_id: string;
  readonly kind: string;
  readonly root: string;
  readonly entity: { readonly type: string; readonly id: string };
  readonly field?: string;
  readonly parents: string[];
  readonly value: string | null;
  readonly verdict: string;
}

const op = (at: number, kind: string, root: string, value: string | null, parents: readonly number[]): OldOp => ({
  op_id: `op${at}`,
  kind,
  root,
  entity: { type: 'line', id: 'l' },
  ...(kind === 'field.set' ? { field: 'a' } : {}),
  parents: parents.map((parent) => `op${parent}`),
  value,
  verdict: at === 5 ? 'refused:role' : 'accepted',
});

/** `mine` has two heads that differ, a deletion, and one edit that was refused; `other` names all of it. */
export const OLD_LOG: readonly OldOp[] = [
  op(1, 'reading.recorded', 'mine', '{}', []),
  op(2, 'field.set', 'mine', '1', [1]),
  op(3, 'field.set', 'mine', '2', [2]),
  op(4, 'field.set', 'mine', null, [2]),
  op(5, 'field.set', 'mine', '5', [3, 4]),
  op(6, 'line.deleted', 'mine', null, [3]),
  op(7, 'field.set', 'other', 'f', [3, 4]),
  op(8, 'line.restored', 'other', null, [6, 3]),
];

/** As `root entity field op value`. */
export function headsOfOldLog(): string[] {
  const registers = reduce(OLD_LOG.map((body) => ({ body, verdict: body.verdict })));
  const byId = new Map(OLD_LOG.map((one) => [one.op_id, one]));
  return [...registers.heads].flatMap(([cell, ids]) =>
    [...ids].map((id) => {
      const one = byId.get(id);
      return `${cell.replace('/', ' ')} ${id} ${headValue(one?.kind ?? '', one?.value ?? null) ?? 'null'}`;
    }),
  );
}

export const supersededInOldLog = (): string[] => {
  const registers = reduce(OLD_LOG.map((body) => ({ body, verdict: body.verdict })));
  return [...registers.superseded].flatMap(([cell, counts]) =>
    [...counts].map(([id, n]) => `${cell.replace('/', ' ')} ${id} ${n}`),
  );
};
