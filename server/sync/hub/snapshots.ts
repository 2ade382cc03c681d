/**
 * Snapshots of the sites of a server: a job makes one where the log has grown, and its bytes are a blob, so that a new station fetches one file instead of reading years. The file is
 * written by a thread; this process only hands rows on.
 */
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotManifest, SnapshotOffer } from '../../../core/contract/snapshot.ts';
import { snapshotProofText } from '../../../core/contract/snapshot.ts';
import { KEPT_MS } from '../../../core/sync/retention.ts';
import { isSnapshotDue, manifestText } from '../../../core/sync/snapshot.ts';
import type { Secrets } from '../../access/secrets.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import type { JobHandler, Work } from '../../jobs/handling.ts';
import type { Log } from '../../log.ts';
import type { ClaimedJob } from '../../queue/queue.ts';
import type { HubStore } from '../../store/hub-store.ts';
import type { HubSnapshots, KeptSnapshot, ReadSnapshot } from '../../store/hub-snapshots.ts';
import { openSnapshotFile, type SnapshotCalls } from '../../store/sqlite/snapshot-thread.ts';
import type { Store } from '../../store/store.ts';
import { provenBy } from './ed25519.ts';
import { createOrigins } from './origins.ts';
import { knownHead, signedHeads } from './page.ts';
import { createSiteSigner, SNAPSHOTS } from './site-signer.ts';

/** Between two looks whether a site needs one. */
const LOOK_MS = 5 * 60_000;
/** Whoever makes one writes to its file all the time. */
const LEFT_MS = 60 * 60_000;
/** Behind everything that people wait for. */
const PRIORITY = 20;
const SNAPSHOT_ROOT = 'snapshot';

export interface SnapshotSite {
  readonly store: Pick<Store, 'commit'>;
  readonly hub?: HubStore | undefined;
}

export interface SnapshotParts {
  readonly sites: readonly string[];
  readonly storesOf: (site: string) => Promise<SnapshotSite>;
  readonly blobsOf: (site: string) => Promise<Pick<Blobs, 'put' | 'remove'>>;
  readonly secrets: Pick<Secrets, 'everyDerived'>;
  /** For files on their way. */
  readonly folder: string;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  /** Of a log that is worth one; lower in tests. */
  readonly fewest?: number;
}

export interface Snapshots {
  handler(siteOf: (job: ClaimedJob) => string): JobHandler;
  /** Looks now and then whether a site needs one. */
  start(): void;
  /** One job for each site that needs one. */
  look(): Promise<void>;
  stop(): void;
}

type Wanted = SnapshotParts & { readonly site: string; readonly hub: HubStore };

const madeOf = ({ epoch, seq, madeAt }: KeptSnapshot) => ({ epoch, seq, madeMs: Date.parse(madeAt) });

async function isDue({ hub, now, fewest }: Pick<Wanted, 'hub' | 'now' | 'fewest'>): Promise<boolean> {
  const [newest, history] = await Promise.all([hub.snapshots.newest(), hub.history()]);
  const made = newest === undefined ? undefined : madeOf(newest);
  return isSnapshotDue({ newest: made, history, nowMs: now(), ...(fewest === undefined ? {} : { fewest }) });
}

/** Everything of one moment into the file. */
async function fill(parts: Wanted, file: { calls?: SnapshotCalls }, path: string, work: Work): Promise<ReadSnapshot> {
  const { site, hub, secrets, now } = parts;
  const signer = createSiteSigner(secrets, site);
  const origins = createOrigins({ site, access: NOBODY, hub, signer });
  return hub.snapshots.read({
    since: new Date(now() - KEPT_MS).toISOString(),
    signal: work.signal,
    progress: (share) => void work.progress(share * 0.9, 'invoices').catch(() => undefined),
    async begin() {
      await file.calls?.close();
      const calls = await openSnapshotFile(path, new Date(now()).toISOString());
      file.calls = calls;
      return { columns: await calls.call('columns'), add: (table, rows) => calls.call('add', table, rows) };
    },
    async headsOf(rows) {
      const devices = await origins.known(new Set(rows.map(({ device }) => device)));
      const heads = { site, signer, devices };
      return [...signedHeads(rows, heads).values()].flatMap((head) => knownHead(head, heads));
    },
  });
}

/** Only the log is asked here. */
const NOBODY = { device: () => Promise.resolve(undefined), account: () => Promise.resolve(undefined) };

async function make(parts: Wanted, folder: string, work: Work): Promise<KeptSnapshot> {
  const { site, secrets, now } = parts;
  const file: { calls?: SnapshotCalls } = {};
  // Before it is read: what is erased meanwhile may be in it.
  const madeAt = new Date(now()).toISOString();
  try {
    const { history, opSchema, invoices, ops } = await fill(parts, file, join(folder, 'snapshot.db'), work);
    if (file.calls === undefined) throw new Error('nothing was read');
    const { epoch, seq, siteHash } = history;
    await file.calls.call('finish', { site, epoch, seq, siteHash });
    const pressed = await file.calls.call('press', join(folder, 'snapshot.db.zst'));
    const manifest = manifestText({
      v: 1,
      site,
      epoch,
      seq,
      site_hash: siteHash,
      sha256: pressed.sha256,
      size: pressed.size,
      database_size: pressed.databaseSize,
      database_version: pressed.databaseVersion,
      op_schema: opSchema,
      invoices,
      ops,
      made_at: madeAt,
    } satisfies SnapshotManifest);
    const signature = createSiteSigner(secrets, site)(SNAPSHOTS).sign(snapshotProofText(manifest));
    const made = { sha256: pressed.sha256, epoch, seq, manifest, signature, madeAt };
    work.signal.throwIfAborted();
    await parts.hub.snapshots.announce(made);
    await (await parts.blobsOf(site)).put(createReadStream(pressed.path), { sha256: pressed.sha256 });
    return made;
  } finally {
    await file.calls?.close().catch(() => undefined); // what counts is the error at hand
  }
}

/** The bytes first: what could not be removed is found again. */
export async function removeSnapshots(
  kept: Pick<HubSnapshots, 'forget'>,
  blobs: Pick<Blobs, 'remove'>,
  sha256s: readonly string[],
): Promise<void> {
  for (const sha256 of sha256s) {
    await blobs.remove(sha256);
    await kept.forget([sha256]);
  }
}

/** What a process that was killed left: everything of a site is in it, and nobody else would ever look there. */
async function sweep(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const path = join(folder, name);
    const files = await readdir(path).catch((): string[] => []);
    const times = await Promise.all([path, ...files.map((file) => join(path, file))].map(changedAt));
    if (Math.max(...times) < before) await rm(path, { recursive: true, force: true });
  }
}
const changedAt = async (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0, // gone meanwhile
  );

export function createSnapshots(parts: SnapshotParts): Snapshots {
  const { sites, storesOf, log, newId } = parts;

  async function build(site: string, hub: HubStore, work: Work): Promise<void> {
    await mkdir(parts.folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(parts.folder, 'making-'));
    const from = performance.now();
    try {
      const made = await make({ ...parts, site, hub }, folder, work);
      const old = await hub.snapshots.keep(made);
      await removeSnapshots(hub.snapshots, await parts.blobsOf(site), old);
      log.info('snapshot made', { seq: made.seq, ms: Math.round(performance.now() - from) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  async function look(): Promise<void> {
    await sweep(parts.folder, parts.now() - LEFT_MS);
    for (const site of sites) {
      const { store, hub } = await storesOf(site);
      if (hub === undefined || !(await isDue({ ...parts, hub }))) continue;
      const job = { id: newId(), name: 'snapshot' as const, data: {}, root: SNAPSHOT_ROOT, priority: PRIORITY };
      await store.commit({ ops: [], projections: [], documents: [], jobs: [job] });
    }
  }
  const lookSoon = (): void => {
    look().catch((error: unknown) => log.warn('snapshots not looked at', { error }));
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    look,
    start() {
      timer = setInterval(lookSoon, LOOK_MS).unref();
      lookSoon();
    },
    stop: () => clearInterval(timer),
    handler: (siteOf) => async (work) => {
      const { job } = work;
      const { store, hub } = await storesOf(siteOf(job));
      // Another process may have made it meanwhile.
      if (hub !== undefined && (await isDue({ ...parts, hub }))) await build(siteOf(job), hub, work);
      const finishes = { job: job.id, lease: job.lease };
      const result = await store.commit({ ops: [], projections: [], documents: [], jobs: [], finishes });
      return result.kind === 'ok' ? 'done' : 'lost';
    },
  };
}

/** What a station is told of; null where there is none, or where what the database says of it was signed by nobody of this site. */
export function offerOf(
  kept: KeptSnapshot | undefined,
  site: string,
  secrets: Pick<Secrets, 'everyDerived'>,
): SnapshotOffer | null {
  if (kept === undefined) return null;
  const keys = createSiteSigner(secrets, site).keysOf(SNAPSHOTS);
  const { manifest, signature } = kept;
  const isOurs = keys.some((key) => provenBy(key, snapshotProofText(manifest), signature));
  return isOurs ? { manifest, signature, keys: [...keys] } : null;
}
