/** The access store on Postgres: every replica shares it. Transactions are short and hold no lock longer than one statement after the site's audit head. */
import { and, asc, desc, eq, gt, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { type EventHead, FIRST_HEAD, type KeptEvent, sealEvent } from '../../../core/access/audit-event.ts';
import { tryNow } from '../../../core/access/throttle.ts';
import { AppError } from '../../../core/contract/errors.ts';
import { createPool, POOL_PATIENCE, withClient } from '../../store/postgres/clients.ts';
import { QUERY_TIMEOUT_MS } from '../../store/postgres/errors.ts';
import { type Account, readAccount, readDevice, type StoredDevice } from '../account.ts';
import { type AccessChange, type AccessStore, TRIES_KEPT_MS } from './access-store.ts';
import { createLately } from './lately.ts';
import { type Bearer, bearers } from './postgres-bearers.ts';
import {
  accounts,
  auditEvents,
  auditHeads,
  devices,
  MIGRATIONS,
  records,
  signingKeys,
  tries,
} from './postgres-schema.ts';
import { inTransaction, tellingErrors } from './postgres-walls.ts';

type Db = NodePgDatabase & { readonly $client: pg.Pool };
type Tx = NodePgDatabase;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A number of this program's own: replicas that start together migrate one after the other. */
const MIGRATION_LOCK = 4_105_443;

async function migrateOn(db: NodePgDatabase): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await tx.execute(
      sql`CREATE TABLE IF NOT EXISTS access_schema (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const found = await tx.execute<{ version: number }>(
      sql`SELECT coalesce(max(version), 0)::int AS version FROM access_schema`,
    );
    const version = found.rows[0]?.version ?? 0;
    if (version > MIGRATIONS.length)
      throw new AppError(
        'unavailable',
        'The database was written by a newer version of this program. Install the newer version.',
      );
    for (const [index, text] of MIGRATIONS.slice(version).entries()) {
      await tx.execute(sql.raw(text));
      await tx.execute(sql`INSERT INTO access_schema (version) VALUES (${version + index + 1})`);
    }
  });
}

/** Creates and updates the tables. By the role that owns them; the role that the server runs as needs no more than to read and write rows. */
export async function migrateAccess(url: string): Promise<void> {
  await withClient({ connectionString: url, application_name: 'ap-intake migrate' }, (client) =>
    migrateOn(drizzle(client)),
  );
}

/** Rolls the transaction back without being an error. */
class Conflict extends Error {}

const isTaken = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return (cause as { code?: unknown }).code === '23505';
};

/** Within the wall of one site. */
const withSite = <T>(db: Db, site: string, run: (tx: Tx) => Promise<T>): Promise<T> =>
  inTransaction(db.$client, site, run);

const rowOf = (site: string, account: Account) => ({
  site,
  id: account.id,
  login: account.login,
  subject: account.subject,
  invitation: account.invitation?.digest ?? null,
  version: account.version,
  body: JSON.stringify(account),
});

const deviceRow = (site: string, device: StoredDevice) => ({
  site,
  id: device.id,
  account: device.account,
  publicKey: device.publicKey,
  grant: device.grant,
  version: device.version,
  body: JSON.stringify(device),
});

async function saveAccount(tx: Tx, site: string, expect: number, account: Account): Promise<void> {
  const row = rowOf(site, account);
  if (expect === 0) {
    await tx.insert(accounts).values(row);
    return;
  }
  const asRead = and(eq(accounts.site, site), eq(accounts.id, account.id), eq(accounts.version, expect));
  const done = await tx.update(accounts).set(row).where(asRead);
  if (done.rowCount !== 1) throw new Conflict();
}

async function saveDevice(tx: Tx, site: string, expect: number, device: StoredDevice): Promise<void> {
  const row = deviceRow(site, device);
  if (expect === 0) {
    await tx.insert(devices).values(row);
    return;
  }
  const asRead = and(eq(devices.site, site), eq(devices.id, device.id), eq(devices.version, expect));
  const done = await tx.update(devices).set(row).where(asRead);
  if (done.rowCount !== 1) throw new Conflict();
}

/** The head's row is the lock: events of a site get their numbers one after the other. */
async function append(tx: Tx, site: string, change: AccessChange): Promise<void> {
  const told = change.events ?? [];
  if (told.length === 0) return;
  await tx
    .insert(auditHeads)
    .values({ site, ...FIRST_HEAD })
    .onConflictDoNothing();
  const [locked] = await tx.select().from(auditHeads).where(eq(auditHeads.site, site)).for('update');
  let head: EventHead = locked ?? FIRST_HEAD;
  const rows: KeptEvent[] = [];
  for (const event of told) {
    const row = sealEvent(event, site, head, sha256);
    rows.push(row);
    head = row;
  }
  await tx.insert(auditEvents).values(rows.map(({ seq, text, hash }) => ({ site, seq, body: text, hash })));
  await tx.update(auditHeads).set({ seq: head.seq, hash: head.hash }).where(eq(auditHeads.site, site));
}

function people(
  db: Db,
): Pick<
  AccessStore,
  | 'account'
  | 'accountByLogin'
  | 'accountBySubject'
  | 'accountByInvitation'
  | 'accounts'
  | 'device'
  | 'deviceByKey'
  | 'devices'
  | 'commit'
> {
  const one = (site: string, where: SQL | undefined): Promise<Account | undefined> =>
    withSite(db, site, async (tx) => {
      const [row] = await tx
        .select({ body: accounts.body })
        .from(accounts)
        .where(and(eq(accounts.site, site), where))
        .limit(1);
      return row === undefined ? undefined : readAccount(row.body);
    });
  const some = (site: string, where: SQL | undefined): Promise<StoredDevice[]> =>
    withSite(db, site, async (tx) => {
      const rows = await tx
        .select({ body: devices.body })
        .from(devices)
        .where(and(eq(devices.site, site), where))
        .orderBy(asc(devices.id));
      return rows.map(({ body }) => readDevice(body));
    });
  return {
    account: (site, id) => one(site, eq(accounts.id, id)),
    accountByLogin: (site, login) => one(site, eq(accounts.login, login)),
    accountBySubject: (site, subject) => one(site, eq(accounts.subject, subject)),
    accountByInvitation: (site, digest) => one(site, eq(accounts.invitation, digest)),
    accounts: (site) =>
      withSite(db, site, async (tx) => {
        const rows = await tx
          .select({ body: accounts.body })
          .from(accounts)
          .where(eq(accounts.site, site))
          .orderBy(sql`${accounts.login} COLLATE "C"`);
        return rows.map(({ body }) => readAccount(body));
      }),
    device: async (site, id) => (await some(site, eq(devices.id, id)))[0],
    deviceByKey: async (site, key) => (await some(site, eq(devices.publicKey, key)))[0],
    devices: (site, account) => some(site, account === undefined ? undefined : eq(devices.account, account)),
    async commit(site, change) {
      try {
        await withSite(db, site, async (tx) => {
          for (const { expect, account } of change.accounts ?? []) await saveAccount(tx, site, expect, account);
          for (const { expect, device } of change.devices ?? []) await saveDevice(tx, site, expect, device);
          await append(tx, site, change);
        });
        return 'ok';
      } catch (error) {
        if (error instanceof Conflict || isTaken(error)) return 'conflict';
        throw error;
      }
    },
  };
}

const own = (site: string, where: SQL | undefined) => and(eq(auditEvents.site, site), where);

function events(db: Db): Pick<AccessStore, 'events' | 'eventsAfter' | 'eventHead'> {
  const columns = { seq: auditEvents.seq, text: auditEvents.body, hash: auditEvents.hash };
  return {
    events: (site, { before, limit }) =>
      withSite(db, site, (tx) => {
        const where = own(site, before === undefined ? undefined : lt(auditEvents.seq, before));
        return tx.select(columns).from(auditEvents).where(where).orderBy(desc(auditEvents.seq)).limit(limit);
      }),
    eventsAfter: (site, seq, limit) =>
      withSite(db, site, (tx) =>
        tx
          .select(columns)
          .from(auditEvents)
          .where(own(site, gt(auditEvents.seq, seq)))
          .orderBy(asc(auditEvents.seq))
          .limit(limit),
      ),
    eventHead: (site) =>
      withSite(db, site, async (tx) => {
        const [row] = await tx.select().from(auditHeads).where(eq(auditHeads.site, site));
        return row === undefined ? FIRST_HEAD : { seq: row.seq, hash: row.hash };
      }),
  };
}

function slowing(db: Db): Pick<AccessStore, 'tryNow' | 'clearTries' | 'forgiveTry'> {
  return {
    tryNow: (key, policy, nowMs) =>
      inTransaction(db.$client, undefined, async (tx) => {
        // Of none an empty one is made first: its row is the lock.
        await tx.insert(tries).values({ key, tries: 0, lastMs: nowMs, untilMs: 0 }).onConflictDoNothing();
        const [row] = await tx.select().from(tries).where(eq(tries.key, key)).for('update');
        const one = tryNow(row, policy, nowMs);
        if (one.kind === 'wait') return one.retryAfterMs;
        await tx.update(tries).set(one.state).where(eq(tries.key, key));
        return 0;
      }),
    async clearTries(keys) {
      for (const key of keys) await db.delete(tries).where(eq(tries.key, key));
    },
    async forgiveTry(key) {
      await db
        .update(tries)
        .set({ tries: sql`greatest(0, ${tries.tries} - 1)`, untilMs: 0 })
        .where(eq(tries.key, key));
    },
  };
}

const same = (model: string, id: string) => and(eq(records.model, model), eq(records.id, id));

function kept(
  db: Db,
): Pick<
  AccessStore,
  | 'putRecord'
  | 'touchRecord'
  | 'record'
  | 'consumeRecord'
  | 'dropRecord'
  | 'dropGrant'
  | 'signingKeys'
  | 'addSigningKey'
  | 'dropSigningKeys'
  | 'tidy'
> {
  return {
    async putRecord(record) {
      const { model: _model, id: _id, ...changed } = record;
      await db
        .insert(records)
        .values(record)
        .onConflictDoUpdate({ target: [records.model, records.id], set: changed });
    },
    async touchRecord({ model, id, payload, expiresAt }) {
      const done = await db.update(records).set({ payload, expiresAt }).where(same(model, id));
      return done.rowCount === 1;
    },
    async record(model, key, nowMs) {
      const where =
        'id' in key
          ? eq(records.id, key.id)
          : 'uid' in key
            ? eq(records.uid, key.uid)
            : eq(records.userCode, key.userCode);
      const alive = or(isNull(records.expiresAt), gt(records.expiresAt, nowMs));
      const [row] = await db
        .select({ payload: records.payload, consumedAt: records.consumedAt })
        .from(records)
        .where(and(eq(records.model, model), where, alive))
        .limit(1);
      return row;
    },
    async consumeRecord(model, id, nowMs) {
      const done = await db
        .update(records)
        .set({ consumedAt: nowMs })
        .where(and(same(model, id), isNull(records.consumedAt)));
      return done.rowCount === 1;
    },
    async dropRecord(model, id) {
      await db.delete(records).where(same(model, id));
    },
    async dropGrant(grant) {
      await db.delete(records).where(eq(records.grant, grant));
    },
    signingKeys: () => db.select().from(signingKeys).orderBy(desc(signingKeys.seq)),
    async addSigningKey(key) {
      const done = await db.insert(signingKeys).values(key).onConflictDoNothing();
      return done.rowCount === 1;
    },
    async dropSigningKeys(below) {
      await db.delete(signingKeys).where(lt(signingKeys.seq, below));
    },
    async tidy(nowMs) {
      await db.delete(records).where(lte(records.expiresAt, nowMs));
      await db.delete(tries).where(lte(tries.lastMs, nowMs - TRIES_KEPT_MS));
    },
  };
}

const LATELY_MS = 10;

/** The pool is the caller's: closed by whoever opened it. */
export function createPostgresAccessStore(pool: pg.Pool): AccessStore {
  const db = drizzle(pool);
  const lately = createLately<Bearer>(LATELY_MS, () => performance.now());
  const { commit, ...looks } = people(db);
  return tellingErrors({
    ...looks,
    commit: (site, change) => commit(site, change).finally(lately.forget),
    ...bearers(pool, lately),
    ...events(db),
    ...slowing(db),
    ...kept(db),
    close: async () => undefined,
  });
}

export interface OwnAccessStore extends AccessStore {
  pool(): { readonly total: number; readonly idle: number; readonly waiting: number };
}

/** With a pool of its own. */
export function openPostgresAccessStore(url: string, max = 2): OwnAccessStore {
  const pool = createPool({
    connectionString: url,
    max,
    application_name: 'ap-intake access',
    ...POOL_PATIENCE,
    // Statements outside a transaction have no timeout at the server: pgbouncer takes none with the connection.
    query_timeout: QUERY_TIMEOUT_MS,
  });
  return {
    ...createPostgresAccessStore(pool),
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}
