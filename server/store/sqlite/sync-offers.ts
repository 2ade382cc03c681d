/** What the site's history of today has not shown, as it goes over the wire; and what the site answered. */
import type { SignedHead, WireOp } from '../../../core/contract/sync-http.ts';
import { nextOffer, type OfferLimits, type OfferRow, type ProvedHead } from '../../../core/sync/offer.ts';
import type { Offer, Offering, PushResults, SyncPosition } from '../station-sync-store.ts';
import type { Clock } from './log.ts';
import type { Sqlite } from './open.ts';
import { NAMING, type SyncBlobs } from './sync-blobs.ts';
import { isProjected, type Verdicts } from './sync-verdicts.ts';

export interface OfferParts {
  readonly db: Sqlite;
  readonly device: () => string;
  readonly blobs: SyncBlobs;
  readonly verdicts: Verdicts;
  readonly position: (site: string) => SyncPosition | undefined;
  readonly touch: (roots: Iterable<string>, clock: Clock) => void;
}

interface Row {
  readonly device: string;
  readonly devSeq: number;
  readonly hash: string;
  readonly seq: number | null;
  readonly epoch: number | null;
  readonly body: string;
  readonly value: string | null;
  readonly reason: string | null;
  readonly salt: string | null;
  readonly opId: string;
  readonly erasedBy: string | null;
}

/** `text`: JSON of its `WireOp`. */
type ReadRow = OfferRow & { readonly text: string };

const COLUMNS = `l.device, l.dev_seq AS devSeq, l.hash, l.seq, l.epoch, l.body, v.value, v.reason, v.salt, op_id AS opId,
  l.erased_by AS erasedBy FROM op_log l LEFT JOIN op_value v USING (op_id)`;
const NOT_OF = 'l.device NOT IN (SELECT value FROM json_each(?))';
/** By the order of core/sync/offer.ts: what an older history had, the newer one first; then what none has. */
const OLD = `SELECT ${COLUMNS} WHERE l.epoch < ? AND ${NOT_OF} ORDER BY l.epoch DESC, l.seq LIMIT ?`;
/** Which ones first: sorting them with their texts would read all that is unsent for every batch. */
const NEW = `SELECT ${COLUMNS} WHERE l.local_seq IN (
  SELECT l.local_seq FROM op_log l WHERE l.epoch IS NULL AND ${NOT_OF} ORDER BY l.dev_seq LIMIT ?) ORDER BY l.dev_seq`;
const FOLLOWING = `SELECT ${COLUMNS} WHERE l.device = ? AND l.dev_seq > ? AND l.epoch IS NULL ORDER BY l.dev_seq LIMIT ?`;
/** A run of another device goes as far as its next signed head, which a page of the site is never farther apart. */
const FARTHEST = 1_000;

const NONE: ReadonlyMap<string, ProvedHead> = new Map();

interface HeadRow extends SignedHead {
  readonly publicKey: string;
  readonly role: string | null;
  readonly receipt: string | null;
}

/** What stands for its own erasure did not come yet. */
function wireOf({ body, value, reason, salt, opId, erasedBy }: Row): WireOp {
  if (salt !== null) return { body, content: { value, reason, salt } };
  return { body, content: null, ...(erasedBy === null || erasedBy === opId ? {} : { erased: erasedBy }) };
}

const signedOf = ({ role: _role, ...head }: ProvedHead): SignedHead => head;

function readRow(row: Row): ReadRow {
  const text = JSON.stringify(wireOf(row));
  const { device, devSeq, hash, epoch, seq } = row;
  const place = epoch === null || seq === null ? null : { epoch, seq };
  return { device, devSeq, hash, bytes: Buffer.byteLength(text) + 1, place, text };
}

const isRun = (results: PushResults['results']): boolean =>
  results.every(({ seq, verdict }, at) => verdict === 'accepted' && seq === (results[0]?.seq ?? 0) + at);

/** What a device wrote one after the other and the site numbered so, as it stands here, and without bytes to be sent: most of long work. False where it is anything else. */
function runTeller(db: Sqlite) {
  const find = db.prepare('SELECT dev_seq FROM op_log WHERE op_id = ? AND device = ?').pluck();
  const same = db
    .prepare(
      // In this order: the other way round each row of the device would be looked for in the list.
      `SELECT count(*) FROM json_each(@ops) r CROSS JOIN op_log l ON l.device = @device AND l.dev_seq = @first + r.key
       WHERE l.op_id = r.value AND l.verdict = 'accepted' AND l.kind NOT IN (SELECT value FROM json_each(@naming))`,
    )
    .pluck();
  const tell = db.prepare(
    'UPDATE op_log SET epoch = @epoch, seq = dev_seq + @by WHERE device = @device AND dev_seq BETWEEN @first AND @last',
  );
  const naming = JSON.stringify([...NAMING]);
  return (device: string, epoch: number, results: PushResults['results']): boolean => {
    const [begin] = results;
    if (begin === undefined || !isRun(results)) return false;
    const first = find.get(begin.op_id, device) as number | undefined;
    if (first === undefined) return false;
    const ops = JSON.stringify(results.map(({ op_id: id }) => id));
    if (same.get({ ops, device, first, naming }) !== results.length) return false;
    tell.run({ epoch, by: begin.seq - first, device, first, last: first + results.length - 1 });
    return true;
  };
}

export function createOffers({ db, device, blobs, verdicts, position, touch }: OfferParts) {
  const old = db.prepare(OLD);
  const fresh = db.prepare(NEW);
  const following = db.prepare(FOLLOWING);
  const find = db.prepare(
    `SELECT h.device, h.dev_seq, h.hash, h.signature, h.public_key AS publicKey, r.role, r.signature AS receipt
     FROM sync_head h LEFT JOIN sync_receipt r USING (hash) WHERE hash = ?`,
  );
  const head = (hash: string): ProvedHead | undefined => {
    const found = find.get(hash) as HeadRow | undefined;
    if (found === undefined) return undefined;
    const { publicKey: _key, receipt: _receipt, role, ...signed } = found;
    return { ...signed, ...(role === null ? {} : { role }) };
  };
  function proofOf(hash: string): Pick<Offer, 'publicKey' | 'receipt'> {
    const found = find.get(hash) as HeadRow | undefined;
    const receipt =
      found?.role == null || found.receipt === null ? null : { role: found.role, signature: found.receipt };
    return { publicKey: found?.publicKey ?? null, receipt };
  }
  const told = db
    .prepare('UPDATE op_log SET epoch = ?, seq = ? WHERE op_id = ? AND device = ? AND verdict = ? RETURNING kind')
    .pluck();
  const tellRun = runTeller(db);
  const deviceOf = db.prepare('SELECT device FROM op_log WHERE op_id = ?').pluck();
  const back = db.prepare('UPDATE op_log SET epoch = NULL WHERE device = ? AND dev_seq >= ?');

  /** No more than a batch holds: the texts of the rest are not read. */
  function rowsOf(site: string, limits: OfferLimits, except: readonly string[], after: number | undefined): ReadRow[] {
    const epoch = position(site)?.epoch ?? 0;
    const without = JSON.stringify(except);
    const rows: ReadRow[] = [];
    let bytes = 0;
    const take = (found: Iterable<unknown>, most: number): void => {
      for (const row of found as Iterable<Row>) {
        const read = readRow(row);
        // Others' may have to go over the limit, to where they were signed.
        if (rows.length > 0 && bytes + read.bytes > limits.bytes && rows[0]?.device === device()) return;
        rows.push(read);
        bytes += read.bytes;
        if (rows.length >= most) return;
      }
    };
    const most = Math.max(limits.ops, FARTHEST);
    if (after !== undefined) {
      take(following.iterate(device(), after, limits.ops), limits.ops);
      return rows;
    }
    take(old.iterate(epoch, without, most), most);
    // New work comes after all that it may name.
    if (rows.length === 0) take(fresh.iterate(without, limits.ops), limits.ops);
    return rows;
  }

  function headsOf(rows: readonly ReadRow[]): ReadonlyMap<string, ProvedHead> {
    const self = device();
    if (rows[0] === undefined || rows[0].device === self) return NONE;
    return new Map(
      rows.flatMap(({ hash, device: of }) => {
        const found = of === self ? undefined : head(hash);
        return found === undefined ? [] : [[hash, found] as const];
      }),
    );
  }

  function offer(site: string, limits: OfferLimits, except: readonly string[], after?: number): Offering {
    const rows = rowsOf(site, limits, except, after);
    const next = nextOffer(rows, headsOf(rows), device(), limits);
    if (next.kind === 'none' || next.kind === 'unproved') return next;
    const part = rows.slice(0, next.rows.length);
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) return { kind: 'none' };
    const made: Offer = {
      device: first.device,
      own: next.kind === 'own',
      isNew: first.place === null,
      first: first.devSeq,
      text: `[${part.map(({ text }) => text).join(',')}]`,
      count: part.length,
      last: { devSeq: last.devSeq, hash: last.hash },
      signed: next.kind === 'own' ? null : signedOf(next.head),
      ...(next.kind === 'own' ? { publicKey: null, receipt: null } : proofOf(next.head.hash)),
    };
    return { kind: 'offer', ...made };
  }

  function acknowledged({ device: of, epoch, results }: PushResults, clock: Clock) {
    if (tellRun(of, epoch, results)) return { roots: [], refused: 0 };
    const touched = new Set<string>();
    let refused = 0;
    for (const { op_id: id, seq, verdict } of results) {
      // Most were taken as they stand here, and name no bytes: nothing of them has to be read.
      const kind = told.get(epoch, seq, id, of, verdict) as string | undefined;
      if (kind !== undefined && !NAMING.has(kind)) continue;
      const held = verdicts.held(id);
      if (held?.device !== of) continue;
      const { changed, op } = verdicts.tell(id, held, { epoch, seq }, verdict);
      // Refused or not: the operation is in the site's log, and what it names belongs to it.
      if (held.salt !== null) blobs.note('up', op, held.value);
      if (changed && isProjected(op)) touched.add(op.root);
      if (changed && verdict !== 'accepted' && of === device()) refused += 1;
    }
    verdicts.settle();
    touch(touched, clock);
    return { roots: [...touched], refused };
  }

  const transaction = db.transaction(acknowledged);
  return {
    offer,
    unheld: (ops: readonly string[], except: readonly string[]): string[] =>
      ops.filter((op) => {
        const of = deviceOf.get(op) as string | undefined;
        return of === undefined || except.includes(of);
      }),
    goBack: (devSeq: number): void => {
      back.run(device(), devSeq);
    },
    acknowledged: (results: PushResults, clock: Clock) => transaction.immediate(results, clock),
  };
}
