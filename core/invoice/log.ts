/** An invoice's operations as the projection reads them: reduced registers, contents by id, readings in their order. */
import { type OpBody, type OpContent, type OpDraft, ReadingRecorded } from '../sync/op.ts';
import { entityKey, headValue } from '../sync/kinds.ts';
import { headsOf, reduce, type Registers } from '../sync/reducer.ts';

/** A stored operation, or a draft that is about to be committed (`pendingOp`). */
export interface LogOp {
  readonly body: Pick<
    OpBody,
    'op_id' | 'kind' | 'root' | 'entity' | 'field' | 'parents' | 'actor' | 'source' | 'evidence' | 'hlc'
  >;
  readonly content: OpContent | null;
  readonly receivedAt: string;
  readonly verdict: string;
}

/** Sorts after every clock: a draft is newer than what is stored; the store gives it its real stamp. */
const PENDING_HLC = '\uFFFF';

/** A draft as it will stand in the log once `Store.commit` has taken it in at the instant `at`. */
export const pendingOp = (draft: OpDraft, at: string): LogOp => ({
  body: { ...draft, hlc: PENDING_HLC },
  content: draft.content,
  receivedAt: at,
  verdict: 'accepted',
});

export interface RecordedReading {
  readonly op: LogOp;
  readonly recorded: ReadingRecorded;
}

export interface Log {
  /** The aggregate whose operations these are. */
  readonly root: string;
  readonly ops: readonly LogOp[];
  readonly byId: ReadonlyMap<string, LogOp>;
  readonly registers: Registers;
  /** Newest first. */
  readonly readings: readonly RecordedReading[];
}

export interface HeadOp {
  readonly op: LogOp;
  readonly value: string | null;
}

const newestFirst = (a: LogOp, b: LogOp): number => {
  const keyA = `${a.body.hlc} ${a.body.op_id}`;
  const keyB = `${b.body.hlc} ${b.body.op_id}`;
  return keyA < keyB ? 1 : keyA > keyB ? -1 : 0;
};

/** The content value as parsed JSON; undefined where it was erased or is no JSON. */
export function contentJson(op: Pick<LogOp, 'content'>): unknown {
  if (typeof op.content?.value !== 'string') return undefined;
  try {
    return JSON.parse(op.content.value);
  } catch {
    return undefined; // written by a newer version in another form: not projected
  }
}

export function readLog(ops: readonly LogOp[]): Log {
  const readings = ops
    .filter((op) => op.body.kind === 'reading.recorded' && op.verdict === 'accepted')
    .toSorted(newestFirst)
    .flatMap((op) => {
      const recorded = ReadingRecorded.safeParse(contentJson(op));
      return recorded.success ? [{ op, recorded: recorded.data }] : [];
    });
  const root = ops[0]?.body.root ?? '';
  return { root, ops, byId: new Map(ops.map((op) => [op.body.op_id, op])), registers: reduce(ops), readings };
}

/** Heads of a cell, newest first. */
export function cellHeads(log: Log, entity: OpBody['entity'], field: string): HeadOp[] {
  return headsOf(log.registers, { root: log.root, entity: entityKey(entity), field })
    .flatMap((id) => log.byId.get(id) ?? [])
    .toSorted(newestFirst)
    .map((op) => ({ op, value: headValue(op.body.kind, op.content?.value ?? null) }));
}
