/**
 * `npm run bench:postgres -- [--count N] [--seed S] [--only plans,times] [--keep FOLDER] [--url URL-OF-A-SUPERUSER]`: the site's database with an archive of N
 * invoices, and as many jobs, deliveries, security events and answers beside them. Every hot query goes by an index and looks at few rows (plans of what really
 * runs), and what people wait for is timed. Starts a Postgres of its own unless it is given one; in FOLDER the archive stays for the next run.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { projectionOf } from '../core/invoice/summary.ts';
import { uuid7 } from '../core/sync/ids.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../server/store/postgres/create.ts';
import { crowd } from '../server/store/postgres/testing-crowd.ts';
import {
  type Explained,
  explained,
  explainEverything,
  lookAt,
  tellingAccess,
} from '../server/store/postgres/testing-explain.ts';
import { type HotParts, hotQueries } from '../server/store/postgres/testing-hot.ts';
import { asSuper, type TestDatabase } from '../server/store/testing-roles.ts';
import { createArchive } from './archive/invoices.ts';
import { ARCHIVE_SITES, openPostgresArchive, type PostgresArchive } from './archive/postgres-archive.ts';
import { createFigures } from './figure.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'plans,times' },
    keep: { type: 'string' },
    url: { type: 'string' },
  },
});
const count = Number(values.count);
if (!Number.isInteger(count) || count < 1_000) throw new Error('--count must be a number from 1000.');
const only = new Set(values.only.split(','));
const [SITE] = ARCHIVE_SITES;
const ROUNDS = 60;
const JOBS = 2_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = createFigures(say);
const open = (url: string, onNotice?: (notice: string) => void): Promise<PostgresDatabase> =>
  createPostgresDatabase({
    url,
    poolSize: onNotice === undefined ? 4 : 1,
    now: Date.now,
    random: randomBytes,
    ...(onNotice === undefined ? {} : { onNotice }),
  });

type Seen = Pick<HotParts, 'invoice' | 'today'>;

/** Jobs that wait, and what a busy site leaves behind beside its invoices. */
async function prepare({ files, ids }: PostgresArchive): Promise<Seen> {
  const database = await open(files.url);
  const { store } = await database.site(SITE);
  const jobs = Array.from({ length: JOBS }, (_, at) => ({
    id: uuid7(Date.now(), randomBytes(10)),
    name: 'validate' as const,
    data: { invoice: `i${at}` },
    root: `i${at}`,
    priority: 10,
  }));
  await store.commit({ ops: [], projections: [], documents: [], jobs });
  const invoice = await store.invoice(ids[Math.floor(ids.length / 2)] ?? '');
  const last = await store.invoice(ids.at(-1) ?? '');
  await database.close();
  await crowd(files, SITE, count);
  const { rows } = await asSuper(files, (client) =>
    client.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size'),
  );
  say(`${count} invoices, ${Math.round(Number(rows[0]?.size) / 1e6)} MB`);
  if (invoice === undefined || last === undefined) throw new Error('nothing was loaded');
  return { invoice, today: last.createdAt };
}

/** Of all statements of a query together: a page or two, or the jobs that wait. */
const MOST_ROWS = 5_000;
/** These look at everything that is found, because they count it or work on it. */
const COUNTING: ReadonlySet<string> = new Set(['search by vendor']);

async function explain(files: TestDatabase, seen: Seen): Promise<void> {
  await explainEverything(files, false);
  const plans: Explained[] = [];
  const tell = (notice: string): void => {
    const one = explained(notice);
    if (one !== undefined) plans.push(one);
  };
  const database = await open(files.url, tell);
  const { access, settle, close } = tellingAccess(files.url, tell);
  const parts: HotParts = { ...(await database.site(SITE)), site: SITE, every: database.queue, access, ...seen };
  const looked = await lookAt(hotQueries(parts), plans, () => Promise.all([database.ping(), settle()]));
  await close();
  await database.close();
  const whole = looked.flatMap((one) => one.whole);
  const many = looked.filter(({ name, rows }) => rows > MOST_ROWS && !COUNTING.has(name));
  for (const line of whole) say(line);
  for (const { name, rows } of looked.toSorted((a, b) => b.rows - a.rows).slice(0, 12)) say(`${name}: ${rows} rows`);
  say(`${looked.length} queries, ${looked.reduce((sum, { statements }) => sum + statements, 0)} statements explained`);
  figures.atMost('postgres_queries_not_seen', looked.filter(({ statements }) => statements === 0).length, 0);
  figures.atMost('postgres_whole_scans', whole.length, 0);
  figures.atMost('postgres_queries_with_many_rows', many.length, 0);
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
  'list by createdAt desc, from the middle': 50,
  'list by vendorName asc, from the middle': 50,
  'list of open invoices': 50,
  'list of one status, from the middle': 50,
  'search by number': 50,
  'search by vendor': 100,
  counters: 20,
  'possible duplicates': 20,
  history: 20,
  'security events': 20,
  'deliveries of a webhook': 20,
  'a page of the log': 50,
};

async function time(files: TestDatabase, seen: Seen): Promise<void> {
  const database = await open(files.url);
  const { access, close } = tellingAccess(files.url, () => undefined);
  const own = await database.site(SITE);
  const { store } = own;
  const parts: HotParts = { ...own, site: SITE, every: database.queue, access, ...seen };
  for (const [name, run] of Object.entries(hotQueries(parts))) {
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
  await close();
  await database.close();
}

const { keep, url } = values;
const archive = await openPostgresArchive({ count, seed: Number(values.seed), keep, url, say });
try {
  const seen = await prepare(archive);
  if (only.has('plans')) await explain(archive.files, seen);
  if (only.has('times')) await time(archive.files, seen);
} finally {
  await archive.close();
}
process.exitCode = figures.ok() ? 0 : 1;
