/**
 * How long a new station takes to have all invoices of its site: from the moment it is connected to the moment everything can be listed, searched and opened, with a
 * snapshot, and beside it what reading the log costs. Site, worker and station are whole, on one machine, over loopback; saves go on meanwhile.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { SnapshotManifest } from '../../core/contract/snapshot.ts';
import { invoiceCreatedOp } from '../../core/sync/drafts.ts';
import { enrol, openTestStation, type TestStation } from '../../server/enrol/testing-enrol.ts';
import { openPostgresArchive } from '../archive/postgres-archive.ts';
import type { Figures } from '../figure.ts';
import { type ServedSite, serveSite } from './site.ts';

export interface FirstSyncWish {
  readonly invoices: number;
  readonly figures: Figures;
  readonly say: (line: string) => void;
  readonly seed?: number;
  /** Folder in which the archive stays for the next run. */
  readonly keep?: string;
  /** Of a superuser of a Postgres that is there already. */
  readonly url?: string;
}

const SITE = 'bench';
/** Reading all of a long log takes minutes: this much of it is read, and told for all of it. */
const READ_OPS = 20_000;
/** Of the first sync of 100,000 invoices; smaller archives have the same time. */
const MOST_SECONDS = 15;
const MOST_DELAY_MS = 50;
/** Looking costs the station, too. */
const LOOK_MS = 50;
const SAVE_EVERY_MS = 50;
const MOST_SAVE_MS = 500;

const seconds = (from: number): number => (performance.now() - from) / 1_000;

interface Run {
  readonly site: ServedSite;
  readonly say: (line: string) => void;
}

async function desk({ site }: Run): Promise<{ station: TestStation; from: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ap-first-'));
  const station = await openTestStation({ folder });
  await station.station.start({ watch: false });
  const who = await site.people.person('reviewer', SITE);
  const done = await enrol(station, site.people, who, { address: site.origin });
  if (done.step !== 'done') throw new Error(`not connected: ${JSON.stringify(done.failure)}`);
  return { station, from: performance.now() };
}

async function leave({ station }: { station: TestStation }): Promise<void> {
  await station.close();
  rmSync(station.folder, { recursive: true, force: true });
}

const snapshotsOf = async ({ site }: Run) => (await site.of(SITE)).hub.snapshots;

/** Somebody works while it comes: how long each of their saves takes. */
function saves({ station }: TestStation): { readonly end: () => Promise<number> } {
  const { model, store, newId } = station.context;
  const took: number[] = [];
  const over = new AbortController();
  const work = (async () => {
    while (!over.signal.aborted) {
      const op = invoiceCreatedOp(model.author('local:bench'), newId(), { document: 'a'.repeat(64) });
      const from = performance.now();
      await store.commit({ ops: [op], projections: [], documents: [], jobs: [] });
      took.push(performance.now() - from);
      await sleep(SAVE_EVERY_MS);
    }
  })();
  return {
    async end() {
      over.abort();
      await work;
      return Math.max(0, ...took);
    },
  };
}

async function joined(run: Run, invoices: number): Promise<{ took: number; slowest: number; delay: number }> {
  const made = await desk(run);
  const cpu = process.cpuUsage();
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const saving = saves(made.station);
  const { sync, context } = made.station.station;
  try {
    for (;;) {
      const { joining, waiting, heardAt } = await sync.view();
      if (heardAt !== null && joining === null && waiting.fetch === 0) break;
      await sleep(LOOK_MS);
    }
    const { total } = await context.store.invoices({ limit: 1, sort: 'createdAt', order: 'desc' } as never);
    const took = seconds(made.from);
    delays.disable();
    const { user, system } = process.cpuUsage(cpu);
    run.say(`processor time of the station: ${((user + system) / 1e6).toFixed(1)} s`);
    if (total < invoices) throw new Error(`${total} of ${invoices} invoices came`);
    const slowest = await saving.end();
    return { took, slowest, delay: delays.percentile(99) / 1e6 };
  } finally {
    await saving.end();
    await leave(made);
  }
}

/** Seconds for so many operations, where the log is read. */
async function readSome(run: Run, all: number): Promise<{ read: number; took: number }> {
  const made = await desk(run);
  const wanted = Math.min(all, READ_OPS);
  try {
    for (let isHeard = false; ;) {
      const { waiting } = await made.station.station.sync.view();
      isHeard ||= waiting.fetch > 0;
      const read = all - waiting.fetch;
      if (isHeard && read >= wanted) return { read, took: seconds(made.from) };
      await sleep(LOOK_MS);
    }
  } finally {
    await leave(made);
  }
}

async function snapshotOf(run: Run): Promise<{ manifest: SnapshotManifest; took: number }> {
  const snapshots = await snapshotsOf(run);
  const from = performance.now();
  const worker = run.site.start('worker');
  try {
    for (;;) {
      worker.mustLive();
      const kept = await snapshots.newest();
      if (kept !== undefined)
        return { manifest: SnapshotManifest.parse(JSON.parse(kept.manifest)), took: seconds(from) };
      await sleep(100);
    }
  } finally {
    await worker.stop();
  }
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);

async function measure(run: Run, { invoices, figures, say }: FirstSyncWish): Promise<void> {
  const { manifest, took: making } = await snapshotOf(run);
  say(
    `snapshot of ${manifest.invoices} invoices, ${manifest.seq} operations: made in ${making.toFixed(1)} s, ${mb(manifest.size)} MB (${mb(manifest.database_size)} MB inflated), ${manifest.ops} operations with their texts`,
  );
  const { took, slowest, delay } = await joined(run, invoices);
  figures.atMost('first-sync-seconds', took, MOST_SECONDS);
  figures.atMost('first-sync-slowest-save-ms', slowest, MOST_SAVE_MS);
  figures.atMost('first-sync-event-loop-p99-ms', delay, MOST_DELAY_MS);
  const snapshots = await snapshotsOf(run);
  await snapshots.forget(await snapshots.all());
  const { read, took: reading } = await readSome(run, manifest.seq);
  const replay = (reading / read) * manifest.seq;
  say(
    `reading the log: ${read} of ${manifest.seq} operations in ${reading.toFixed(1)} s, all of it ${replay.toFixed(0)} s and then a job for each invoice`,
  );
  say(`first sync by snapshot / by reading the log: ${(took / replay).toFixed(3)}`);
}

export async function firstSync(wish: FirstSyncWish): Promise<void> {
  const { invoices: count, seed = 1, keep, url, say } = wish;
  const archive = await openPostgresArchive({ count, seed, keep, url, say });
  const site = await serveSite(archive.files, { SITES: SITE, AP_SNAPSHOT_FROM: '1' });
  try {
    await measure({ site, say }, wish);
  } finally {
    await site.stop();
    await archive.close();
  }
}
