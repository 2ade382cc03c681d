/** A database of operations, of a station or of the site: the log, and the registers kept beside it as the tables of heads are. */
import { hash as digest } from 'node:crypto';
import type { SignedHead } from '../../core/contract/sync-http.ts';
import type { LogOp } from '../../core/invoice/log.ts';
import type { ArrivedOp } from '../../core/sync/arrived.ts';
import { erasedBy, tellsOf } from '../../core/sync/erase.ts';
import { entityKey, TOMBSTONE } from '../../core/sync/kinds.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { hlcMs, tick } from '../../core/sync/hlc.ts';
import { apply, cellKey, emptyRegisters, type Registers, reinstate, refuse } from '../../core/sync/reducer.ts';
import { NO_HASH, sealOp } from '../../core/sync/seal.ts';
import type { Bug } from './bugs.ts';

export const sha256 = (text: string): string => digest('sha256', text);

/** Stands for Ed25519, whose strength is not what is simulated. */
export const sign = (key: string, text: string): string => `${key}|${text}`;
export const verifyBy =
  (key: string) =>
  (text: string, signature: string): boolean =>
    signature === sign(key, text);

export interface Row extends Omit<ArrivedOp, 'content' | 'erased'> {
  content: ArrivedOp['content'];
  /** The operation that erased the content. */
  erased?: string | undefined;
  verdict: string;
  /** Where the log of the site shows it, or an older history of the site did. */
  place: { readonly epoch: number; readonly seq: number } | null;
}

export interface Identity {
  readonly device: string;
  readonly key: string;
  devSeq: number;
  hash: string;
  hlc: string;
}

export const newIdentity = (device: string, key = `key of ${device}`): Identity => ({
  device,
  key,
  devSeq: 0,
  hash: NO_HASH,
  hlc: '',
});

export interface KnownHead extends SignedHead {
  readonly public_key: string;
}

export interface Replica {
  readonly rows: Map<string, Row>;
  readonly heads: Map<string, KnownHead>;
  registers: Registers;
  /** By what was erased: the operation that erased it. */
  readonly erased: Map<string, string>;
  /** 1 does not know the kind `cell.set2`, which 2 merges as a cell. */
  version: 1 | 2;
}

export const newReplica = (version: 1 | 2): Replica => ({
  rows: new Map(),
  heads: new Map(),
  registers: emptyRegisters(),
  erased: new Map(),
  version,
});

export const NEWER_KIND = 'cell.set2';
export const isDeferred = (replica: Replica, row: ArrivedOp): boolean =>
  replica.version === 1 && row.body.kind === NEWER_KIND;

/** The operation as this version of the program merges it. */
export const known = (replica: Replica, body: ArrivedOp['body']): ArrivedOp['body'] =>
  replica.version === 2 && body.kind === NEWER_KIND ? { ...body, kind: 'field.set' } : body;

export const asLogOp = (replica: Replica, row: Row): LogOp => ({
  body: known(replica, row.body),
  content: row.content,
  receivedAt: '',
  verdict: row.verdict,
});

const cellName = (op: ArrivedOp): string | undefined =>
  op.body.field === undefined
    ? undefined
    : cellKey({ root: op.body.root, entity: entityKey(op.body.entity), field: op.body.field });

/** Planted: of whatever root an operation is, its cell is that of the entity. */
function rootOfEntity({ rows }: Replica, { entity, root }: ArrivedOp['body']): string {
  const added = [...rows.values()].find(({ body }) => body.kind === 'line.added' && body.entity.id === entity.id);
  return added?.body.root ?? root;
}

/** Planted: how heads move with an error in it. */
function applyWrongly(replica: Replica, row: Row, bug: Bug | null): void {
  const { registers } = replica;
  const body = known(replica, row.body);
  if (bug === 'counted-twice' && registers.seen.has(body.op_id)) {
    const cell = registers.seen.get(body.op_id)?.cell;
    const counts = cell === undefined ? undefined : registers.superseded.get(cell);
    for (const parent of body.parents) counts?.set(parent, (counts.get(parent) ?? 0) + 1);
    return;
  }
  apply(registers, bug === 'heads-across-roots' ? { ...body, root: rootOfEntity(replica, body) } : body);
  const cell = cellName(row);
  const heads = cell === undefined ? undefined : registers.heads.get(cell);
  if (bug === 'last-write-wins' && heads !== undefined && heads.size > 1) {
    const hlcOf = (id: string): string => `${replica.rows.get(id)?.body.hlc ?? ''} ${id}`;
    const newest = [...heads].reduce((best, id) => (hlcOf(id) > hlcOf(best) ? id : best));
    heads.clear();
    heads.add(newest);
  }
  if (bug === 'deletion-wins' && body.kind.endsWith('.deleted')) {
    const entity = cellKey({ root: body.root, entity: entityKey(body.entity), field: '' });
    for (const [key, set] of registers.heads) if (key.startsWith(entity) && !key.endsWith(TOMBSTONE)) set.clear();
  }
}

function setVerdict(replica: Replica, row: Row, verdict: string, bug: Bug | null): void {
  if (bug === 'verdict-for-ever' && row.verdict !== 'accepted') return;
  row.verdict = verdict;
  const id = row.body.op_id;
  if (verdict === 'accepted') reinstate(replica.registers, id);
  else if (bug === 'refusal-keeps-superseding' && !replica.registers.refused.has(id)) {
    replica.registers.refused.add(id);
    const cell = replica.registers.seen.get(id)?.cell;
    if (cell !== undefined) replica.registers.heads.get(cell)?.delete(id);
  } else refuse(replica.registers, id);
}

/** As the tables do: an accepted erasure takes every content of what it names; what comes late of it keeps none; and what was missing, and was not erased, is filled in. */
function eraseBy(
  replica: Replica,
  row: Row,
  op: Pick<ArrivedOp, 'content' | 'erased'>,
  verdict: string,
  bug: Bug | null,
): void {
  const drop = (one: Row, eraser: string): void => {
    one.content = null;
    one.erased = eraser;
  };
  if (row.content === null && op.content !== null && (row.erased === undefined || bug === 'erased-comes-back'))
    row.content = op.content;
  const targets = verdict === 'accepted' && bug !== 'erased-stays-here' ? (erasedBy(row) ?? []) : [];
  for (const target of targets) {
    replica.erased.set(target, row.body.op_id);
    for (const one of replica.rows.values()) if (tellsOf(one).includes(target)) drop(one, row.body.op_id);
  }
  if (bug === 'erased-comes-back') return;
  for (const target of tellsOf(row)) {
    const eraser = replica.erased.get(target);
    if (eraser !== undefined) drop(row, eraser);
  }
}

/** Takes an operation in, or what is new about one that is here. */
export function takeIn(
  replica: Replica,
  op: ArrivedOp,
  told: { verdict: string; place: Row['place'] },
  bug: Bug | null,
): Row {
  const { op_id: id } = op.body;
  const row = replica.rows.get(id) ?? { ...op, verdict: 'accepted', place: null };
  replica.rows.set(id, row);
  if (told.place !== null) row.place = told.place;
  eraseBy(replica, row, op, told.verdict, bug);
  applyWrongly(replica, row, bug);
  setVerdict(replica, row, told.verdict, bug);
  return row;
}

/** Registers made anew from the log: after an update, after operations left the log. */
export function rebuild(replica: Replica, bug: Bug | null = null): void {
  replica.registers = emptyRegisters();
  for (const row of replica.rows.values()) {
    applyWrongly(replica, row, bug);
    if (row.verdict !== 'accepted') setVerdict(replica, row, row.verdict, bug);
  }
}

export function copyReplica(replica: Replica): Replica {
  const rows = new Map([...replica.rows].map(([id, row]) => [id, { ...row }]));
  const copy: Replica = {
    rows,
    heads: new Map(replica.heads),
    registers: emptyRegisters(),
    erased: new Map(replica.erased),
    version: replica.version,
  };
  rebuild(copy);
  return copy;
}

/** The place of the next operation in its device's chain; `identity` moves on with `advance`. */
export function seal(identity: Identity, draft: OpDraft, clockMs: number): ArrivedOp {
  const hlc = tick(identity.hlc, clockMs, identity.device);
  const place = { device: identity.device, devSeq: identity.devSeq + 1, devPrev: identity.hash, hlc };
  return sealOp(draft, place, sha256);
}

export function advance(identity: Identity, op: ArrivedOp): void {
  identity.devSeq = op.body.dev_seq;
  identity.hash = op.hash;
  identity.hlc = op.body.hlc;
}

export const clockOf = (op: ArrivedOp): number => hlcMs(op.body.hlc) ?? 0;
