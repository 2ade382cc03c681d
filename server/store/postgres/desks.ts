/** Who is at what, in Postgres. Times are the database's own: replicas need not agree on them. */
import { type SQL, sql } from 'drizzle-orm';
import {
  type Desk,
  type Lease,
  type LeaseEnd,
  type LeaseHead,
  TOGETHER_LIMITS,
} from '../../../core/contract/together-http.ts';
import { DESK_MS, ENDED_DAYS } from '../../../core/together/terms.ts';
import { type DeskStore, type Holding, type Seat, WAITING } from '../desk-store.ts';
import type { Connections, Statement, Transaction } from './connection.ts';
import type { LeaseClock } from './job-statements.ts';
import { invoices } from './schema.ts';
import { claim, desk, lease } from './schema-together.ts';

/** Many who ask for the same few: each time one of them gets some. */
const TRIES = 20;
const MOST_DESKS = 2_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What screens say is said again soon. */
const LAZY = { lazy: true };

type HoldingRow = Omit<Holding, 'since' | 'until'> & { readonly since: Date; readonly until: Date };
type DeskRow = Omit<Desk, 'since'> & { readonly since: Date };
type HeadRow = Omit<LeaseHead, 'since' | 'until'> & { readonly since: Date; readonly until: Date };
interface LeaseRow extends HeadRow {
  readonly invoices: string[];
  readonly end: LeaseEnd | null;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
}

const iso = (at: Date | string): string => new Date(at).toISOString();
const holdingOf = (row: HoldingRow | undefined): Holding | undefined =>
  row && { ...row, since: iso(row.since), until: iso(row.until) };
const headOf = (row: HeadRow): LeaseHead => ({ ...row, since: iso(row.since), until: iso(row.until) });
const leaseOf = ({ invoices: ids, end, endedAt, endedBy, ...head }: LeaseRow): Lease => ({
  ...headOf(head),
  invoices: ids,
  end,
  endedAt: endedAt === null ? null : iso(endedAt),
  endedBy,
});

/** Of a row that was just written: not said before. */
const isFirst = sql`until - since <= ${DESK_MS}::float8 * interval '1 millisecond' AS first`;

const list = (ids: readonly string[]): SQL => sql`${sql.param([...ids])}::text[]`;
/** Of the seat's own person: a claim that stands in nobody's way. */
const ownClaim = (actor: string): SQL => sql`(${claim}.lease IS NULL AND ${claim}.actor = ${actor})`;

/** What one site asks. */
function createStatements(site: string, clock: LeaseClock) {
  const now = clock.now;
  const until = (): SQL => clock.after(DESK_MS);
  const sit = (invoice: SQL, { actor, device, window }: Seat): Statement => sql`
    INSERT INTO ${desk} AS d (site, invoice, seat, actor, device, since, until)
    SELECT ${site}, i.id, ${window}, ${actor}, ${device}::text, ${now()}, ${until()} FROM ${invoices} i WHERE i.site = ${site} AND i.id = ${invoice}
    ON CONFLICT (site, invoice, seat) DO UPDATE SET until = excluded.until, actor = excluded.actor, device = excluded.device,
      since = CASE WHEN d.until > ${now()} THEN d.since ELSE excluded.since END
    RETURNING ${isFirst}`;
  return {
    sit,
    holder: (invoice: string, lock = false): Statement => sql`
      SELECT actor, device, lease, since, until FROM ${claim} WHERE site = ${site} AND invoice = ${invoice} AND until > ${now()}
      ${lock ? sql`FOR UPDATE` : sql``}`,
    take: (invoice: string, { actor, device, window }: Seat, isOver: boolean): Statement => sql`
      INSERT INTO ${claim} (site, invoice, actor, device, seat, since, until)
      SELECT ${site}, i.id, ${actor}, ${device}::text, ${window}, ${now()}, ${until()} FROM ${invoices} i WHERE i.site = ${site} AND i.id = ${invoice}
      ON CONFLICT (site, invoice) DO UPDATE SET actor = excluded.actor, device = excluded.device, seat = excluded.seat, lease = NULL, until = excluded.until,
        since = CASE WHEN ${claim}.until > ${now()} AND ${claim}.actor = excluded.actor AND ${claim}.lease IS NULL THEN ${claim}.since ELSE excluded.since END
      WHERE ${claim}.until <= ${now()} OR ${ownClaim(actor)} OR (${isOver} AND (${claim}.lease IS NULL OR ${claim}.device IS DISTINCT FROM excluded.device))
      RETURNING ${isFirst}`,
    letGo: (invoice: string, { window }: Seat): Statement =>
      sql`DELETE FROM ${claim} WHERE site = ${site} AND invoice = ${invoice} AND seat = ${window} AND lease IS NULL RETURNING 1`,
    stand: (invoice: string, { window }: Seat): Statement =>
      sql`DELETE FROM ${desk} WHERE site = ${site} AND invoice = ${invoice} AND seat = ${window} RETURNING 1`,
    /** The first `most` of these that nobody has; inserted in one order for everybody, so that no two wait for each other. */
    takeSome: (ids: readonly string[], most: number, { actor, device, seat, of, end }: Taker): Statement => sql`
      WITH free AS MATERIALIZED (
        SELECT i.id FROM unnest(${list(ids)}) WITH ORDINALITY AS w (id, n) JOIN ${invoices} i ON i.site = ${site} AND i.id = w.id
        WHERE i.status IN ${[...WAITING]} AND NOT EXISTS (SELECT 1 FROM ${claim}
          WHERE ${claim}.site = ${site} AND ${claim}.invoice = w.id AND ${claim}.until > ${now()} AND NOT ${ownClaim(actor)})
        ORDER BY w.n LIMIT ${most})
      INSERT INTO ${claim} (site, invoice, actor, device, seat, lease, since, until)
      SELECT ${site}, free.id, ${actor}, ${device}::text, ${seat}::text, ${of}::text, ${now()}, ${end} FROM free ORDER BY free.id
      ON CONFLICT (site, invoice) DO UPDATE SET actor = excluded.actor, device = excluded.device, seat = excluded.seat, lease = excluded.lease,
        since = excluded.since, until = excluded.until
      WHERE ${claim}.until <= ${now()} OR ${ownClaim(actor)}
      RETURNING invoice`,
    anyFree: (ids: readonly string[], actor: string): Statement => sql`
      SELECT 1 FROM ${invoices} i WHERE i.site = ${site} AND i.id = ANY (${list(ids)}) AND i.status IN ${[...WAITING]}
        AND NOT EXISTS (SELECT 1 FROM ${claim} WHERE ${claim}.site = ${site} AND ${claim}.invoice = i.id AND ${claim}.until > ${now()} AND NOT ${ownClaim(actor)})
      LIMIT 1`,
    desks: (): Statement => sql`
      SELECT d.invoice, d.actor, d.device, min(d.since) AS since, bool_or(c.invoice IS NOT NULL) AS claimed
      FROM ${desk} d LEFT JOIN ${claim} c ON c.site = d.site AND c.invoice = d.invoice AND c.lease IS NULL AND c.seat = d.seat AND c.until > ${now()}
      WHERE d.site = ${site} AND d.until > ${now()} GROUP BY d.invoice, d.actor, d.device ORDER BY 1, 2, 3 LIMIT ${MOST_DESKS}`,
    heads: (): Statement => sql`
      SELECT l.id, l.actor, l.device, l.device_name AS "deviceName", l.since, l.until, l.size,
        (SELECT count(*)::int FROM ${claim} c WHERE c.site = l.site AND c.lease = l.id) AS left
      FROM ${lease} l WHERE l.site = ${site} AND l.ended_at IS NULL AND l.until > ${now()} ORDER BY l.since, l.id`,
    lease: (id: string, lock = false): Statement => sql`
      SELECT l.id, l.actor, l.device, l.device_name AS "deviceName", l.since, l.until, l.size, cardinality(a.ids) AS left, a.ids AS invoices,
        coalesce(l.how_ended, CASE WHEN l.until <= ${now()} THEN 'expired' END) AS end, l.ended_at AS "endedAt", l.ended_by AS "endedBy"
      FROM ${lease} l, LATERAL (SELECT ARRAY(SELECT c.invoice FROM ${claim} c WHERE c.site = l.site AND c.lease = l.id ORDER BY 1) AS ids) a
      WHERE l.site = ${site} AND l.id = ${id} ${lock ? sql`FOR UPDATE OF l` : sql``}`,
    openLease: (id: string, { actor, device, deviceName, hours }: Opening): Statement => sql`
      INSERT INTO ${lease} (site, id, actor, device, device_name, since, until, size)
      VALUES (${site}, ${id}, ${actor}, ${device}, ${deviceName}, ${now()}, ${clock.after(hours * HOUR_MS)}, 0) ON CONFLICT DO NOTHING RETURNING 1`,
    outOf: (device: string): Statement => sql`
      SELECT count(*)::int AS n FROM ${claim} WHERE site = ${site} AND lease IS NOT NULL AND device = ${device} AND until > ${now()}`,
    grow: (id: string, by: number): Statement =>
      sql`UPDATE ${lease} SET size = size + ${by} WHERE site = ${site} AND id = ${id}`,
    giveBack: (id: string, ids: readonly string[] | undefined): Statement => sql`
      DELETE FROM ${claim} WHERE site = ${site} AND lease = ${id} ${ids === undefined ? sql`` : sql`AND invoice = ANY (${list(ids)})`}`,
    /** With its last invoice. */
    close: (id: string, how: string, by: string): Statement => sql`
      UPDATE ${lease} l SET how_ended = ${how}, ended_at = ${now()}, ended_by = ${by}
      WHERE l.site = ${site} AND l.id = ${id} AND l.ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM ${claim} c WHERE c.site = l.site AND c.lease = l.id)`,
    forget: (): Statement[] => [
      sql`DELETE FROM ${desk} WHERE site = ${site} AND until <= ${now()}`,
      sql`DELETE FROM ${claim} WHERE site = ${site} AND until <= ${now()}`,
      sql`DELETE FROM ${lease} WHERE site = ${site} AND least(until, coalesce(ended_at, until)) < ${clock.after(-ENDED_DAYS * DAY_MS)}`,
    ],
  };
}

interface Taker {
  readonly actor: string;
  readonly device: string | null;
  readonly seat: string | null;
  /** The lease that it is for. */
  readonly of: string | null;
  readonly end: SQL;
}
interface Opening {
  readonly actor: string;
  readonly device: string;
  readonly deviceName: string;
  readonly hours: number;
}

export function createPostgresDesks(connections: Connections, site: string, clock: LeaseClock): DeskStore {
  const ask = createStatements(site, clock);
  const leaseIn = async (tx: Pick<Transaction, 'send'>, id: string, lock = false): Promise<Lease | undefined> => {
    const [row] = await tx.send<LeaseRow & Record<string, unknown>>(ask.lease(id, lock));
    return row && leaseOf(row);
  };
  /** Somebody may have been faster with just those that looked free; there may be others. */
  async function takeSome(
    tx: Pick<Transaction, 'send'>,
    ids: readonly string[],
    most: number,
    taker: Taker,
  ): Promise<string[]> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const rows = await tx.send<{ invoice: string }>(ask.takeSome(ids, most, taker));
      if (rows.length > 0 || (await tx.send(ask.anyFree(ids, taker.actor))).length === 0)
        return rows.map(({ invoice }) => invoice);
    }
    return [];
  }

  return {
    view: () =>
      connections.read(site, async (tx) => {
        const [desks, heads] = await Promise.all([
          tx.send<DeskRow & Record<string, unknown>>(ask.desks()),
          tx.send<HeadRow & Record<string, unknown>>(ask.heads()),
        ]);
        return { desks: desks.map((row) => ({ ...row, since: iso(row.since) })), leases: heads.map(headOf) };
      }),
    keep: (invoice, seat, wish) =>
      connections.write(
        site,
        async (tx) => {
          const before =
            wish === 'over'
              ? holdingOf((await tx.send<HoldingRow & Record<string, unknown>>(ask.holder(invoice, true)))[0])
              : undefined;
          const [sat = [], took = [], now = []] = await tx.commit([
            ask.sit(sql`${invoice}`, seat),
            wish === 'none' ? ask.letGo(invoice, seat) : ask.take(invoice, seat, wish === 'over'),
            ask.holder(invoice),
          ]);
          if (sat.length === 0) return undefined;
          const isOthers =
            before !== undefined && took.length > 0 && (before.actor !== seat.actor || before.lease !== null);
          const isNews = sat[0]?.['first'] === true || took.some(({ first }) => first !== false);
          return {
            holder: holdingOf(now[0] as HoldingRow | undefined),
            isNews,
            replaced: isOthers ? before : undefined,
          };
        },
        LAZY,
      ),
    leave: (invoice, seat) =>
      connections.write(
        site,
        async (tx) =>
          (await tx.commit([ask.stand(invoice, seat), ask.letGo(invoice, seat)])).some((rows) => rows.length > 0),
        LAZY,
      ),
    claimFirst: (ids, seat) =>
      connections.write(
        site,
        async (tx) => {
          const { actor, device, window } = seat;
          const taker = { actor, device, seat: window, of: null, end: clock.after(DESK_MS) };
          const [invoice] = await takeSome(tx, ids, 1, taker);
          if (invoice !== undefined) await tx.commit([ask.sit(sql`${invoice}`, seat)]);
          return invoice;
        },
        LAZY,
      ),
    openLease: ({ id, ...opening }) =>
      connections.write(site, async (tx) => {
        const known = await leaseIn(tx, id);
        if (known !== undefined) return { kind: 'known', lease: known };
        const [out] = await tx.send<{ n: number }>(ask.outOf(opening.device));
        if ((out?.n ?? 0) >= TOGETHER_LIMITS.out) return { kind: 'full' };
        await tx.commit([ask.openLease(id, opening)]);
        return { kind: 'new' };
      }),
    fillLease: (id, ids, wanted) =>
      connections.write(site, async (tx) => {
        const found = await leaseIn(tx, id, true);
        if (found === undefined || found.end !== null) return 0;
        const { actor, device, until } = found;
        const taker = { actor, device, seat: null, of: id, end: sql`${until}::timestamptz` };
        const [out] = await tx.send<{ n: number }>(ask.outOf(device));
        const most = Math.min(wanted, TOGETHER_LIMITS.out - (out?.n ?? 0));
        if (most <= 0) return 0;
        const { length } = await takeSome(tx, ids, most, taker);
        await tx.commit(length === 0 ? [] : [ask.grow(id, length)]);
        return length;
      }),
    lease: (id) => connections.read(site, (tx) => leaseIn(tx, id)),
    endLease: (id, { invoices: ids, end, by }) =>
      connections.write(site, async (tx) => {
        if ((await leaseIn(tx, id, true)) === undefined) return undefined;
        const [, , [row] = []] = await tx.commit([ask.giveBack(id, ids), ask.close(id, end, by), ask.lease(id)]);
        return row && leaseOf(row as LeaseRow);
      }),
    tidy: async () => void (await connections.write(site, (tx) => tx.commit(ask.forget()), LAZY)),
  };
}
