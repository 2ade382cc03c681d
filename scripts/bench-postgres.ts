/**
 * `npm run bench:postgres -- [--count N] [--seed S] [--url URL-OF-A-SUPERUSER]`: the site's database with an archive of N invoices. Every hot query goes by an
 * index (plans of what really runs), and what people wait for is timed. Starts a Postgres of its own unless it is given one.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Invoice } from '../core/contract/invoice.ts';
import { projectionOf } from '../core/invoice/summary.ts';
import { uuid7 } from '../core/sync/ids.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../server/store/postgres/create.ts';
import { type Explained, explained, explainEverything, wholeScans } from '../server/store/postgres/testing-explain.ts';
import { hotQueries } from '../server/store/postgres/testing-hot.ts';
import { startCluster } from '../server/store/testing-cluster.ts';
import { asSuper, createTestDatabase, prepareCluster, type TestDatabase } from '../server/store/testing-roles.ts';
import { bulkLoadPostgres } from './archive/bulk-load-postgres.ts';
import { createArchive } from './archive/invoices.ts';
import { createFigures } from './figure.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    url: { type: 'string' },
  },
});
const count = Number(values.count);
if (!Number.isInteger(count) || count < 1_000) throw new Error('--count must be a number from 1000.');
const SITE = 'bench';
const ROUNDS = 60;
const JOBS = 2_000;
const SETTINGS = ['shared_buffers=512MB', 'max_wal_size=4GB'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = createFigures(say);
const seconds = (from: number): string => ((performance.now() - from) / 1_000).toFixed(1);
const open = (url: string, onNotice?: (notice: string) => void): Promise<PostgresDatabase> =>
  createPostgresDatabase({
    url,
    poolSize: onNotice === undefined ? 4 : 1,
    now: Date.now,
    random: randomBytes,
    ...(onNotice === undefined ? {} : { onNotice }),
  });

async function fill(files: TestDatabase): Promise<Invoice> {
  const database = await open(files.url);
  await database.createSite(SITE);
  const found: { invoice?: Invoice } = {};
  const from = performance.now();
  await bulkLoadPostgres({
    url: files.url,
    site: SITE,
    count,
    seed: Number(values.seed),
    loaded: ({ invoice }) => {
      found.invoice = invoice;
    },
    progress: (done) => {
      if (done % 10_000 === 0) process.stderr.write(`${done} of ${count} invoices, ${seconds(from)} s\n`);
    },
  });
  const { store } = await database.site(SITE);
  const jobs = Array.from({ length: JOBS }, (_, at) => ({
    id: uuid7(Date.now(), randomBytes(10)),
    name: 'validate' as const,
    data: { invoice: `i${at}` },
    root: `i${at}`,
    priority: 10,
  }));
  await store.commit({ ops: [], projections: [], documents: [], jobs });
  await database.close();
  const size = await asSuper(files, async (client) => {
    // What a week leaves behind.
    await client.query(
      `INSERT INTO job SELECT $1, 'd' || n, 'read', 'r' || n, '{}', 10, 'done', 1, 0, 1, '', NULL, NULL, NULL, now(), now(), now(), NULL
        FROM generate_series(1, ${count}) AS n`,
      [SITE],
    );
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size');
    return Number(rows[0]?.size);
  });
  say(`${count} invoices loaded in ${seconds(from)} s, ${Math.round(size / 1e6)} MB`);
  if (found.invoice === undefined) throw new Error('nothing was loaded');
  return found.invoice;
}

async function explain(files: TestDatabase, invoice: Invoice): Promise<void> {
  await explainEverything(files, false);
  const plans: Explained[] = [];
  const database = await open(files.url, (notice) => {
    const one = explained(notice);
    if (one !== undefined) plans.push(one);
  });
  const { store, queue } = await database.site(SITE);
  const bad: string[] = [];
  let seen = 0;
  for (const [name, run] of Object.entries(hotQueries(store, queue, database.queue, invoice))) {
    plans.length = 0;
    await run();
    // A plan is told when its transaction ends, which nobody waits for: the one connection has to be free again.
    await database.ping();
    seen += plans.length;
    for (const plan of plans) bad.push(...wholeScans(plan).map((what) => `${name}: ${what}\n  ${plan.query}`));
  }
  await database.close();
  for (const line of bad) say(line);
  say(`${seen} statements explained`);
  figures.atMost('postgres_whole_scans', bad.length, 0);
  const name = new URL(files.superUrl).pathname.slice(1);
  await asSuper(files, (client) => client.query(`ALTER ROLE ap_intake IN DATABASE ${name} RESET ALL`));
}

async function p95(rounds: number, run: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    await run(round);
    times.push(performance.now() - from);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds * 0.95)] ?? 0;
}

/** Milliseconds, for those that a person waits for. */
const MUST: Record<string, number> = {
  invoice: 20,
  'list by createdAt desc, two pages': 50,
  'list by grossTotal asc, two pages': 50,
  'list of open invoices': 50,
  'search by number': 50,
  'search by vendor': 100,
  counters: 20,
  'possible duplicates': 20,
};

async function time(files: TestDatabase, invoice: Invoice): Promise<void> {
  const database = await open(files.url);
  const { store, queue } = await database.site(SITE);
  for (const [name, run] of Object.entries(hotQueries(store, queue, database.queue, invoice))) {
    const ms = await p95(ROUNDS, run);
    const must = MUST[name];
    if (must === undefined) say(`${name}: p95 ${ms.toFixed(1)} ms`);
    else figures.atMost(`postgres_${name.replaceAll(/\W+/g, '_')}_p95_ms`, ms, must);
  }
  const archive = createArchive(Number(values.seed) + 1_000);
  const save = await p95(ROUNDS, async () => {
    const { ops, document, invoice: made } = archive.next();
    const projections = [{ expect: 0, projection: projectionOf(made) }];
    const result = await store.commit({ ops, projections, documents: [document], jobs: [] });
    if (result.kind !== 'ok') throw new Error(`the save was refused: ${result.what}`);
  });
  figures.atMost('postgres_save_p95_ms', save, 30);
  const from = performance.now();
  const report = await store.verifyAudit();
  figures.atMost('postgres_audit_problems', report.problems.length, 0);
  figures.atLeast('postgres_audit_ops_per_s', report.ops / ((performance.now() - from) / 1_000), 10_000);
  await database.close();
}

const cluster = values.url === undefined ? await startCluster({ durable: true, settings: SETTINGS }) : undefined;
try {
  const url = values.url ?? cluster?.url ?? '';
  if (cluster !== undefined) await prepareCluster(url);
  const files = await createTestDatabase(url);
  try {
    const invoice = await fill(files);
    await explain(files, invoice);
    await time(files, invoice);
  } finally {
    await files.drop();
  }
} finally {
  await cluster?.stop();
}
process.exitCode = figures.ok() ? 0 : 1;
