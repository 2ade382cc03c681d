/** What two people did without seeing each other, and only a person can settle: found in the operations of one root, of whatever kind. */
import { cellHeads, type HeadOp, type Log } from '../invoice/log.ts';
import { cellOf, entityKey, TOMBSTONE } from './kinds.ts';
import type { OpBody } from './op.ts';
import { ancestry, fieldsOf, headsOf, inConflict } from './reducer.ts';

type Entity = OpBody['entity'];

export type Conflict =
  /** A cell has differing values. */
  | { readonly kind: 'values'; readonly entity: Entity; readonly field: string; readonly heads: readonly HeadOp[] }
  /** A row was deleted by one and edited or restored by another. `heads`: both sides, the deletions among them. */
  | { readonly kind: 'deleted'; readonly entity: Entity; readonly heads: readonly HeadOp[] };

/** `gone`: deleted and agreed. `disputed`: deleted by one while another edited it, or restored it, unseen. */
export type TombstoneState = 'there' | 'gone' | 'disputed';

/** Heads of the entity's cells that the deletions among `tombstones` did not see. */
function unseenBy(log: Log, tombstones: readonly HeadOp[], entity: Entity): string[] {
  const deletions = tombstones.filter((head) => head.value !== null);
  const seen = ancestry(
    log.registers,
    deletions.flatMap((head) => head.op.body.parents),
  );
  const { root, registers } = log;
  const key = entityKey(entity);
  return fieldsOf(registers, root, key)
    .filter((field) => field !== TOMBSTONE)
    .flatMap((field) => headsOf(registers, { root, entity: key, field }).filter((op) => !seen.has(op)));
}

export function tombstoneState(log: Log, entity: Entity): TombstoneState {
  const heads = cellHeads(log, entity, TOMBSTONE);
  const deletions = heads.filter((head) => head.value !== null);
  if (deletions.length === 0) return 'there';
  if (deletions.length < heads.length) return 'disputed';
  return unseenBy(log, heads, entity).length > 0 ? 'disputed' : 'gone';
}

/** Each cell and each deleted row once, in the order in which the log first speaks of it. A row that is gone has no conflicts any more. */
export function conflictsOf(log: Log): Conflict[] {
  const entities = new Map<string, { entity: Entity; fields: Set<string> }>();
  for (const { body } of log.ops) {
    const cell = cellOf(body);
    if (cell?.root !== log.root) continue;
    const known = entities.get(cell.entity) ?? { entity: body.entity, fields: new Set<string>() };
    entities.set(cell.entity, { ...known, fields: known.fields.add(cell.field) });
  }
  return [...entities.values()].flatMap(({ entity, fields }) => conflictsIn(log, entity, [...fields]));
}

function conflictsIn(log: Log, entity: Entity, fields: readonly string[]): Conflict[] {
  const state = fields.includes(TOMBSTONE) ? tombstoneState(log, entity) : 'there';
  if (state === 'gone') return [];
  const found: Conflict[] = [];
  if (state === 'disputed') {
    const tombstones = cellHeads(log, entity, TOMBSTONE);
    const unseen = new Set(unseenBy(log, tombstones, entity));
    const edits = fields
      .filter((field) => field !== TOMBSTONE)
      .flatMap((field) => cellHeads(log, entity, field).filter(({ op }) => unseen.has(op.body.op_id)));
    found.push({ kind: 'deleted', entity, heads: [...tombstones, ...edits] });
  }
  for (const field of fields) {
    if (field === TOMBSTONE) continue;
    const heads = cellHeads(log, entity, field);
    if (inConflict(heads.map((head) => head.value))) found.push({ kind: 'values', entity, field, heads });
  }
  return found;
}
