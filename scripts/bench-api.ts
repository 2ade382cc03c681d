/**
 * `npm run bench:api -- [--count N] [--seed S] [--only read,overload] [--keep FOLDER]`: one API replica, a process of its own, over Postgres with an archive of N invoices.
 * Reading an invoice is measured against the cheapest answer there is (health), both in turns in one run; then one site asks for ten times what it may while
 * another one works. The load comes from the same machine and is part of what is measured. In FOLDER the archive stays
 * for the next run.
 */
import { parseArgs } from 'node:util';
import { ARCHIVE_SITES as SITES, openPostgresArchive } from './archive/postgres-archive.ts';
import { load, median, steady } from './bench-api/load.ts';
import { startReplica } from './bench-api/replica.ts';
import { createFigures } from './figure.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'read,overload' },
    keep: { type: 'string' },
  },
});
const count = Number(values.count);
if (!Number.isInteger(count) || count < 1_000) throw new Error('--count must be a number from 1000.');
const only = new Set(values.only.split(','));

const ROUNDS = 3;
const SECONDS = 6;
/** Open at the same time, as of a few dozen people and stations. */
const CONNECTIONS = 32;
/** Of one site in the part about overload; and what the other one works at. */
const LIMIT = 60;
const WORK = 30;
const STORM = 10;
/** Nobody waits for a connection of their own then. */
const CROWD = 256;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = createFigures(say);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function reading(databaseUrl: string, ids: readonly string[]): Promise<void> {
  const replica = await startReplica({ databaseUrl, sites: SITES, rate: 100_000 });
  try {
    const headers = bearer(await replica.token(SITES[0]));
    const invoices = { url: replica.origin, headers, paths: ids.map((id) => `/api/v1/invoices/${id}`) };
    const health = { url: replica.origin, headers, paths: ['/health'] };
    const full = { connections: CONNECTIONS, seconds: SECONDS };
    // Until everything that is run often is compiled.
    for (const one of [health, invoices]) await load({ ...one, ...full });
    const rounds: { invoice: number; health: number; ratio: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const one = await load({ ...health, ...full });
      const two = await load({ ...invoices, ...full });
      const wrong = Object.keys({ ...one.statuses, ...two.statuses }).filter((status) => status !== '200');
      if (wrong.length > 0 || one.errors + two.errors > 0) throw new Error(`answers: ${JSON.stringify([one, two])}`);
      rounds.push({ health: one.perSecond, invoice: two.perSecond, ratio: two.perSecond / one.perSecond });
    }
    const few = await load({ ...invoices, paths: invoices.paths.filter((_, at) => at % 50 === 0), ...full });
    say(
      `health ${Math.round(median(rounds.map((one) => one.health)))}/s, invoice ${Math.round(median(rounds.map((one) => one.invoice)))}/s`,
    );
    say(`the same ${Math.ceil(ids.length / 50)} invoices again and again: ${Math.round(few.perSecond)}/s`);
    figures.atLeast('api_invoice_per_health', median(rounds.map((one) => one.ratio)), 0.25);
    const rate = Math.floor(median(rounds.map((one) => one.invoice)) / 2);
    const half = await load({ ...invoices, ...full, seconds: 2 * SECONDS, rate });
    if (half.errors > 0) throw new Error(`at half load ${half.errors} got no answer`);
    say(`half load: ${rate}/s asked, ${Math.round(half.perSecond)}/s answered`);
    figures.atMost('api_invoice_p99_ms_at_half_load', half.p99Ms, 50);
    // autocannon asks in bursts of a second. At even distances each answer is counted from when its request was due, stalls of who asks included.
    await steady({ ...invoices, ...full, seconds: 2, rate });
    const even = await steady({ ...invoices, ...full, seconds: 2 * SECONDS, rate });
    say(`the same at even distances, from when each was due: p99 ${even.p99Ms} ms`);
  } finally {
    await replica.stop();
  }
}

/** How the other site fares while the first asks for `rate` a second. */
async function beside(
  replica: Awaited<ReturnType<typeof startReplica>>,
  tokens: readonly string[],
  ids: readonly string[],
  rate: number,
) {
  const [stormy = '', quiet = ''] = tokens;
  const paths = ids.map((id) => `/api/v1/invoices/${id}`);
  const [first, other] = await Promise.all([
    steady({ url: replica.origin, headers: bearer(stormy), paths, connections: CROWD, seconds: 2 * SECONDS, rate }),
    steady({
      url: replica.origin,
      headers: bearer(quiet),
      paths: ['/api/v1/invoices?limit=1'],
      connections: CROWD,
      seconds: 2 * SECONDS,
      rate: WORK,
    }),
  ]);
  return { first, other };
}

async function overload(databaseUrl: string, ids: readonly string[]): Promise<void> {
  const replica = await startReplica({ databaseUrl, sites: SITES, rate: LIMIT });
  try {
    const tokens = [await replica.token(SITES[0]), await replica.token(SITES[1])];
    await beside(replica, tokens, ids, LIMIT);
    const ratios: number[] = [];
    const statuses: Record<string, number> = {};
    let errors = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const calm = await beside(replica, tokens, ids, LIMIT);
      const storm = await beside(replica, tokens, ids, STORM * LIMIT);
      ratios.push(storm.other.p99Ms / calm.other.p99Ms);
      say(
        `the other site: p99 ${calm.other.p99Ms} ms beside a site at its limit, ${storm.other.p99Ms} ms beside one at ${STORM} times that`,
      );
      errors += storm.first.errors + storm.other.errors;
      for (const [code, number] of Object.entries(storm.first.statuses))
        statuses[code] = (statuses[code] ?? 0) + number;
      if (Object.keys(storm.other.statuses).some((code) => code !== '200')) errors += 1;
    }
    say(`the stormy site: ${JSON.stringify(statuses)}`);
    const [refused] = await Promise.all(
      Array.from({ length: 4 * LIMIT }, async () =>
        fetch(`${replica.origin}/api/v1/me`, { headers: bearer(tokens[0] ?? '') }),
      ),
    ).then((all) => all.filter(({ status }) => status === 429 || status === 503));
    const others = Object.entries(statuses).filter(([code]) => !['200', '429', '503'].includes(code));
    figures.atMost('api_overload_other_answers', others.length + errors, 0);
    figures.atLeast('api_overload_refused_with_retry_after', refused?.headers.has('retry-after') === true ? 1 : 0, 1);
    figures.atLeast('api_overload_alive', replica.alive() ? 1 : 0, 1);
    figures.atMost('api_overload_other_site_p99_ratio', median(ratios), 2);
  } finally {
    await replica.stop();
  }
}

const { keep } = values;
const archive = await openPostgresArchive({ count, seed: Number(values.seed), keep, say });
try {
  if (only.has('read')) await reading(archive.files.url, archive.ids);
  if (only.has('overload')) await overload(archive.files.url, archive.ids);
} finally {
  await archive.close();
}
process.exitCode = figures.ok() ? 0 : 1;
