/**
 * `npm run bench:store -- [--count N] [--seed S]`: what a reviewer waits for on an archive of N invoices: saving a correction (read, project, commit, on
 * disk), lists, search, counters, possible duplicates, the start. One reviewer, one call at a time.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvoiceQuery } from '../core/contract/http.ts';
import { pendingOp } from '../core/invoice/log.ts';
import { project } from '../core/invoice/project.ts';
import { projectionOf } from '../core/invoice/summary.ts';
import { fieldSetOp } from '../core/sync/drafts.ts';
import { uuid4, uuid7 } from '../core/sync/ids.ts';
import { createSqliteStore } from '../server/store/sqlite/create.ts';
import { sha256 } from '../server/store/sqlite/log.ts';
import type { Store } from '../server/store/store.ts';
import { bulkLoad } from './archive/bulk-load.ts';
import type { ArchivedInvoice } from './archive/invoices.ts';
import { createFigures } from './figure.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const count = Number(values.count);
if (!Number.isInteger(count) || count < 1_000) throw new Error('--count must be a number from 1000.');
const ROUNDS = 300;
/** Invoices that corrections are saved to: the newest ones, as in work. */
const HELD = 200;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = createFigures(say);
const folder = mkdtempSync(join(tmpdir(), 'bench-store-'));
const path = join(folder, 'station.db');

async function p95(rounds: number, run: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await run(round);
    times.push(performance.now() - begun);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds * 0.95)] ?? 0;
}

/** Somebody searches for two letters again and again while `run` goes on; the number of searches made. */
async function whileSearching(store: Store, run: () => Promise<void>): Promise<number> {
  const over = new AbortController();
  const searching = (async () => {
    let searches = 0;
    for (; !over.signal.aborted; searches += 1) await store.invoices(InvoiceQuery.parse({ q: 'ag' }));
    return searches;
  })();
  await run().finally(() => over.abort());
  return searching;
}

/** As the server does it: the operations, the projection over them, one commit. */
async function saveCorrection(store: Store, item: ArchivedInvoice, round: number): Promise<void> {
  const { id } = item.invoice;
  const stored = await store.opsOf(id);
  const invoice = await store.invoice(id);
  const draft = fieldSetOp(
    { opId: uuid7(Date.now(), randomBytes(10)), actor: 'local:bench', salt: randomBytes(32).toString('hex') },
    id,
    {
      entity: { type: 'invoice', id },
      field: 'buyerReference',
      value: `bench-${round}`,
      parents: invoice?.header.buyerReference?.parents ?? [],
      source: 'manual',
    },
  );
  const at = new Date().toISOString();
  const recorded = stored.find((op) => op.body.kind === 'reading.recorded')?.body.op_id ?? '';
  const readings = new Map([[recorded, item.reading]]);
  const next = project({ id, ops: [...stored, pendingOp(draft, at)], readings, document: item.document }, sha256);
  const projections = [{ expect: stored.length, projection: projectionOf(next) }];
  const result = await store.commit({ ops: [draft], projections, documents: [], jobs: [], at });
  if (result.kind !== 'ok') throw new Error(`the correction was refused: ${result.what}`);
}

async function measure(store: Store, items: readonly ArchivedInvoice[]): Promise<void> {
  const item = (round: number): ArchivedInvoice => items[round % items.length] as ArchivedInvoice;
  const list = (more: Partial<InvoiceQuery>) => store.invoices(InvoiceQuery.parse(more));
  const name = (round: number): string => item(round).invoice.header.vendorName?.value ?? '';
  const number = (round: number): string => item(round).invoice.header.invoiceNumber?.value ?? '';

  figures.atMost('correction_save_p95_ms', await p95(ROUNDS, (round) => saveCorrection(store, item(round), round)), 20);
  figures.atMost('invoice_open_p95_ms', await p95(ROUNDS, (round) => store.invoice(item(round).invoice.id)), 20);
  figures.atMost('list_first_page_p95_ms', await p95(ROUNDS, () => list({})), 50);
  figures.atMost('list_by_amount_p95_ms', await p95(100, () => list({ sort: 'grossTotal' })), 50);
  figures.atMost('list_open_p95_ms', await p95(100, () => list({ status: ['exception', 'ready'] })), 50);
  const deep = await list({ limit: 500 });
  const cursor = deep.next ?? undefined;
  figures.atMost('list_next_page_p95_ms', await p95(100, () => list(cursor === undefined ? {} : { cursor })), 50);
  figures.atMost('search_number_p95_ms', await p95(100, (round) => list({ q: number(round) })), 100);
  figures.atMost('search_vendor_p95_ms', await p95(50, (round) => list({ q: name(round) })), 200);
  figures.atMost('search_two_letters_p95_ms', await p95(20, () => list({ q: 'ag' })), 300);
  figures.atMost('counters_p95_ms', await p95(100, () => store.counters(new Date().toISOString())), 50);
  const searches = await whileSearching(store, async () => {
    const during = await p95(ROUNDS, (round) => saveCorrection(store, item(round), ROUNDS + round));
    figures.atMost('correction_save_during_searches_p95_ms', during, 40);
  });
  say(`${searches} searches meanwhile`);
  const duplicates = (round: number) => store.duplicateCandidates('none', projectionOf(item(round).invoice).keys);
  figures.atMost('duplicate_candidates_p95_ms', await p95(ROUNDS, duplicates), 20);
}

try {
  const items: ArchivedInvoice[] = [];
  const loading = performance.now();
  bulkLoad({
    database: path,
    count,
    seed: Number(values.seed),
    device: uuid4(randomBytes(16)),
    progress: (done) => {
      if (done % 10_000 === 0) process.stderr.write(`${done} of ${count} invoices loaded\n`);
    },
    loaded: (item) => {
      items.push(item);
      if (items.length > HELD) items.shift();
    },
  });
  say(
    `${count} invoices loaded in ${((performance.now() - loading) / 1_000).toFixed(1)} s, ${Math.round(statSync(path).size / 1e6)} MB`,
  );

  const opening = performance.now();
  const { store } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  figures.atMost('store_start_ms', performance.now() - opening, 2_000);
  await measure(store, items);

  const auditing = performance.now();
  const report = await store.verifyAudit();
  figures.atMost('audit_problems', report.problems.length, 0);
  figures.atLeast('audit_ops_per_s', report.ops / ((performance.now() - auditing) / 1_000), 10_000);
  const copying = performance.now();
  await store.backup(join(folder, 'backup.db'));
  say(`backup in ${((performance.now() - copying) / 1_000).toFixed(1)} s`);
  await store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = figures.ok() ? 0 : 1;
