/**
 * Who is next where many sites have jobs waiting (decision 0016, "Sites take turns"): by urgency, and among jobs equally urgent one of each site in turn, however many
 * jobs a site has. (Among those that Redis carries, by redis-turns.ts.) Everything is found by indexes that begin with the site: nobody looks through one site's backlog to find another one's job.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { JobName } from '../../core/contract/jobs.ts';
import { EVERY_SITE } from '../store/postgres/connection.ts';
import type { LeaseClock } from '../store/postgres/job-statements.ts';
import { job } from '../store/postgres/schema.ts';
import { createStatement } from '../store/postgres/statement.ts';

export interface TurnParts {
  /** A site, or EVERY_SITE. */
  readonly scope: string;
  readonly clock: LeaseClock;
  /** Over `job j`. */
  readonly own: SQL;
  /** Of every site, only jobs of these are claimed; undefined: of all. */
  readonly serves: readonly string[] | undefined;
  readonly isExpired: () => SQL;
  readonly isFree: () => SQL;
  /** Takes the lease of the rows of `from`. */
  readonly take: (lease: SQL, leaseMs: SQL, from: SQL) => SQL;
}

const ORDER = sql`j.priority, j.created_at, j.id`;
const FIELDS = sql`j.site, j.id, j.name, j.priority, j.created_at, j.updated_at = j.created_at AS untouched`;

/** `WITH RECURSIVE sites`: those that have a job of which this is true, each found by one step in an index over the site. */
const sitesWith = (scope: string, condition: SQL): SQL =>
  scope === EVERY_SITE
    ? sql`sites AS (
      (SELECT j.site FROM ${job} j WHERE ${condition} ORDER BY j.site LIMIT 1)
      UNION ALL
      SELECT (SELECT j.site FROM ${job} j WHERE ${condition} AND j.site > s.site ORDER BY j.site LIMIT 1) FROM sites s WHERE s.site IS NOT NULL
    )`
    : sql`sites AS (SELECT ${scope}::text AS site)`;

export function createTurnQueries({ scope, clock, own, serves, isExpired, isFree, take }: TurnParts) {
  const now = clock.now;
  const served = sql`${sql.param([...(serves ?? [])])}::text[]`;
  const lines =
    serves === undefined
      ? sitesWith(scope, sql`j.state = 'waiting'`)
      : sql`sites AS (SELECT unnest(${served}) AS site)`;
  const isServed = serves === undefined ? sql`TRUE` : sql`j.site = ANY (${served})`;

  /**
   * What a worker left behind comes first: somebody has waited for it once already. Then the site with the most urgent job; of several, the one that is worked for
   * least at the moment; of those, any.
   */
  const claim = createStatement<{ names: readonly JobName[]; lease: string; leaseMs: number }>((place) => {
    const named = sql`j.name = ANY (${place('names')}::text[])`;
    const first = (what: SQL): SQL =>
      sql`SELECT ${what} FROM ${job} j WHERE j.site = s.site AND ${isFree()} AND ${named} ORDER BY ${ORDER} LIMIT 1`;
    return sql`
    WITH RECURSIVE ${lines}, expired AS (
      SELECT j.site, j.id FROM ${job} j WHERE ${isExpired()} AND ${named} AND ${own} AND ${isServed}
      ORDER BY ${ORDER} LIMIT 1 FOR UPDATE OF j SKIP LOCKED
    ), line AS MATERIALIZED (
      SELECT s.site FROM sites s CROSS JOIN LATERAL (${first(sql`j.priority`)}) AS best
      ORDER BY best.priority, (SELECT count(*) FROM ${job} j WHERE j.site = s.site AND j.state = 'running' AND ${named}), random()
    ), waiting AS (
      SELECT f.site, f.id FROM line s CROSS JOIN LATERAL (${first(sql`j.site, j.id`)} FOR UPDATE OF j SKIP LOCKED) AS f
      WHERE NOT EXISTS (SELECT 1 FROM expired) LIMIT 1
    ), next AS (SELECT * FROM expired UNION ALL SELECT * FROM waiting)
    ${take(sql`${place('lease')}`, sql`${place('leaseMs')}`, sql`next`)}`;
  }, !clock.isFixed);

  /** New ones: the oldest of each site, then the second ones, so that a backlog does not keep the others from being handed out. */
  const handOut = createStatement<{ names: readonly JobName[]; limit: number; patienceMs: number }>((place) => {
    const named = sql`j.name = ANY (${place('names')}::text[])`;
    const limit = sql`${place('limit')}::int`;
    const waits = sql`j.state = 'waiting' AND j.run_at <= ${now()} AND ${named}`;
    const isLost = sql`j.handed_at <= ${clock.after(sql`-${place('patienceMs')}::float8`)}`;
    return sql`
    WITH RECURSIVE ${sitesWith(scope, sql`j.state = 'waiting' AND j.handed_at IS NULL`)}, lines AS MATERIALIZED (
      SELECT f.*, row_number() OVER (PARTITION BY f.site, f.priority ORDER BY f.created_at, f.id) AS place
      FROM sites s CROSS JOIN LATERAL (
        SELECT ${FIELDS}, j.ctid AS row FROM ${job} j WHERE j.site = s.site AND ${waits} AND j.handed_at IS NULL ORDER BY ${ORDER} LIMIT ${limit}
      ) AS f
    ), chosen AS MATERIALIZED (
      SELECT l.row, l.place FROM lines l ORDER BY l.priority, l.place, l.created_at, l.id LIMIT ${limit}
    ), fresh AS (
      SELECT f.*, c.place, false AS again FROM chosen c CROSS JOIN LATERAL (
        SELECT ${FIELDS} FROM ${job} j WHERE j.ctid = c.row AND ${waits} AND j.handed_at IS NULL FOR UPDATE OF j SKIP LOCKED
      ) AS f
    ), expired AS (
      SELECT ${FIELDS}, 0::bigint AS place, j.handed_at IS NOT NULL AS again FROM ${job} j
      WHERE ${isExpired()} AND ${named} AND ${own} AND (j.handed_at IS NULL OR j.handed_at < j.lease_until OR ${isLost})
      ORDER BY ${ORDER} LIMIT ${limit} - (SELECT count(*) FROM fresh) FOR UPDATE SKIP LOCKED
    ), older AS (
      SELECT ${FIELDS}, 0::bigint AS place, true AS again FROM ${job} j WHERE ${waits} AND ${own} AND ${isLost}
      ORDER BY j.handed_at LIMIT ${limit} - (SELECT count(*) FROM fresh) - (SELECT count(*) FROM expired) FOR UPDATE SKIP LOCKED
    ), due AS (SELECT * FROM fresh UNION ALL SELECT * FROM expired UNION ALL SELECT * FROM older), marked AS (
      UPDATE ${job} j SET handed_at = ${now()} FROM due WHERE j.site = due.site AND j.id = due.id
    )
    SELECT site, id, name, priority, again, untouched AND NOT again AS untouched FROM due ORDER BY again, priority, place, created_at, id`;
  }, !clock.isFixed);

  return { claim, handOut };
}
