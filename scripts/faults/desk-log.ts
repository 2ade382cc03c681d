/** The log of a station as it stands on its disk, looked at from outside, and what it has not in common with that of its site. */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { LoggedOp } from './site-log.ts';

export interface DeskOp {
  readonly op: string;
  readonly device: string;
  readonly devSeq: number;
  readonly seq: number | null;
  readonly verdict: string;
  readonly root: string;
  readonly kind: string;
  readonly value: string | null;
  /** Whether what it says is here; false where it was lost or erased. */
  readonly hasContent: boolean;
}

const OPS = `SELECT l.op_id AS op, l.device, l.dev_seq AS devSeq, l.seq, l.verdict, l.root, l.kind, v.value, v.op_id IS NOT NULL AS hasContent
  FROM op_log l LEFT JOIN op_value v USING (op_id) ORDER BY l.local_seq`;

/** Of the station in this data folder. Read beside the running station: what it has committed is seen. */
function read<T>(folder: string, look: (db: Database.Database) => T): T {
  const db = new Database(join(folder, 'own', 'station.db'), { readonly: true, timeout: 5_000 });
  try {
    return look(db);
  } finally {
    db.close();
  }
}

export const deskLog = (folder: string): DeskOp[] =>
  read(folder, (db) =>
    (db.prepare(OPS).all() as (Omit<DeskOp, 'hasContent'> & { hasContent: number })[]).map((row) => ({
      ...row,
      hasContent: row.hasContent === 1,
    })),
  );

/** The text of each operation, as it is hashed. */
export const deskBodies = (folder: string): Map<string, string> =>
  read(folder, (db) => new Map(db.prepare('SELECT op_id, body FROM op_log').raw().all() as [string, string][]));

export interface DeskPlace {
  readonly cursor: number;
  /** Operations that no site has numbered. */
  readonly unnumbered: number;
  readonly jobs: number;
}

export const deskPlace = (folder: string): DeskPlace =>
  read(folder, (db) => {
    const one = (sql: string): number => Number(db.prepare(sql).pluck().get() ?? 0);
    return {
      cursor: one('SELECT max(cursor) FROM sync_state'),
      unnumbered: one(
        'SELECT count(*) FROM op_log WHERE seq IS NULL AND device NOT IN (SELECT device FROM device_former)',
      ),
      jobs: one("SELECT count(*) FROM job WHERE state IN ('waiting', 'running')"),
    };
  });

export interface Differences {
  /** In the site's log and not here. */
  readonly missing: number;
  /** Here and not in the site's log. */
  readonly unsent: number;
  /** Another number, another verdict or other content. */
  readonly other: number;
}

export function differences(site: readonly LoggedOp[], desk: readonly DeskOp[]): Differences {
  const there = new Map(site.map((row) => [row.op, row]));
  const here = new Map(desk.map((row) => [row.op, row]));
  const isOther = (row: LoggedOp): boolean => {
    const mine = here.get(row.op);
    return (
      mine !== undefined &&
      (mine.seq !== row.seq || mine.verdict !== row.verdict || (mine.hasContent && (mine.value ?? '') !== row.value))
    );
  };
  return {
    missing: site.filter(({ op }) => !here.has(op)).length,
    unsent: desk.filter(({ op }) => !there.has(op)).length,
    other: site.filter(isOther).length,
  };
}

export const sum = ({ missing, unsent, other }: Differences): number => missing + unsent + other;
