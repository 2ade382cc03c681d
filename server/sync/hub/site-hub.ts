/** Sync of one site: what stations offer is judged and kept, what the log has is given out, and who waits hears when it goes on. */
import { setImmediate as pause } from 'node:timers/promises';
import { AppError } from '../../../core/contract/errors.ts';
import type { NewJob } from '../../../core/contract/jobs.ts';
import type { PushBatch, PushReply, SyncHead } from '../../../core/contract/sync-http.ts';
import { type BatchReading, type BatchTools, createBatchReader } from '../../../core/sync/push.ts';
import type { ArrivedOp } from '../../../core/sync/arrived.ts';
import { createKeyedLane } from '../../lane.ts';
import { sha256 } from '../../store/audit.ts';
import type { Principal } from '../../access/parts.ts';
import type { HubStore, LogPage, PushOutcome, PushWish } from '../../store/hub-store.ts';
import { provenBy } from './ed25519.ts';
import { createCrowding } from './crowding.ts';
import type { Feed } from './feed.ts';
import { isCrowded, misfitIn } from './fit.ts';
import type { SyncMetrics } from './metrics.ts';
import { noDevice, type OriginParts, createOrigins } from './origins.ts';
import { type PrintedPage, printPage } from './page.ts';
import type { WentBack } from './went-back.ts';

/** Oldest contract of a station whose operations are taken. */
export const CONTRACT_FLOOR = 1;

export interface SiteHubParts extends OriginParts {
  readonly hub: HubStore;
  readonly feed: Feed;
  readonly metrics: SyncMetrics;
  readonly back: Pick<WentBack, 'seen' | 'received'>;
  readonly now: () => number;
  /** Whoever is told of what happens, as it is now: asked before the transaction. */
  readonly listeners: () => Promise<(accepted: readonly ArrivedOp[]) => readonly NewJob[]>;
}

export interface Pull {
  readonly after: number;
  readonly epoch: number;
  readonly limit: number;
  /** Seconds. */
  readonly wait: number;
}

export interface SiteHub {
  head(): Promise<SyncHead>;
  push(principal: Principal, batch: PushBatch, relay: boolean): Promise<PushReply>;
  /** `station`: who asks. `signal`: the answer is out, or nobody waits for it. */
  pull(station: string, wanted: Pull, signal: AbortSignal): Promise<PrintedPage>;
}

/** Read, proved, and known by whom. */
interface Ready {
  readonly wish: PushWish;
  readonly received: boolean;
}

const conflict = (reason: string, what: string, details: Readonly<Record<string, unknown>>): AppError =>
  new AppError('conflict', what, { ...details, reason });
const otherEpoch = (epoch: number): AppError =>
  conflict('epoch', 'The site was brought back from an older copy: read its log from the start.', { epoch });
const badBatch = (why: string): AppError =>
  new AppError('bad_request', `These are not operations of a device as it wrote them: ${why}.`, {
    reason: 'bad_batch',
  });

function refused(outcome: Exclude<PushOutcome, { kind: 'ok' }>): AppError {
  switch (outcome.kind) {
    case 'epoch':
      return otherEpoch(outcome.epoch);
    case 'gap':
      return conflict('gap', `The site has operations of this device up to ${outcome.expected - 1}.`, {
        expected: outcome.expected,
      });
    case 'device_forked':
      return conflict('device_forked', `The site has another operation ${outcome.devSeq} of this device.`, {
        devSeq: outcome.devSeq,
      });
    case 'missing_parents':
      return conflict('missing_parents', 'An operation follows others that the site does not have yet.', {
        op: outcome.op,
        parents: outcome.parents,
      });
    default:
      return outcome satisfies never;
  }
}

/** A database that is a copy of another one, or was locked by whoever looks after it: a station waits, and loses nothing. */
function readOnly(error: unknown): unknown {
  if (!(error instanceof AppError) || error.details['reason'] !== 'not-writable') return error;
  return new AppError('unavailable', 'The site takes no changes at the moment.', {
    reason: 'read_only',
    retryAfter: 30,
  });
}

/** Operations read between two turns of the event loop: a few milliseconds' worth. */
const READ_AT_ONCE = 50;

/** Others are answered in between. */
async function readSlowly(site: string, batch: PushBatch, tools: BatchTools): Promise<BatchReading> {
  const reader = createBatchReader(site, batch, tools);
  for (const [at, wire] of batch.ops.entries()) {
    const fault = reader.add(wire);
    if (fault !== undefined) return fault;
    if ((at + 1) % READ_AT_ONCE === 0) await pause();
  }
  return reader.finish();
}

const inParts = (): AppError =>
  new AppError(
    'too_large',
    'These decide about one invoice too often, or about too many, for one batch. Send fewer operations at once.',
  );

export function createSiteHub(parts: SiteHubParts): SiteHub {
  const { site, hub, feed, signer, metrics, back, now } = parts;
  const origins = createOrigins(parts);
  const crowding = createCrowding();
  const inOrder = createKeyedLane();
  /** Those who asked together got one page: it is printed once. */
  const printed = new WeakMap<LogPage, Promise<PrintedPage>>();

  async function print(page: LogPage, after: number): Promise<PrintedPage> {
    const devices = await origins.known(new Set(page.rows.map(({ device }) => device)));
    return printPage(page, { site, after, signer, devices });
  }
  async function read(station: string, { after, epoch, limit }: Pull): Promise<PrintedPage> {
    const page = await hub.page(after, limit);
    back.seen(site, page.history, page.history.epoch === epoch ? { station, after } : undefined);
    // Of a number that this history has not come to yet, there is nothing to say but that it is another one.
    if (page.history.epoch !== epoch || after > page.history.seq) throw otherEpoch(page.history.epoch);
    const known = printed.get(page) ?? print(page, after);
    printed.set(page, known);
    return known;
  }
  async function pull(station: string, wanted: Pull, signal: AbortSignal): Promise<PrintedPage> {
    const { after, wait } = wanted;
    if (wait > 0) await feed.turn(site, after, signal);
    const first = await read(station, wanted);
    if (wait === 0 || first.end.next > after) return first;
    return (await feed.wait(site, after, wait * 1_000, signal)) ? read(station, wanted) : first;
  }

  /** Before anything is asked about what the log has. */
  async function readyFor(principal: Principal, batch: PushBatch, relay: boolean): Promise<Ready> {
    if (principal.device === null) throw noDevice();
    if (!relay && batch.device !== principal.device)
      throw new AppError('forbidden', 'These operations are of another device.', { reason: 'not_this_device' });
    const origin = await (relay ? origins.relayed(batch, principal) : origins.own(principal));
    const { keys, bySite, roles, received = false } = origin;
    const verify = (text: string, signature: string): boolean => keys.some((key) => provenBy(key, text, signature));
    const reading = await readSlowly(site, batch, { sha256, verify });
    if (reading.kind !== 'ok') throw badBatch(reading.why);
    const misfit = misfitIn(reading.batch);
    if (misfit !== undefined) throw badBatch(misfit);
    // Of the site's own nothing is judged, and a run of them that it signed cannot be cut.
    if (!bySite && isCrowded(reading.batch)) throw inParts();
    const actors = reading.batch.ops.map(({ body }) => body.actor);
    const [jobsOf, writer] = await Promise.all([parts.listeners(), origins.writer(origin, actors)]);
    return { wish: { batch: reading.batch, publicKey: bySite ? null : keys[0], roles, writer, jobsOf }, received };
  }
  async function take({ wish, received }: Ready): Promise<PushReply> {
    const outcome = await hub.push(wish).catch((error: unknown) => {
      throw readOnly(error);
    });
    metrics.pushed(site, outcome);
    if (outcome.kind !== 'ok') throw refused(outcome);
    // The last one of the batch is new wherever one of them is.
    if (received && outcome.fresh > 0) back.received(site, outcome.reply.head);
    return outcome.reply;
  }
  /** A station sends the next batch while the one before is being written: it is read meanwhile, and comes after it. */
  function push(principal: Principal, batch: PushBatch, relay: boolean): Promise<PushReply> {
    const ready = readyFor(principal, batch, relay);
    // Heard of in its turn.
    ready.catch(() => undefined);
    return inOrder([batch.device], async () => take(await ready));
  }

  return {
    async head() {
      const { epoch, seq, siteHash } = await hub.history();
      back.seen(site, { epoch, seq });
      const at = new Date(now()).toISOString();
      return { site, name: site, epoch, seq, site_hash: siteHash, now: at, contract_floor: CONTRACT_FLOOR };
    },
    push: (principal, batch, relay) => crowding.pushing(() => push(principal, batch, relay)),
    async pull(station, wanted, signal) {
      crowding.page(station, signal);
      const wait = (until: AbortSignal): Promise<PrintedPage> => pull(station, wanted, until);
      const page = await (wanted.wait > 0 ? crowding.waiting(station, signal, wait) : wait(signal));
      const { next, head } = page.end;
      metrics.pulled(site, station, { ops: next - wanted.after, behind: head - next });
      return page;
    },
  };
}
