/** Bytes that operations name and that are on their way: what this device's own name is sent, what others' name is fetched. */
import { DocumentAdded, type OpBody, ReadingRecorded } from '../../../core/sync/op.ts';
import type { BlobOutcome, BlobTask, MissingBlob } from '../station-sync-store.ts';
import { parsedContent } from './content-json.ts';
import type { Sqlite } from './open.ts';

const SHA = /^[0-9a-f]{64}$/;

export type Direction = 'up' | 'down';

export type SyncBlobs = ReturnType<typeof createSyncBlobs>;

interface Named {
  readonly sha256: string;
  readonly purpose: BlobTask['purpose'];
}

/** Kinds of operations that name bytes. */
export const NAMING: ReadonlySet<string> = new Set(['document.added', 'reading.recorded']);

/** The bytes that an operation names; most name none. */
function namedBlob({ kind, root }: Pick<OpBody, 'kind' | 'root'>, value: string | null): Named | undefined {
  if (kind === 'document.added') {
    const { data } = DocumentAdded.safeParse(parsedContent(value));
    return data === undefined ? undefined : { sha256: root, purpose: 'document' };
  }
  if (kind !== 'reading.recorded') return undefined;
  const blob = ReadingRecorded.safeParse(parsedContent(value)).data?.blob;
  return blob === undefined ? undefined : { sha256: blob, purpose: 'reading' };
}

/** Twice the longest delay: what seems to wait longer was put off before the clock of this machine was set back. */
const LONGEST_MS = 20 * 60_000;

/** What is due, readings before documents, what was named last first: that is what people work on. */
const NEXT = `SELECT sha256, purpose, root, device, tries FROM sync_blob
  WHERE direction = ? AND state IN ('waiting', 'late') AND purpose = ? AND run_at NOT BETWEEN ? AND ? ORDER BY row DESC LIMIT ?`;

export function createSyncBlobs(db: Sqlite) {
  const insert = db.prepare(
    `INSERT INTO sync_blob (sha256, direction, purpose, root, device, state, tries, run_at) VALUES (?, ?, ?, ?, ?, 'waiting', 0, 0)
     ON CONFLICT (sha256, direction, root) DO UPDATE SET state = 'waiting', tries = 0, run_at = 0
     WHERE excluded.direction = 'up' OR state <> 'done'`,
  );
  const next = db.prepare(NEXT);
  const at = db.prepare("SELECT min(run_at) FROM sync_blob WHERE state IN ('waiting', 'late') AND run_at > ?").pluck();
  const later = db.prepare(
    "UPDATE sync_blob SET state = ?, tries = tries + 1, run_at = ? WHERE direction = ? AND sha256 = ? AND state IN ('waiting', 'late')",
  );
  const end = db.prepare(
    'UPDATE sync_blob SET state = ? WHERE direction = ? AND sha256 = ? AND state <> ? RETURNING root',
  );
  const one = db.prepare(
    "SELECT sha256, device, state FROM sync_blob WHERE direction = 'down' AND sha256 = ? AND state <> 'done' LIMIT 1",
  );
  // One of an old invoice: its bytes are at the site, where they are not here.
  const known = db.prepare("SELECT sha256, '' AS device, 'waiting' AS state FROM documents WHERE sha256 = ?");
  const count = db.prepare('SELECT count(*) FROM sync_blob WHERE direction = ? AND state = ?').pluck();

  return {
    /** Notes what an operation names. Again, where the site may have lost it. */
    note(direction: Direction, op: Pick<OpBody, 'kind' | 'root' | 'device'>, value: string | null): void {
      const named = namedBlob(op, value);
      if (named === undefined || !SHA.test(named.sha256)) return;
      insert.run(named.sha256, direction, named.purpose, op.root, op.device);
    },
    next(direction: Direction, limit: number, nowMs: number): BlobTask[] {
      const of = (purpose: BlobTask['purpose'], most: number): BlobTask[] =>
        most > 0 ? (next.all(direction, purpose, nowMs + 1, nowMs + LONGEST_MS, most) as BlobTask[]) : [];
      const readings = of('reading', limit);
      return [...readings, ...of('document', limit - readings.length)];
    },
    nextAt: (nowMs: number): number | undefined => (at.get(nowMs) as number | null) ?? undefined,
    /** Whose bytes have arrived: invoices, documents. */
    settle(direction: Direction, sha256: string, outcome: BlobOutcome, nowMs: number): string[] {
      if (outcome.kind === 'later') {
        const state = outcome.why === 'late' ? 'late' : 'waiting';
        later.run(state, nowMs + outcome.afterMs, direction, sha256);
        return [];
      }
      const rows = end.all(outcome.kind, direction, sha256, outcome.kind) as Pick<BlobTask, 'root'>[];
      return outcome.kind === 'done' && direction === 'down' ? rows.map(({ root }) => root) : [];
    },
    missing: (sha256: string): MissingBlob | undefined =>
      (one.get(sha256) ?? known.get(sha256)) as MissingBlob | undefined,
    waiting: (direction: Direction): number => Number(count.get(direction, 'waiting')),
    wrong: (): number => Number(count.get('up', 'wrong')) + Number(count.get('down', 'wrong')),
  };
}
