/**
 * Bytes on their way between a station and its site, beside the operations that name them. What this station's operations name is sent; of what others' name,
 * readings come at once, documents when somebody opens one, and the rest in the background, the newest first. Nothing is kept that is not what its name says.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../core/contract/errors.ts';
import type { WantedBlob } from '../../../core/contract/sync-http.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import { type SiteLink, SiteLinkError } from '../../enrol/site-link.ts';
import type { Log } from '../../log.ts';
import { isDiskFull } from '../../problem.ts';
import type { BlobOutcome, BlobTask, StationSyncStore } from '../../store/station-sync-store.ts';
import { type BlobState, isAway, Refused, type SyncWire } from './wire.ts';

/** At once; the rest of a line is for people. */
const SEATS = 3;
const HANDFUL = SEATS * 4;
const MOST_SUMS = 1_000;
const MOST_BYTES = 512 * 1024 * 1024;
/** Below this a file comes anew where a connection broke off. */
const WORTH_KEEPING = 256 * 1024;
const WRONG_TRIES = 3;
const LONGEST_MS = 10 * 60_000;
/** Whoever has made room need not ask for what had none. */
const FULL_MS = 15_000;
const TOLD_FULL_MS = 4 * FULL_MS;

export interface TransferParts {
  readonly link: Pick<SiteLink, 'state' | 'presignedFetch'>;
  readonly wire: SyncWire;
  readonly store: StationSyncStore;
  readonly blobs: Blobs;
  readonly log: Log;
  readonly now: () => number;
  readonly onChange: () => void;
}

export type Fetched = 'here' | 'late' | 'wrong' | 'unreachable' | 'full' | 'unknown';

export interface Transfers {
  /** There may be something to do. */
  readonly kick: () => void;
  /** Somebody waits for it. */
  readonly fetchNow: (sha256: string) => Promise<Fetched>;
  /** The same of what was here once. */
  readonly fetchAgain: (sha256: string) => Promise<Fetched>;
  /** The last bytes that came found no place on this disk. */
  readonly isFull: () => boolean;
  close(): Promise<void>;
}

type Wanted = z.infer<typeof WantedBlob>;

const isWrong = (error: unknown): boolean => error instanceof AppError && error.details['reason'] === 'upload-mismatch';

/** The site itself does not answer, or wants to be left alone: the loop hears of it, and asks for the rest. */
const isOfSite = (error: unknown): boolean =>
  error instanceof SiteLinkError || (error instanceof Refused && [401, 403, 429, 503].includes(error.answer.status));

/** Doubles from a second, as who names bytes sends them at once, to ten minutes. */
const laterMs = (tries: number): number => Math.min(LONGEST_MS, 1_000 * 2 ** Math.min(tries, 10));

export function createTransfers(parts: TransferParts): Transfers {
  const { link, wire, store, blobs, log } = parts;
  const { partials } = blobs;
  const ending = new AbortController();
  const { signal } = ending;
  /** Of files that are to be tried again: they are not read once more for it. */
  const sums = new Map<string, string>();
  const fetching = new Map<string, Promise<Fetched>>();
  let running: Promise<void> | undefined;
  let isAsked = false;
  /** Told no longer than it is tried again, wherever the clock is set meanwhile. */
  let fullAt = -Infinity;
  let alarm: NodeJS.Timeout | undefined;

  const siteOf = (): string | undefined => {
    const state = link.state();
    return state.enrolled && state.trouble === null ? state.site : undefined;
  };

  const isFull = (): boolean => Math.abs(parts.now() - fullAt) < TOLD_FULL_MS;

  async function md5Of(sha256: string): Promise<string> {
    const known = sums.get(sha256);
    if (known !== undefined) return known;
    const hash = createHash('md5');
    for await (const chunk of await blobs.read(sha256)) hash.update(chunk as Uint8Array);
    const sum = hash.digest('base64');
    if (sums.size < MOST_SUMS) sums.set(sha256, sum);
    return sum;
  }

  async function put({ url, headers }: Extract<BlobState, { kind: 'put' }>, sha256: string): Promise<boolean> {
    // A new stream for each try.
    async function* body(): AsyncGenerator<Uint8Array> {
      yield* (await blobs.read(sha256)) as AsyncIterable<Uint8Array>;
    }
    try {
      const response = await link.presignedFetch(url, { method: 'PUT', headers, body, signal });
      await response.body?.cancel();
      return response.ok;
    } catch (error) {
      if (signal.aborted) throw error;
      // The store may be out of reach where the site is not.
      log.info('bytes not sent', { document: sha256, error });
      return false;
    }
  }

  async function send(site: string, state: BlobState, size: number, tries: number): Promise<BlobOutcome> {
    const { sha256 } = state;
    if (state.kind === 'exists') return { kind: 'done' };
    if (state.kind === 'quarantined') return { kind: 'wrong', reason: state.reason };
    const again: BlobOutcome = { kind: 'later', why: 'failed', afterMs: laterMs(tries) };
    // Its time was over, or it was cut off: offered anew.
    if (!(await put(state, sha256))) return again;
    const proved = await wire.completeBlob(site, sha256, size, signal);
    if (proved.state === 'verified') return { kind: 'done' };
    return proved.state === 'missing' ? again : { kind: 'wrong', reason: proved.reason ?? 'quarantined' };
  }

  async function settled(sha256: string, outcome: BlobOutcome): Promise<void> {
    if (outcome.kind === 'wrong') log.error('bytes refused by the site', { document: sha256, reason: outcome.reason });
    if (outcome.kind !== 'later') sums.delete(sha256);
    await store.uploaded(sha256, outcome);
    parts.onChange();
  }

  /** What the site is told of the file; undefined where it is not here, or cannot be read now. */
  async function wantedOf({ sha256, tries }: BlobTask): Promise<Wanted | undefined> {
    try {
      const found = await blobs.has(sha256);
      if (found !== undefined) return { sha256, size: found.size, md5: await md5Of(sha256) };
      await settled(sha256, { kind: 'wrong', reason: 'lost' });
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn('bytes not read', { document: sha256, error });
      await settled(sha256, { kind: 'later', why: 'failed', afterMs: laterMs(tries) });
    }
    return undefined;
  }

  /** A store of bytes that is out of reach, or one file that cannot be read, holds up nothing else; a site that is, holds up all. */
  async function sendOne(
    site: string,
    state: BlobState,
    { size, tries }: { size: number; tries: number },
  ): Promise<void> {
    try {
      await settled(state.sha256, await send(site, state, size, tries));
    } catch (error) {
      if (signal.aborted || isOfSite(error)) throw error;
      log.warn('bytes not sent', { document: state.sha256, error });
      await settled(state.sha256, { kind: 'later', why: 'failed', afterMs: laterMs(tries) });
    }
  }

  /** A handful: the first ones are on their way before all are read. Whether anything was there to be sent. */
  async function upload(site: string): Promise<boolean> {
    const tasks = new Map((await store.uploads(HANDFUL)).map((task) => [task.sha256, task]));
    if (tasks.size === 0) return false;
    const wanted = new Map<string, Wanted>();
    for (const task of tasks.values()) {
      signal.throwIfAborted();
      const found = await wantedOf(task);
      if (found !== undefined) wanted.set(task.sha256, found);
    }
    if (wanted.size === 0) return true;
    await seats(await wire.offerBlobs(site, [...wanted.values()], signal), (state) => {
      const { sha256 } = state;
      return sendOne(site, state, { size: wanted.get(sha256)?.size ?? 0, tries: tasks.get(sha256)?.tries ?? 0 });
    });
    return true;
  }

  /** Ends when all of them have ended, whatever one of them found; then throws what it was. */
  async function seats<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const line = [...items];
    const seat = async (): Promise<void> => {
      for (let item = line.shift(); item !== undefined && !signal.aborted; item = line.shift())
        await work(item).catch((error: unknown) => {
          // Nobody takes another.
          line.length = 0;
          throw error;
        });
    };
    const ends = await Promise.allSettled(Array.from({ length: SEATS }, seat));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  const partOf = async (sha256: string): Promise<number> => (await partials?.size(sha256)) ?? 0;

  /** From where it broke off, the last time. */
  async function request(site: string, sha256: string, from: number): Promise<Response> {
    try {
      return await wire.blob(site, sha256, { mostBytes: MOST_BYTES, from }, signal);
    } catch (error) {
      // There is nothing behind it: what is here is not a part of it.
      if (error instanceof Refused && error.answer.status === 416) await partials?.drop(sha256);
      throw error;
    }
  }

  async function download(site: string, sha256: string): Promise<void> {
    const here = await partOf(sha256);
    const response = await request(site, sha256, here);
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    // It may break off before anybody reads it: whoever does is told then.
    body.on('error', () => undefined);
    const goesOn = response.headers.get('content-range')?.startsWith(`bytes ${here}-`) === true;
    const isSmall = Number(response.headers.get('content-length') ?? Infinity) < WORTH_KEEPING;
    const options = { maxBytes: MOST_BYTES, sha256 };
    try {
      if (partials === undefined || (isSmall && !goesOn)) return void (await blobs.put(body, options));
      await partials.add(sha256, goesOn ? here : 0, body);
    } finally {
      // Where it found no place nobody reads it: its connection is given back.
      body.destroy();
    }
    try {
      await blobs.put(partials.read(sha256), options);
    } finally {
      await partials.drop(sha256);
    }
  }

  /** The parts that came of it would take what place there is. */
  async function noPlace(sha256: string, error: unknown): Promise<BlobOutcome> {
    log.warn('bytes not kept', { document: sha256, error });
    fullAt = parts.now();
    await partials?.drop(sha256).catch(() => undefined);
    return { kind: 'later', why: 'failed', afterMs: FULL_MS };
  }

  async function outcomeOf(site: string, { sha256, tries }: Pick<BlobTask, 'sha256' | 'tries'>): Promise<BlobOutcome> {
    const before = await partOf(sha256);
    try {
      if ((await blobs.has(sha256)) === undefined) await download(site, sha256);
      return { kind: 'done' };
    } catch (error) {
      if (signal.aborted) throw error;
      if (isDiskFull(error)) return noPlace(sha256, error);
      // Some of it came: the rest is worth another try at once, however often that was so.
      if ((await partOf(sha256)) > before) return { kind: 'later', why: 'failed', afterMs: 1_000 };
      if (error instanceof Refused && error.answer.status === 404)
        return { kind: 'later', why: 'late', afterMs: laterMs(tries) };
      if (isOfSite(error)) throw error;
      if (!isWrong(error)) {
        log.warn('bytes not kept', { document: sha256, error });
        return { kind: 'later', why: 'failed', afterMs: laterMs(tries) };
      }
      log.warn('bytes of the site are not what they should be', { document: sha256, attempt: tries });
      if (tries + 1 >= WRONG_TRIES) return { kind: 'wrong', reason: 'hash' };
      return { kind: 'later', why: 'failed', afterMs: 1_000 };
    }
  }

  /** One for all who ask for the same. */
  function fetchOne(site: string, task: Pick<BlobTask, 'sha256' | 'tries'>): Promise<Fetched> {
    const known = fetching.get(task.sha256);
    if (known !== undefined) return known;
    const made = (async (): Promise<Fetched> => {
      const outcome = await outcomeOf(site, task);
      await store.downloaded(task.sha256, outcome);
      if (outcome.kind === 'done') fullAt = -Infinity;
      parts.onChange();
      if (outcome.kind === 'done') return 'here';
      if (outcome.kind === 'wrong') return 'wrong';
      return outcome.why === 'late' ? 'late' : isFull() ? 'full' : 'unreachable';
    })().finally(() => fetching.delete(task.sha256));
    fetching.set(task.sha256, made);
    return made;
  }

  /** Readings before documents, and looked for again after every handful. */
  async function fetchSome(site: string): Promise<boolean> {
    const tasks = await store.downloads(HANDFUL);
    await seats(tasks, async (task) => void (await fetchOne(site, task)));
    return tasks.length > 0;
  }

  async function run(): Promise<void> {
    while (isAsked && !signal.aborted) {
      isAsked = false;
      const site = siteOf();
      if (site === undefined) return;
      try {
        for (let isMore = true; isMore && !signal.aborted;) {
          let refused: Refused | undefined;
          // What the site does not take keeps nothing from coming.
          const sent = await upload(site).catch((error: unknown) => {
            if (!(error instanceof Refused) || isAway(error)) throw error;
            refused = error;
            return false;
          });
          isMore = (await fetchSome(site)) || sent;
          if (!isMore && refused !== undefined) throw refused;
        }
        await setAlarm();
      } catch (error) {
        if (signal.aborted) return;
        // The loop hears of the site again, and asks for the rest.
        if (!(error instanceof SiteLinkError)) log.warn('bytes not transferred', { error });
        await sleep(1_000, undefined, { signal, ref: false }).catch(() => undefined);
        return;
      }
    }
  }

  async function fetchAgain(sha256: string): Promise<Fetched> {
    const site = siteOf();
    if (site === undefined) return 'unreachable';
    try {
      return await fetchOne(site, { sha256, tries: 0 });
    } catch (error) {
      if (!(error instanceof SiteLinkError)) log.warn('document not fetched', { document: sha256, error });
      return 'unreachable';
    }
  }

  async function setAlarm(): Promise<void> {
    clearTimeout(alarm);
    const at = await store.nextBlobAt();
    if (at !== undefined) alarm = setTimeout(kick, Math.max(1_000, at - parts.now())).unref();
  }

  function kick(): void {
    isAsked = true;
    if (signal.aborted) return;
    running ??= run().finally(() => (running = undefined));
  }

  return {
    kick,
    async fetchNow(sha256) {
      const missing = await store.missing(sha256);
      if (missing === undefined) return (await blobs.has(sha256)) === undefined ? 'unknown' : 'here';
      return fetchAgain(sha256);
    },
    fetchAgain,
    isFull,
    async close() {
      clearTimeout(alarm);
      ending.abort();
      await running;
      await Promise.allSettled(fetching.values());
    },
  };
}
