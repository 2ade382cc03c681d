/** Everything of sync on the thread that writes: put together, each call one transaction. The port in front of it is `sync.ts`. */
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { randomBytes } from 'node:crypto';
import { uuid7 } from '../../../core/sync/ids.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { NO_SITE_HASH } from '../../../core/sync/site-chain.ts';
import type { BlobOutcome, RefusedOp, SyncCounts, SyncPosition } from '../station-sync-store.ts';
import { createGone } from './gone.ts';
import { createFillIn } from './gone-fill-in.ts';
import { createCompaction } from './gone-compaction.ts';
import { createHeads } from './heads.ts';
import type { Jobs } from './jobs.ts';
import { createLessons } from './lessons.ts';
import type { Clock, Log } from './log.ts';
import type { Sqlite } from './open.ts';
import { applier } from './sync-apply.ts';
import { createReissue } from './sync-reissue.ts';
import { createSyncBlobs, type Direction, type SyncBlobs } from './sync-blobs.ts';
import { createOffers } from './sync-offers.ts';
import { createTakeIn } from './sync-take-in.ts';
import { createVerdicts, isProjected, isUnderstood } from './sync-verdicts.ts';

export interface SyncParts {
  readonly db: Sqlite;
  readonly orm: BetterSQLite3Database;
  readonly jobs: Jobs;
  readonly log: Log;
}

/** As server/jobs/refresh.ts: behind what a person waits for, before an import. */
const REFRESH_PRIORITY = 3;
/** Of chance, in an id. */
const ID_BYTES = 10;

export function createSyncRows({ db, orm, jobs, log }: SyncParts) {
  const self = db.prepare('SELECT device FROM device_self').pluck();
  // A copied database becomes another device while it is open.
  const device = (): string => String(self.get());
  const heads = createHeads(orm);
  const lessons = createLessons(orm);
  const blobs = createSyncBlobs(db);
  const verdicts = createVerdicts({ db, heads, lessons, device });
  const places = positions(db);
  const gone = createGone(db);
  const durable = db.prepare(
    'INSERT INTO site_durable (site, seq) VALUES (?, ?) ON CONFLICT (site) DO UPDATE SET seq = excluded.seq',
  );

  /** The projection is behind from now on: a change made meanwhile is over what the log has, not over the old row. */
  const behind = db.prepare(
    // What waits for a newer version is rare; without it the index of the roots alone is read.
    `UPDATE invoices SET revision = (SELECT count(*) FROM op_log l WHERE l.root = invoices.id)
       - CASE WHEN EXISTS (SELECT 1 FROM op_deferred)
         THEN (SELECT count(*) FROM op_log l JOIN op_deferred USING (op_id) WHERE l.root = invoices.id) ELSE 0 END
       + coalesce((SELECT g.ops FROM gone_root g WHERE g.root = invoices.id), 0) WHERE id = ?`,
  );
  function touch(roots: Iterable<string>, { nowMs }: Clock): void {
    const all = [...roots];
    // One call for all of them: for each it would take longer than its rows.
    const bytes = randomBytes(ID_BYTES * all.length);
    for (const [at, root] of all.entries()) {
      behind.run(root);
      // Of what is here alone nothing could be shown: the rest is fetched first.
      if (gone.ops(root) > 0) {
        gone.want(root);
        continue;
      }
      const id = uuid7(nowMs, bytes.subarray(ID_BYTES * at, ID_BYTES * (at + 1)));
      jobs.add({ id, name: 'refresh', data: {}, root, priority: REFRESH_PRIORITY }, nowMs);
    }
  }

  const base = { db, device, heads, lessons, blobs, verdicts, gone, touch };
  const again = createReissue({ db, log, heads, lessons, touch });
  const takeIn = createTakeIn({ ...base, ...places, writeAgain: again.displaced });
  const offers = createOffers({ ...base, ...places });

  const begin = db.transaction((site: string, epoch: number): SyncPosition => {
    const known = places.position(site);
    if (known?.epoch === epoch) return known;
    const position = { site, epoch, cursor: 0, siteHash: NO_SITE_HASH };
    places.move(position);
    db.exec("UPDATE sync_blob SET state = 'waiting', tries = 0, run_at = 0 WHERE direction = 'up' AND state = 'done'");
    return position;
  });

  const replayDeferred = db.transaction((clock: Clock): number => {
    const apply = applier({ db, heads, lessons });
    const touched = new Set<string>();
    let replayed = 0;
    for (const { opId, at, verdict, body, value } of deferredRows(db)) {
      const op = JSON.parse(body) as OpBody;
      if (!isUnderstood(op)) continue;
      db.prepare('DELETE FROM op_deferred WHERE op_id = ?').run(opId);
      if (verdict === 'accepted') apply(op, value, at);
      if (op.device !== device()) blobs.note('down', op, value);
      if (isProjected(op)) touched.add(op.root);
      replayed += 1;
    }
    touch(touched, clock);
    return replayed;
  });

  const settle = db.transaction((direction: Direction, sha256: string, outcome: BlobOutcome, clock: Clock) => {
    const roots = blobs.settle(direction, sha256, outcome, clock.nowMs);
    touch(roots, clock);
    return roots;
  });

  return {
    syncPosition: places.position,
    syncBegin: (site: string, epoch: number) => begin.immediate(site, epoch),
    syncOffer: offers.offer,
    syncGoBack: offers.goBack,
    syncUnheld: offers.unheld,
    syncAcknowledged: offers.acknowledged,
    syncTakeIn: takeIn,
    goneOps: (root: string) => gone.ops(root),
    goneWanted: (limit: number, after: string) => gone.wanted(limit, after),
    goneFillIn: createFillIn({ ...base, ...places }),
    keepDurable: (site: string, seq: number): void => {
      durable.run(site, seq);
    },
    compact: createCompaction({ db, gone, device }),
    syncReissue: again.own,
    syncReplayDeferred: (clock: Clock) => replayDeferred.immediate(clock),
    syncCounts: (site: string) => countsOf(db, places.position(site)?.epoch ?? 0, blobs),
    syncRefused: () => refusedOps(db),
    syncSawRefused: (ops: readonly string[]) => {
      const seen = db.prepare('UPDATE sync_refused SET seen = 1 WHERE op_id = ?');
      for (const op of ops) seen.run(op);
    },
    syncBlobs: (direction: Direction, limit: number, nowMs: number) => blobs.next(direction, limit, nowMs),
    syncNextBlobAt: blobs.nextAt,
    syncBlobSettled: (direction: Direction, sha256: string, outcome: BlobOutcome, clock: Clock) =>
      settle.immediate(direction, sha256, outcome, clock),
    syncMissing: blobs.missing,
  };
}

function positions(db: Sqlite) {
  const find = db.prepare('SELECT site, epoch, cursor, site_hash AS siteHash FROM sync_state WHERE site = ?');
  const set = db.prepare(
    `INSERT INTO sync_state (site, epoch, cursor, site_hash) VALUES (?, ?, ?, ?)
     ON CONFLICT (site) DO UPDATE SET epoch = excluded.epoch, cursor = excluded.cursor, site_hash = excluded.site_hash`,
  );
  return {
    position: (site: string) => find.get(site) as SyncPosition | undefined,
    move: ({ site, epoch, cursor, siteHash }: SyncPosition): void => {
      set.run(site, epoch, cursor, siteHash);
    },
  };
}

interface DeferredRow {
  readonly opId: string;
  readonly at: string;
  readonly verdict: string;
  readonly body: string;
  readonly value: string | null;
}

const deferredRows = (db: Sqlite): DeferredRow[] =>
  db
    .prepare(
      `SELECT l.op_id AS opId, l.received_at AS at, l.verdict, l.body, v.value FROM op_deferred d
       JOIN op_log l USING (op_id) LEFT JOIN op_value v USING (op_id) ORDER BY l.local_seq`,
    )
    .all() as DeferredRow[];

function countsOf(db: Sqlite, epoch: number, blobs: SyncBlobs): SyncCounts {
  const one = (sql: string, ...params: unknown[]): number =>
    Number(
      db
        .prepare(sql)
        .pluck()
        .get(...params) ?? 0,
    );
  return {
    unsent: one('SELECT count(*) FROM op_log WHERE epoch IS NULL'),
    again: one('SELECT count(*) FROM op_log WHERE epoch < ?', epoch),
    deferred: one('SELECT count(*) FROM op_deferred'),
    refused: one('SELECT count(*) FROM sync_refused WHERE seen = 0'),
    undecided: undecidedOf(db, epoch),
    uploads: blobs.waiting('up'),
    downloads: blobs.waiting('down'),
    wrongBlobs: blobs.wrong(),
  };
}

const NAMED = 1_000;
const DECIDING = "WHERE kind IN ('transition', 'duplicate.merge') AND verdict = 'accepted'";

/** As the list of invoices finds them (`only: 'waiting'`). */
function undecidedOf(db: Sqlite, epoch: number): SyncCounts['undecided'] {
  const invoices = db
    .prepare(
      // By the index of these few kinds, named: the one of all that is unsent looks as good to the planner, and holds thousands.
      `SELECT root FROM op_log INDEXED BY op_log_undecided ${DECIDING} AND epoch IS NULL
       UNION SELECT root FROM op_log INDEXED BY op_log_undecided ${DECIDING} AND epoch < ?`,
    )
    .pluck()
    .all(epoch) as string[];
  return { n: invoices.length, invoices: invoices.slice(0, NAMED) };
}

/** What a person did not look at yet, newest first. */
function refusedOps(db: Sqlite): RefusedOp[] {
  const rows = db
    .prepare(
      `SELECT r.op_id AS op, r.code, l.body, l.received_at AS at, v.value FROM sync_refused r JOIN op_log l USING (op_id)
       LEFT JOIN op_value v USING (op_id) WHERE r.seen = 0 ORDER BY l.local_seq DESC LIMIT 200`,
    )
    .all() as { op: string; code: string; body: string; at: string; value: string | null }[];
  return rows.map(({ op, code, body, at, value }) => {
    const { kind, root, field = null } = JSON.parse(body) as OpBody;
    return { op, code, kind, root, field, value, at };
  });
}
