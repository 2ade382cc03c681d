/** Takes a checked page of the site's log in, in one transaction with the cursor: whatever ends the process, both are there or neither. */
import { isErasure } from '../../../core/sync/erase.ts';
import { hlcMs, tick } from '../../../core/sync/hlc.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { displacedBy } from '../../../core/sync/pull.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import type { CheckedOp, CheckedPage, KnownHead, SyncPosition, TakenIn } from '../station-sync-store.ts';
import { createErase } from './erase.ts';
import type { Gone } from './gone.ts';
import { goneAgain } from './gone-fill-in.ts';
import type { Heads } from './heads.ts';
import type { Lessons } from './lessons.ts';
import type { Clock } from './log.ts';
import { manyRows } from './many-rows.ts';
import type { Sqlite } from './open.ts';
import { applier, filler } from './sync-apply.ts';
import type { SyncBlobs } from './sync-blobs.ts';
import { type Held, isProjected, isUnderstood, type Told, type Verdicts } from './sync-verdicts.ts';

/** Remote clocks are believed up to so far ahead of this one. */
const AHEAD_MS = 5 * 60_000;

export interface TakeInParts {
  readonly db: Sqlite;
  readonly device: () => string;
  readonly heads: Heads;
  readonly lessons: Lessons;
  readonly blobs: SyncBlobs;
  readonly verdicts: Verdicts;
  readonly gone: Gone;
  readonly position: (site: string) => SyncPosition | undefined;
  readonly move: (position: SyncPosition) => void;
  /** Invoices whose projection is behind from now on. */
  readonly touch: (roots: Iterable<string>, clock: Clock) => void;
  /** Operations of this device from this number on are written once more under the own id. Their number. */
  readonly writeAgain: (device: string, devSeq: number, clock: Clock) => number;
}

/** What came of a page. */
interface Tally {
  readonly touched: Set<string>;
  newest: string;
  fresh: number;
  refused: number;
  written: number;
}

/** Ends the transaction: nothing of the page stays. */
class Broken extends Error {
  readonly found: Extract<TakenIn, { kind: 'broken' }>;
  constructor(found: Extract<TakenIn, { kind: 'broken' }>) {
    super('the page does not fit what is here');
    this.found = found;
  }
}

export function createTakeIn(parts: TakeInParts) {
  const { db, verdicts, gone } = parts;
  const again = goneAgain(db, gone);
  const chainEnd = db.prepare('SELECT hash FROM op_log WHERE device = ? AND dev_seq = ?').pluck();
  const self = db.prepare('SELECT hlc FROM device_self').pluck();
  const setClock = db.prepare('UPDATE device_self SET hlc = ?');
  const erasedBy = db.prepare('UPDATE op_log SET erased_by = ? WHERE op_id = ?');
  const numbers = db.prepare('SELECT dev_seq FROM op_log WHERE device = ? AND dev_seq BETWEEN ? AND ?').pluck();
  const isShown = db.prepare('SELECT 1 FROM op_log WHERE device = ? AND dev_seq >= ? AND epoch = ?').pluck();
  const known = db.prepare('SELECT op_id FROM op_log WHERE op_id IN (SELECT value FROM json_each(?))').pluck();
  const insert = inserter(parts);
  const fill = filler(parts);
  const keepHead = headKeeper(db);

  /**
   * Own and others' operations that are here already, too: after a new epoch the whole log comes again. An id that another device used as well belongs to whom the site heard
   * first: one that it never showed is said to be the fault of the device that wrote it here, which can write it again under another id (sync-reissue.ts).
   */
  function isHeld(op: CheckedOp, body: OpBody): Held | undefined {
    const held = verdicts.held(body.op_id);
    if (held === undefined || held.hash === op.hash) return held;
    throw broken('forked', op, held.epoch === null ? (JSON.parse(held.body) as OpBody) : body);
  }

  function requireChain(op: CheckedOp, body: OpBody, device: string): void {
    if (body.device === device || chainEnd.get(body.device, body.dev_seq) !== undefined)
      throw broken('forked', op, body);
    const before = body.dev_seq === 1 ? NO_HASH : endAt(body.device, body.dev_seq - 1);
    if (before !== body.dev_prev) throw broken('chain', op, body);
  }

  const isFreeNow = ({ device, dev_seq: devSeq }: OpBody): boolean => chainEnd.get(device, devSeq) === undefined;

  /** Whether nothing stands under the number: asked once for each device of the page, for the numbers that nothing of the page itself has taken. */
  function freeIn(ops: readonly { readonly body: OpBody }[]): (body: OpBody) => boolean {
    const spans = new Map<string, { from: number; to: number }>();
    for (const { body } of ops) {
      const { from, to } = spans.get(body.device) ?? { from: body.dev_seq, to: body.dev_seq };
      spans.set(body.device, { from: Math.min(from, body.dev_seq), to: Math.max(to, body.dev_seq) });
    }
    // Of a page that skips about nothing is to be learnt at once.
    if ([...spans.values()].some(({ from, to }) => to - from >= 2 * ops.length)) return isFreeNow;
    const taken = new Map([...spans].map(([device, { from, to }]) => [device, new Set(numbers.all(device, from, to))]));
    return ({ device, dev_seq: devSeq }) => {
      const own = taken.get(device);
      const isFree = own?.has(devSeq) === false;
      own?.add(devSeq);
      return isFree;
    };
  }

  const endAt = (device: string, devSeq: number): unknown => {
    const mark = gone.mark(device);
    return chainEnd.get(device, devSeq) ?? (mark?.devSeq === devSeq ? mark.hash : undefined);
  };

  /**
   * One whose text was given up here, as a new history of the site shows it again: its effect is here already. Where its verdict is another one by now, all of its invoice is
   * fetched and made again.
   */
  function isKnown(op: CheckedOp, body: OpBody, epoch: number, clock: Clock): boolean {
    const mark = gone.mark(body.device);
    if (mark === undefined || body.dev_seq > mark.devSeq) return false;
    if (body.dev_seq === mark.devSeq && op.hash !== mark.hash) throw broken('forked', op, body);
    if (!gone.verdictIs(body.op_id, op.verdict)) again({ ...op, at: clock.at }, body, epoch);
    return true;
  }

  const hashAt = (of: string, devSeq: number) => chainEnd.get(of, devSeq) as string | undefined;

  /** Of devices with two histories: their operations here that the log has others for go, before the page comes. */
  function makeRoom(page: CheckedPage, clock: Clock): number {
    const ops = page.ops.map(({ text, hash }) => ({ body: JSON.parse(text) as OpBody, hash }));
    let written = 0;
    for (const [of, devSeq] of displacedBy(ops, hashAt)) {
      const at = ops.findIndex(({ body }) => body.device === of && body.dev_seq === devSeq);
      const [op, body] = [page.ops[at], ops[at]?.body];
      // The own device has another copy of itself; and what the log of today has shown already it contradicts.
      if (op !== undefined && body !== undefined)
        if (of === parts.device() || isShown.get(of, devSeq, page.epoch) !== undefined)
          throw broken('forked', op, body);
      written += parts.writeAgain(of, devSeq, clock);
    }
    return written;
  }

  /** What is written here from now on is newer than what was seen. */
  function follow(hlc: string, nowMs: number, device: string): void {
    const own = String(self.get());
    const ms = hlcMs(hlc);
    if (ms === undefined) return;
    const seen = ms > nowMs + AHEAD_MS ? tick('', nowMs + AHEAD_MS, device) : hlc;
    if (seen > own) setClock.run(seen);
  }

  /**
   * [Note: Content that is not there] Whatever a page says of a content that it does not bring, nothing that is held here is given up for it: only an operation that erases,
   * and was accepted, may do that. The other way round it is filled in, unless it was erased.
   */
  function tellHeld(op: CheckedOp, body: OpBody, held: Held, epoch: number): Told & { filled: boolean } {
    const { content } = op;
    const place = { epoch, seq: op.seq };
    const isErased = held.erasedBy !== null && held.erasedBy !== body.op_id;
    if (op.erased !== undefined && held.salt === null && !isErased) erasedBy.run(op.erased, body.op_id);
    if (content === null || held.salt !== null || isErased)
      return { ...verdicts.tell(body.op_id, held, place, op.verdict), filled: false };
    fill.keep(body.op_id, content);
    const told = verdicts.tell(body.op_id, { ...held, value: content.value, salt: content.salt }, place, op.verdict);
    if (isUnderstood(body) && op.verdict === 'accepted' && !told.changed) fill.heal(body, content, held.at);
    const isLate = fill.late(body, content, held.at);
    if (isUnderstood(body) && !isLate && body.device !== parts.device()) parts.blobs.note('down', body, content.value);
    return { ...told, filled: true };
  }

  function takeHeld(op: CheckedOp, body: OpBody, held: Held, epoch: number, tally: Tally): void {
    const told = tellHeld(op, body, held, epoch);
    const isOwn = body.device === parts.device();
    if (told.filled) tally.fresh += 1;
    if (told.changed && op.verdict !== 'accepted' && isOwn) tally.refused += 1;
    if ((told.changed || told.filled) && isProjected(body)) tally.touched.add(body.root);
    if (isOwn && held.seq === null) parts.blobs.note('up', body, op.content?.value ?? held.value);
  }

  /** Most are new, and continue one of the page: that is asked for once, nothing else of it in the tables, and they go in together. */
  function takeOps(page: CheckedPage, clock: Clock, tally: Tally): void {
    const device = parts.device();
    const ops = page.ops.map((op): NewOp => ({ op, body: JSON.parse(op.text) as OpBody }));
    let here: ReadonlySet<unknown> | undefined = new Set(known.all(JSON.stringify(ops.map(({ body }) => body.op_id))));
    let isFree = freeIn(ops);
    const ends = new Map<string, ChainEnd>();
    const waiting: NewOp[] = [];
    const putIn = (): void => insert(waiting.splice(0), page.epoch, clock);
    for (const one of ops) {
      const { op, body } = one;
      const isNew = here?.has(body.op_id) === false;
      let follows: boolean = isNew && isNext(ends.get(body.device), body);
      // Before anything is asked of the tables; and an erasure finds what came before it, and nothing that comes after.
      if (!follows || isErasure(body.kind)) putIn();
      const held: Held | undefined = isNew ? undefined : isHeld(op, body);
      if (held !== undefined) {
        takeHeld(op, body, held, page.epoch, tally);
        continue;
      }
      if (!follows && isKnown(op, body, page.epoch, clock)) continue;
      if (!isFree(body)) {
        putIn();
        tally.written += makeRoom(page, clock);
        [here, follows, isFree] = [undefined, false, isFreeNow];
      }
      if (!follows) requireChain(op, body, device);
      waiting.push(one);
      if (isErasure(body.kind)) putIn();
      ends.set(body.device, { devSeq: body.dev_seq, hash: op.hash });
      tally.fresh += 1;
      if (isUnderstood(body) && isProjected(body)) tally.touched.add(body.root);
      if (body.hlc > tally.newest) tally.newest = body.hlc;
    }
    putIn();
  }

  function apply(page: CheckedPage, clock: Clock): TakenIn {
    const before = parts.position(page.site);
    if (before?.epoch !== page.epoch || (page.ops[0]?.seq ?? before.cursor + 1) !== before.cursor + 1)
      return { kind: 'elsewhere', position: before };
    const tally: Tally = { touched: new Set(), newest: '', fresh: 0, refused: 0, written: 0 };
    takeOps(page, clock, tally);
    const { touched, newest, ...counts } = tally;
    verdicts.settle();
    follow(newest, clock.nowMs, parts.device());
    for (const head of page.heads) keepHead(head);
    const cursor = page.ops.at(-1)?.seq ?? before.cursor;
    const position = { site: page.site, epoch: page.epoch, cursor, siteHash: page.siteHash };
    parts.move(position);
    parts.touch(touched, clock);
    return { kind: 'taken', position, roots: [...touched], ...counts };
  }

  const transaction = db.transaction(apply);
  return (page: CheckedPage, clock: Clock): TakenIn => {
    try {
      return transaction.immediate(page, clock);
    } catch (error) {
      if (error instanceof Broken) return error.found;
      throw error;
    }
  };
}

/** The last operation of a device that the page brought. */
interface ChainEnd {
  readonly devSeq: number;
  readonly hash: string;
}

const isNext = (end: ChainEnd | undefined, { dev_seq: devSeq, dev_prev: hash }: OpBody): boolean =>
  end !== undefined && end.devSeq + 1 === devSeq && end.hash === hash;

const broken = (what: 'chain' | 'forked', { seq }: CheckedOp, body: OpBody): Broken =>
  new Broken({ kind: 'broken', what, device: body.device, devSeq: body.dev_seq, seq });

interface NewOp {
  readonly op: CheckedOp;
  readonly body: OpBody;
}

/** Others' operations, and everything that is made of them besides projections. */
function inserter({ db, heads, lessons, blobs }: TakeInParts) {
  const log = manyRows(
    db,
    '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    (
      rows,
    ) => `INSERT OR FAIL INTO op_log (op_id, device, dev_seq, root, kind, body, hash, received_at, seq, verdict, epoch, erased_by)
     VALUES ${rows}`,
  );
  const value = db.prepare('INSERT INTO op_value (op_id, value, reason, salt) VALUES (?, ?, ?, ?)');
  const defer = db.prepare('INSERT INTO op_deferred (op_id, body, received_at) VALUES (?, ?, ?)');
  const apply = applier({ db, heads, lessons });
  const erase = createErase(db);

  function make({ op, body }: NewOp, at: string): void {
    const content = op.content?.value ?? null;
    const isNew = !isUnderstood(body);
    if (isNew) defer.run(body.op_id, op.text, at);
    else if (op.verdict === 'accepted') apply(body, content, at);
    if (!erase.late(body, content, at) && !isNew) blobs.note('down', body, content);
  }

  return (ops: readonly NewOp[], epoch: number, { at }: Clock): void => {
    if (ops.length === 0) return;
    log(
      ops.map(
        ({ op: { text, hash, seq, verdict, content, erased }, body: { op_id: id, device, dev_seq, root, kind } }) => {
          // Erased elsewhere; or not held by its sender, and until it comes it stands for itself.
          const eraser = content === null ? (erased ?? id) : null;
          return [id, device, dev_seq, root, kind, text, hash, at, seq, verdict, epoch, eraser];
        },
      ),
    );
    for (const {
      op: { content },
      body,
    } of ops)
      if (content !== null) value.run(body.op_id, content.value, content.reason, content.salt);
    for (const one of ops) make(one, at);
  };
}

/** The site chose them so that every operation of the page can be offered again. */
function headKeeper(db: Sqlite) {
  const insert = db.prepare(
    'INSERT OR REPLACE INTO sync_head (hash, device, dev_seq, signature, public_key) VALUES (?, ?, ?, ?, ?)',
  );
  const receive = db.prepare('INSERT OR REPLACE INTO sync_receipt (hash, role, signature) VALUES (?, ?, ?)');
  return (head: KnownHead): void => {
    insert.run(head.hash, head.device, head.dev_seq, head.signature, head.public_key);
    if (head.receipt !== undefined) receive.run(head.hash, head.receipt.role, head.receipt.signature);
  };
}
