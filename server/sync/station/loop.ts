/**
 * Carries out what core/sync/session.ts says is next: greet, offer, pull, wait. One at a time, for as long as the station is connected to a site and nothing
 * stands in the way; a save never waits for it. Whatever ends the process in between, the database says where to go on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type PushReply, SYNC_LIMITS } from '../../../core/contract/sync-http.ts';
import {
  after,
  type Facts,
  type Happened,
  newSession,
  nextStep,
  type Session,
  type Step,
} from '../../../core/sync/session.ts';
import { type SiteLink, SiteLinkError, type SiteLinkState } from '../../enrol/site-link.ts';
import type { Log } from '../../log.ts';
import { isDiskFull } from '../../problem.ts';
import type { Offering, StationSyncStore, SyncPosition } from '../../store/station-sync-store.ts';
import type { Joining } from './joining.ts';
import type { ReadPage } from './page.ts';
import { createReadAhead } from './read-ahead.ts';
import { type ReadyOffer, Refused, type SyncWire } from './wire.ts';

/** Of a batch beside its operations. */
const BATCH_SPARE = 8 * 1024;
/** Saves of one moment go in one batch. */
const GATHER_MS = 150;

export interface LoopParts {
  readonly link: Pick<SiteLink, 'state' | 'onChange' | 'forked'>;
  readonly store: StationSyncStore;
  readonly wire: SyncWire;
  /** How a database that has nothing of the site begins. */
  readonly joining: Pick<Joining, 'run'>;
  readonly log: Log;
  readonly now: () => number;
  /** 0 <= x < 1. */
  readonly random: () => number;
  /** Something that is shown, or that others wait for, is another now. */
  readonly onChange: () => void;
}

export interface LoopState {
  readonly session: Session;
  readonly heardAt: string | null;
  readonly retryAt: string | null;
  /** The site showed a certificate that this machine does not trust. */
  readonly untrusted: boolean;
  /** What came could not be written. It is tried again until it can be. */
  readonly full: boolean;
}

export interface Loop {
  state(): LoopState;
  /** Operations were written here. */
  saved(): void;
  /** A person, or the network, asks for it now. */
  now(): void;
  close(): Promise<void>;
}

/**
 * [Note: Pulled before it is written again] Which work of an earlier device the site has, only its log tells: after a salvage nothing here does. So the first
 * round of a connection pulls to the end, and what is unnumbered then is written again.
 */
const fresh = (): Session => ({ ...newSession(), catchUp: true });

/** What is written down before it is done. */
const WRITES: ReadonlySet<Step['do']> = new Set(['enter', 'go-back', 'offer', 'pull']);

const isAtEnd = (step: Step): boolean => step.do === 'offer' || (step.do === 'pull' && step.waitSeconds > 0);

/** Nothing that could be sent. */
type Unready = Exclude<Offering, { kind: 'offer' }>;
const NOTHING: Unready = { kind: 'none' };

interface Known extends Facts {
  readonly position: SyncPosition | undefined;
}

type Connected = Extract<SiteLinkState, { enrolled: true }>;

export function createLoop(parts: LoopParts): Loop {
  const { link, store, wire, joining, log, onChange } = parts;
  const ending = new AbortController();
  let session = fresh();
  let heardAt: string | null = null;
  let retryAt: string | null = null;
  let untrusted = false;
  let full = false;
  /** What may be cut short, and what waits for a change of the connection. Only a pull that waits for news: one that brings some goes on, however much is saved. */
  let poll: AbortController | undefined;
  let pause: AbortController | undefined;
  /** A poll was ended because there is something to send, or somebody asked for it. */
  let isCut = false;
  /** The same, before there was a poll to be ended: what was read of the database may be from before it. */
  let isDue = false;
  let isRenewed = false;
  /** There is no snapshot to begin with, or no need of one. */
  let isBegun = false;
  let durable = -1;
  let gathering: NodeJS.Timeout | undefined;

  const tell = (happened: Happened): void => {
    session = after(session, happened, parts.random());
  };
  const heard = (): void => {
    heardAt = new Date(parts.now()).toISOString();
    untrusted = false;
  };
  async function stand(ms?: number): Promise<void> {
    pause = new AbortController();
    const signal = AbortSignal.any([pause.signal, ending.signal]);
    // For ever is as long as a timer can be.
    await sleep(ms ?? 2 ** 31 - 1, undefined, { signal, ref: false }).catch(() => undefined);
    pause = undefined;
  }

  async function factsOf(site: string): Promise<Known> {
    const [position, counts] = await Promise.all([store.position(site), store.counts(site)]);
    const unshown = counts.unsent + counts.again;
    // Bytes have ways of their own (transfers.ts): they hold up no operation.
    return { position, epoch: position?.epoch ?? null, cursor: position?.cursor ?? 0, unshown, blobs: 0 };
  }

  async function greet(site: string, facts: Facts): Promise<void> {
    const head = await wire.head(site, ending.signal);
    heard();
    tell({ kind: 'head', epoch: head.epoch, seq: head.seq, known: facts.epoch });
  }

  /** Parents that the site lacks, and nobody here can offer, are waived the next time. */
  async function push(site: string, ready: ReadyOffer, except: readonly string[]): Promise<PushReply> {
    try {
      return await wire.push(site, ready, ending.signal);
    } catch (error) {
      if (!(error instanceof Refused) || error.details.parents === undefined) throw error;
      const unheld = await store.unheld(error.details.parents, except);
      throw new Refused({ ...error.answer, unheld }, error.details, error.message);
    }
  }

  type Offers = Extract<Step, { do: 'offer' }>;

  /** `sent`: own operations up to this number are on their way. */
  async function readyAt(site: string, epoch: number, step: Offers, sent?: number): Promise<ReadyOffer | Unready> {
    const limits = { ops: step.limit, bytes: SYNC_LIMITS.batchBytes - BATCH_SPARE };
    const offering = await store.offer(site, limits, step.except, sent);
    if (offering.kind !== 'offer') return offering;
    return wire.ready(site, { epoch, offer: offering, waived: step.waived });
  }

  async function acknowledge(device: string, { head, results }: PushReply): Promise<void> {
    await store.acknowledged({ device, epoch: head.epoch, results });
    onChange();
  }

  /**
   * [Note: One under way] While the site works on a batch, the answer to the one before is written down and the next one is made ready: long offline work is sent as fast as
   * the slower of the two is. A batch is sent once the one before was taken, so that whatever happens on the way the site sees them in their order.
   */
  async function offer(site: string, epoch: number, step: Offers): Promise<void> {
    let written: Promise<void> = Promise.resolve();
    let next = await readyAt(site, epoch, step);
    if ('kind' in next)
      return tell(next.kind === 'none' ? { kind: 'nothing-to-offer' } : { kind: 'unproved', device: next.device });
    while (!('kind' in next)) {
      const { device, own, isNew, last }: ReadyOffer['sent']['offer'] = next.sent.offer;
      const sending = push(site, next, step.except);
      // Heard of below.
      sending.catch(() => undefined);
      await written;
      next = own && isNew ? await readyAt(site, epoch, step, last.devSeq) : NOTHING;
      const reply = await sending;
      heard();
      tell({ kind: 'pushed', head: reply.head.seq, epoch: reply.head.epoch });
      written = acknowledge(device, reply);
      if (reply.head.epoch !== epoch) break;
    }
    await written;
  }

  const ahead = createReadAhead(
    (place, waitSeconds, signal) => wire.pull(place.site, place, waitSeconds, signal),
    ending.signal,
  );

  /** What may be cut short is a page that waits for news. */
  function ask(place: SyncPosition, waitSeconds: number): Promise<ReadPage> {
    poll = waitSeconds > 0 ? new AbortController() : undefined;
    return ahead.next(place, waitSeconds, poll?.signal).finally(() => (poll = undefined));
  }

  async function pull(place: SyncPosition | undefined, waitSeconds: number): Promise<void> {
    if (place === undefined) return tell({ kind: 'epoch', epoch: 0 });
    if (waitSeconds > 0 && isDue) return;
    const { site } = place;
    const page = await ask(place, waitSeconds);
    heard();
    if (page.kind === 'epoch') return tell({ kind: 'epoch', epoch: page.epoch });
    if (page.kind === 'torn') return tell({ kind: 'page', problem: 'torn' });
    if (page.kind === 'broken') {
      log.error('the log of the site contradicts itself', { seq: page.seq, reason: page.why });
      return tell({ kind: 'page', problem: 'broken' });
    }
    let taken = 0;
    for (const part of page.parts) {
      ending.signal.throwIfAborted();
      const outcome = await store.takeIn(part);
      if (outcome.kind === 'elsewhere') return tell({ kind: 'page', problem: 'torn' });
      if (outcome.kind === 'broken') {
        // Work of an earlier device stands under numbers that the site gave to others: written again, it is out of the way.
        if (outcome.what === 'forked' && !isRenewed && (await renew()) > 0) return;
        const { kind: _kind, what, ...where } = outcome;
        log.error('an operation of the site does not continue its device', { reason: what, ...where });
        const isOwn = what === 'forked' && outcome.device === store.device;
        return tell({ kind: 'page', problem: isOwn ? 'forked' : 'broken' });
      }
      if (outcome.written > 0)
        log.warn('work of a device with two histories was written again', { count: outcome.written });
      taken += part.ops.length;
      onChange();
    }
    if (page.durable !== durable) {
      durable = page.durable;
      await store.keepDurable(site, durable);
    }
    tell({ kind: 'pulled', head: page.head, taken });
  }

  async function wait(ms: number): Promise<void> {
    retryAt = new Date(parts.now() + ms).toISOString();
    onChange();
    await stand(ms);
    retryAt = null;
    tell({ kind: 'waited' });
  }

  async function carryOut(site: string, facts: Known, step: Step): Promise<void> {
    switch (step.do) {
      case 'head':
        return greet(site, facts);
      case 'enter':
        await store.begin(site, step.epoch);
        return tell({ kind: 'entered' });
      case 'go-back':
        await store.goBack(step.devSeq);
        return tell({ kind: 'went-back' });
      case 'offer':
        return offer(site, facts.epoch ?? 0, step);
      case 'pull':
        return pull(facts.position, step.waitSeconds);
      case 'blobs':
        return tell({ kind: 'blobs' });
      case 'wait':
        return wait(step.ms);
      case 'stop':
        onChange();
        // A person connects the other device; its first round writes the unsent work again.
        if (step.why === 'forked')
          await link
            .forked()
            .catch((error: unknown) => log.error('the device could not be left for a new one', { error }));
        return session.stopped === null ? undefined : stand();
      default:
        return step satisfies never;
    }
  }

  function failed(error: unknown): void {
    if (isCut) return;
    // An answer that broke off, or a disk that is full: again, later. Whatever else stands in the way now is no full disk.
    full = isDiskFull(error);
    if (error instanceof Refused) {
      const {
        answer,
        details: { epoch = 0 },
      } = error;
      heard();
      const { status, reason } = answer;
      log.info('the site did not take a request', { status, ...(reason === undefined ? {} : { reason }) });
      const isOther = answer.reason === 'epoch' && answer.offered === undefined;
      return tell(isOther ? { kind: 'epoch', epoch } : { kind: 'refused', answer });
    }
    if (error instanceof SiteLinkError) {
      untrusted = error.kind === 'untrusted';
      return tell({ kind: 'no-answer' });
    }
    log.warn('sync interrupted', { error });
    tell({ kind: 'no-answer' });
  }

  /** See [Note: Pulled before it is written again]: work of an earlier device of this database has no other way to the site. */
  async function renew(): Promise<number> {
    const written = await store.reissue();
    if (written > 0) log.warn('work of an earlier device written again', { count: written });
    isRenewed = true;
    return written;
  }

  /** Before the first page: whoever has nothing yet need not read all of the log. */
  async function begin({ site, siteKeys: keys }: Connected, { epoch, cursor }: Facts): Promise<void> {
    const head = session.head ?? 0;
    const isNew = epoch !== null && cursor === 0;
    const begun = isNew ? await joining.run({ site, keys, epoch, head }, ending.signal) : 'none';
    isBegun = begun !== 'later';
    if (begun === 'later') tell({ kind: 'no-answer' });
  }

  async function turn(connected: Connected): Promise<void> {
    const { site } = connected;
    isCut = false;
    isDue = false;
    try {
      let facts = await factsOf(site);
      if (!isBegun && nextStep(session, facts).do === 'pull') return await begin(connected, facts);
      if (!isRenewed && isAtEnd(nextStep(session, facts))) {
        await renew();
        facts = await factsOf(site);
      }
      const step = nextStep(session, facts);
      await carryOut(site, facts, step);
      if (WRITES.has(step.do)) full = false;
    } catch (error) {
      if (!ending.signal.aborted) failed(error);
    }
  }

  async function run(): Promise<void> {
    await store.replayDeferred().catch((error: unknown) => log.warn('kept operations not applied', { error }));
    while (!ending.signal.aborted) {
      const state = link.state();
      if (!state.enrolled || state.trouble !== null) {
        onChange();
        await stand();
        continue;
      }
      await turn(state);
      onChange();
    }
  }

  const cutPoll = (): void => {
    gathering = undefined;
    session = { ...session, offered: false, except: [] };
    isDue = true;
    if (poll === undefined) return;
    isCut = true;
    poll.abort();
  };
  const stopLink = link.onChange(() => {
    session = fresh();
    isRenewed = false;
    isBegun = false;
    pause?.abort();
    cutPoll();
  });
  const running = run();
  return {
    state: () => ({ session, heardAt, retryAt, untrusted, full }),
    saved: () => {
      gathering ??= setTimeout(cutPoll, GATHER_MS).unref();
    },
    now() {
      if (session.stopped !== null || session.closed !== null) session = fresh();
      session = { ...session, waitMs: 0 };
      pause?.abort();
      cutPoll();
    },
    async close() {
      stopLink();
      clearTimeout(gathering);
      ending.abort();
      await running;
    },
  };
}
