/**
 * Connections and transactions, made for pgbouncer in transaction mode: no named statements, nothing that outlives a transaction. Every statement runs inside
 * a transaction that begins by saying whose site it is (`app.site`), which the row-level security of every table reads. Statements of one step are written
 * to the connection one behind the other and answered together: a step costs one round trip, however many statements it has.
 */
import type { Query, SQL } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import { setTimeout as sleep } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import type pg from 'pg';
import { joinCalls } from './calls.ts';
import { createCheckout, socketOf } from './checkout.ts';
import { createPool, POOL_PATIENCE } from './clients.ts';
import { databaseError, GRACE_MS, isConnectionLost, isWithoutConnection, isRetried } from './errors.ts';

export type Orm = NodePgDatabase;
/** A statement: as SQL, or from drizzle's builders. */
export type Statement = SQL | { toSQL(): Query } | Call;
/** Of a function that gives a value back, or nothing (calls.ts). */
export interface Call {
  toSQL(): Query;
  readonly isCall: true;
}

export interface Transaction {
  readonly orm: Orm;
  /** Writes the statement to the connection at once; the rows as the driver gives them. */
  send<R extends pg.QueryResultRow>(statement: Statement): Promise<R[]>;
  /** The last step: these statements and the end of the transaction in one round trip; the rows of each. Nothing may follow. */
  commit(statements: readonly Statement[]): Promise<pg.QueryResultRow[][]>;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  readonly applicationName: string;
  readonly observe?: ((seen: Observed) => void) | undefined;
  /** What the database says beside its answers. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** For metrics: a transaction, from the wish for a connection to its end, retries included. */
export interface Observed {
  readonly kind: 'read' | 'write';
  readonly ms: number;
  readonly tries: number;
  readonly ok: boolean;
}

export interface WriteOptions {
  /** A crash of the database may forget it, which has to be harmless. */
  readonly lazy?: boolean;
  /**
   * Wants the first few of many rows in the order of an index. The planner takes the rules of the walls between sites for far stricter than they are where somebody works
   * for every site, expects hardly a row, and would rather read and sort all of them.
   */
  readonly inOrder?: boolean;
  /** For a statement that may take longer than others. */
  readonly timeoutMs?: number;
}

export type ReadOptions = Pick<WriteOptions, 'timeoutMs' | 'inOrder'>;

export interface Connections {
  /** One moment's view, nothing is written. */
  read<T>(site: string, run: (tx: Transaction) => Promise<T>, options?: ReadOptions): Promise<T>;
  /** One statement that reads, or may be done twice, and says itself whose site it is: a function, which is a transaction of its own. */
  ask<R extends pg.QueryResultRow>(statement: Statement): Promise<R[]>;
  /** Tries again what lost against another transaction. */
  write<T>(site: string, run: (tx: Transaction) => Promise<T>, options?: WriteOptions): Promise<T>;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** For the tables that know it (job, site_head): no site can have this name. */
export const EVERY_SITE = '*';
export const SITE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const TRIES = 6;
const PAUSE_MS = 15;

const dialect = new PgDialect();
const orms = new WeakMap<pg.PoolClient, Orm>();

function ormOf(client: pg.PoolClient): Orm {
  const known = orms.get(client);
  if (known !== undefined) return known;
  const made = drizzle({ client });
  orms.set(client, made);
  return made;
}

const queryOf = (statement: Statement): Query =>
  'toSQL' in statement ? statement.toSQL() : dialect.sqlToQuery(statement);
const configFor = ({ sql: text, params }: Query): pg.QueryConfig => ({ text, values: params });
const configOf = (statement: Statement): pg.QueryConfig => configFor(queryOf(statement));

/** All answers are awaited before the first error is thrown: none of them is left to nobody. */
async function all(answers: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(answers);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** What is sent until this turn of the program ends goes to the server in one packet, instead of one for each statement. */
function gather(client: pg.PoolClient): void {
  const stream = socketOf(client);
  stream.cork();
  process.nextTick(() => stream.uncork());
}

const transactionOn = (client: pg.PoolClient, ended: { done: boolean }): Transaction => ({
  orm: ormOf(client),
  send: async (statement) => (await client.query(configOf(statement))).rows,
  async commit(statements) {
    ended.done = true;
    gather(client);
    const sent = joinCalls(statements, queryOf);
    const answers = sent.map(({ query }) => client.query(configFor(query)));
    const end = client.query('COMMIT');
    await all([...answers, end]);
    if ((await end).command !== 'COMMIT') throw new Error('the transaction was rolled back');
    const rows = await Promise.all(answers.map(async (answer) => (await answer).rows as pg.QueryResultRow[]));
    // Of calls that went together each has the row of all.
    return sent.flatMap(({ count }, at) => Array.from({ length: count }, () => rows[at] ?? []));
  },
});

interface Begin {
  readonly opening: string;
  /** The server would have said something by then. */
  readonly silenceMs: number;
}

export function createConnections(options: ConnectionOptions): Connections {
  const pool = createPool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    ...POOL_PATIENCE,
    pipeline: true,
  });
  pool.on('connect', (client) => {
    client.on('notice', (notice) => options.onNotice?.(notice.message ?? ''));
  });
  const checkout = createCheckout(pool);

  function begin(
    site: string,
    mode: string,
    { lazy = false, inOrder = false, timeoutMs = options.statementTimeoutMs }: WriteOptions = {},
  ): Begin {
    if (site !== EVERY_SITE && !SITE_NAME.test(site)) throw new Error('not the name of a site');
    const set = [
      `set_config('app.site', ${escapeLiteral(site)}, true)`,
      `set_config('statement_timeout', '${timeoutMs}', true)`,
      ...(inOrder ? ['seqscan', 'bitmapscan', 'sort'].map((way) => `set_config('enable_${way}', 'off', true)`) : []),
      ...(lazy ? [`set_config('synchronous_commit', 'off', true)`] : []),
    ];
    return { opening: `BEGIN ${mode}; SELECT ${set.join(', ')}`, silenceMs: timeoutMs + GRACE_MS };
  }

  async function once<T>(
    { opening, silenceMs }: Begin,
    readOnly: boolean,
    run: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { client, release } = await checkout(silenceMs);
    const ended = { done: false };
    gather(client);
    const begun = client.query(opening);
    begun.catch(() => undefined);
    try {
      const result = await run(transactionOn(client, ended));
      await begun;
      if (readOnly) {
        // Nothing hangs on its end: who asked need not wait for it.
        client.query('COMMIT').then(
          () => release(),
          () => release(true),
        );
      } else {
        if (!ended.done) await transactionOn(client, ended).commit([]);
        release();
      }
      return result;
    } catch (error) {
      // Where the beginning failed, that is the reason of all that followed.
      const reason = await begun.then(
        () => error,
        (first: unknown) => first,
      );
      const sure = !ended.done;
      const usable = await client.query('ROLLBACK').then(
        () => !isConnectionLost(reason),
        () => false,
      );
      release(!usable);
      throw Object.assign(new Failed(), { reason, sure });
    }
  }

  async function tried<T>(readOnly: boolean, run: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const observe = (tries: number, ok: boolean): void =>
      options.observe?.({ kind: readOnly ? 'read' : 'write', ms: performance.now() - begun, tries, ok });
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await run();
        observe(attempt, true);
        return result;
      } catch (error) {
        const { reason, sure } = error instanceof Failed ? error : { reason: error, sure: true };
        // A connection from the pool may have died unseen: a new one is worth one try, where nothing can have been saved.
        const again = isRetried(reason)
          ? attempt < TRIES
          : attempt === 1 && (sure || readOnly) && isConnectionLost(reason) && !isWithoutConnection(reason);
        if (!again) {
          observe(attempt, false);
          throw databaseError(reason, sure || readOnly);
        }
        await sleep(Math.random() * PAUSE_MS * 2 ** attempt);
      }
    }
  }

  return {
    async read(site, run, wish) {
      const how = begin(site, 'ISOLATION LEVEL REPEATABLE READ READ ONLY', wish);
      return tried(true, () => once(how, true, run));
    },
    ask: (statement) =>
      tried(true, async () => {
        const { client, release } = await checkout(options.statementTimeoutMs + GRACE_MS);
        try {
          const { rows } = await client.query(configOf(statement));
          release();
          return rows;
        } catch (error) {
          release(true);
          throw error;
        }
      }),
    async write(site, run, wish) {
      const how = begin(site, 'ISOLATION LEVEL READ COMMITTED', wish);
      return tried(false, () => once(how, false, run));
    },
    pool,
    close: () => pool.end(),
  };
}

/** Carries why a transaction failed, and whether it certainly saved nothing. */
class Failed extends Error {
  reason: unknown;
  sure = true;
}
