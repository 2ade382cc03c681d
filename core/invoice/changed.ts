/**
 * What came to an invoice behind a decision that stands: somebody who had not seen the decision, offline or on another desk, corrected it. Nothing of it is refused and nothing is
 * taken back; it is shown until somebody has decided again, or until it stands there again as it was decided. What was exported is not decided again: of that, a settlement of
 * what came in behind it ends it (core/sync/settling.ts).
 */
import type { CellRef, Finding } from '../contract/invoice.ts';
import { tombstoneState } from '../sync/conflicts.ts';
import { kindInfo, TOMBSTONE } from '../sync/kinds.ts';
import { ancestry, inConflict } from '../sync/reducer.ts';
import { settles } from '../sync/settling.ts';
import { stepAfter } from './decided.ts';
import type { EntityType } from './fields.ts';
import { cellHeads, type Log, type LogOp, readLog } from './log.ts';
import type { InvoiceState } from './states.ts';
import { isOpen } from './transitions.ts';

export const CHANGED = 'CHANGED_AFTER_DECISION';

/** By the field that a row is known by, where all of it was added, deleted or brought back. */
const ROW_FIELD: Readonly<Record<string, string>> = { line: 'description', taxRow: 'rate' };
const isEntity = (type: string): type is EntityType => type === 'invoice' || Object.hasOwn(ROW_FIELD, type);

interface Change {
  readonly ref: CellRef;
  /** The field that was set; `TOMBSTONE` where the row itself came or went. */
  readonly field: string;
}

function changeOf({ body: { kind, entity, field } }: LogOp): Change | undefined {
  const { type, id } = entity;
  const merge = kindInfo(kind)?.merge;
  if (!isEntity(type) || (merge !== 'register' && merge !== 'tombstone' && !kind.endsWith('.added'))) return undefined;
  const shown = merge === 'register' ? field : ROW_FIELD[type];
  if (shown === undefined) return undefined;
  return { ref: { entity: { type, id }, field: shown }, field: merge === 'register' ? shown : TOMBSTONE };
}

export interface Decided {
  readonly state: InvoiceState;
  /** Up to the step that stands, and what came behind it; in the order of the log. */
  readonly before: readonly LogOp[];
  readonly after: readonly LogOp[];
}

export function atDecision(ops: readonly LogOp[]): Decided {
  let state: InvoiceState = 'received';
  let count = 0;
  for (const [i, op] of ops.entries()) {
    const next = stepAfter(state, op);
    if (next !== state) count = i + 1;
    state = next;
  }
  return { state, before: ops.slice(0, count), after: ops.slice(count) };
}

/** What the reading that `log` had seen says there; undefined where that is not known. */
export type AsRead = (cell: CellRef, log: Log) => string | null | undefined;

/** Each cell once. `ops` in the order of the log. */
export function changedAfterDecision(ops: readonly LogOp[], asRead: AsRead = () => undefined): CellRef[] {
  const { state, before, after } = atDecision(ops);
  if (isOpen(state)) return [];
  const late = after.filter(({ verdict }) => verdict === 'accepted');
  const changes = late.flatMap((op) => changeOf(op) ?? []);
  if (changes.length === 0) return [];
  const [decided, now] = [readLog(before), readLog(ops)];
  const settlements = state === 'exported' ? late.filter((op) => settles(now, op)) : [];
  const settled = ancestry(
    now.registers,
    settlements.map(({ body }) => body.op_id),
  );
  const left = changes.filter(
    (change) => !isAsDecided(change, { decided, now, asRead }) && !isSettled(change, now, settled),
  );
  return [...new Map(left.map(({ ref }) => [`${ref.entity.type}:${ref.entity.id}/${ref.field}`, ref])).values()];
}

interface Views {
  readonly decided: Log;
  readonly now: Log;
  readonly asRead: AsRead;
}

function isAsDecided({ ref, field }: Change, { decided, now, asRead }: Views): boolean {
  const rows = ref.entity.type === 'invoice' ? undefined : [decided, now].map((log) => rowIn(log, now, ref.entity));
  if (field === TOMBSTONE) return rows !== undefined && rows[0] === rows[1] && rows[1] !== 'disputed';
  // Nobody sees a cell of a row that was not there and is not there.
  if (rows?.every((row) => row === 'gone') === true) return true;
  const [value, ...others] = new Set(valuesIn(now, ref));
  if (value === undefined || others.length > 0) return false;
  const before = valuesIn(decided, ref);
  return before.length === 0 ? asRead(ref, decided) === value : before.every((one) => one === value);
}

const valuesIn = (log: Log, { entity, field }: CellRef): (string | null)[] =>
  cellHeads(log, entity, field).map(({ value }) => value);

/** A row that was added later was not there. */
function rowIn(log: Log, now: Log, entity: CellRef['entity']): ReturnType<typeof tombstoneState> {
  const state = tombstoneState(log, entity);
  const isAddedIn = ({ ops }: Log): boolean =>
    ops.some(
      ({ body, verdict }) => verdict === 'accepted' && body.kind.endsWith('.added') && body.entity.id === entity.id,
    );
  return state === 'there' && isAddedIn(now) && !isAddedIn(log) ? 'gone' : state;
}

/** Whoever settled has seen everything that stands there, and nobody has put two against each other since. */
function isSettled({ ref, field }: Change, now: Log, settled: ReadonlySet<string>): boolean {
  const heads = cellHeads(now, ref.entity, field);
  if (heads.length === 0 || !heads.every(({ op }) => settled.has(op.body.op_id))) return false;
  return field === TOMBSTONE
    ? tombstoneState(now, ref.entity) !== 'disputed'
    : !inConflict(heads.map(({ value }) => value));
}

export const changedFinding = (cells: readonly CellRef[], state: InvoiceState): Finding => ({
  code: CHANGED,
  severity: 'warning',
  cells: [...cells],
  params: { count: String(cells.length) },
  ...(state === 'exported' ? { variant: 'exported', clear: 'after-export' } : { clear: 'decide-again' }),
  version: 1,
});
