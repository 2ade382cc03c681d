/** Sync of a station with its site, put together: the loop over operations, the transfers of bytes, and what people are told of both. */
import type { ActorName } from '../../../core/contract/access.ts';
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { newSession } from '../../../core/sync/session.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import type { SiteLink } from '../../enrol/site-link.ts';
import type { Hub } from '../../hub.ts';
import type { Log } from '../../log.ts';
import type { StationSyncStore } from '../../store/station-sync-store.ts';
import { createFetchingBlobs } from './fetching-blobs.ts';
import { createJoining } from './joining.ts';
import { createHistories, type Histories } from './histories.ts';
import { createLoop, type LoopState } from './loop.ts';
import { createTransfers } from './transfers.ts';
import { createView } from './view.ts';
import { createSyncWire } from './wire.ts';

export interface StationSyncParts {
  readonly link: SiteLink;
  readonly store: StationSyncStore;
  /** As they are on the disk. */
  readonly blobs: Blobs;
  /** For a snapshot on its way. */
  readonly folder: string;
  /** Names that the site has told once. */
  readonly people: {
    people(): Promise<readonly ActorName[]>;
    keepPeople(people: readonly ActorName[]): Promise<void>;
  };
  readonly hub: Pick<Hub, 'publish'>;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}

export interface StationSync {
  /** Fetches a document that is opened and not here. */
  readonly blobs: Blobs;
  /** Fetches the history of an old invoice. */
  readonly histories: Pick<Histories, 'fetch' | 'compact'>;
  start(): void;
  view(): Promise<SyncView>;
  /** How the people of the site are called, as far as it has told. */
  names(): Promise<readonly ActorName[]>;
  /** Asks the site now. */
  now(): Promise<SyncView>;
  sawRefused(ops: readonly string[]): Promise<SyncView>;
  close(): Promise<void>;
}

const STILL: LoopState = { session: newSession(), heardAt: null, retryAt: null, untrusted: false, full: false };

const NAMES_MS = 30_000;
/** Nobody waits long for a name. */
const NAMES_PATIENCE_MS = 3_000;
/** Screens hear of it so often. */
const TELL_MS = 250;

export function createStationSync(parts: StationSyncParts): StationSync {
  const { link, store, blobs, folder, hub, log, now, random } = parts;
  let clockAheadMs = 0;
  let known: readonly ActorName[] | undefined;
  let askedAt = -Infinity;
  let telling: NodeJS.Timeout | undefined;
  let told = '';
  let tale = Promise.resolve();
  let isClosed = false;
  let loop: ReturnType<typeof createLoop> | undefined;

  const wire = createSyncWire({
    link,
    now,
    onClock: (ms) => {
      clockAheadMs = ms;
    },
  });
  const joining = createJoining({ store, wire, folder, log, onChange: touch });
  const view = createView({
    link,
    store,
    loop: () => loop?.state() ?? STILL,
    isFull: () => transfers.isFull(),
    joining: () => joining.progress(),
    clockAheadMs: () => clockAheadMs,
  });

  /** Who left is among them for what was done; the site's word of today goes first. */
  async function keepNames(said: readonly ActorName[]): Promise<readonly ActorName[]> {
    await parts.people.keepPeople(said);
    return parts.people.people();
  }

  /** Asked for when somebody wants to see them, and not at every look; without the site, as they were told before. */
  async function names(): Promise<readonly ActorName[]> {
    const state = link.state();
    known ??= await parts.people.people();
    if (!state.enrolled || state.trouble !== null || Math.abs(now() - askedAt) < NAMES_MS) return known;
    askedAt = now();
    try {
      known = await keepNames(await wire.names(AbortSignal.timeout(NAMES_PATIENCE_MS)));
    } catch (error) {
      log.info('names not known now', { error });
    }
    return known;
  }

  async function tell(): Promise<void> {
    if (isClosed) return;
    const sync = await view();
    const text = JSON.stringify(sync);
    if (text !== told) hub.publish({ type: 'sync', sync });
    told = text;
  }
  function touch(): void {
    telling ??= setTimeout(() => {
      telling = undefined;
      // One after the other: where a look takes long, what was seen first must not be told last. The store is closing or failing: whoever asks it next says so.
      tale = tale.then(tell).catch(() => undefined);
    }, TELL_MS).unref();
  }

  const transfers = createTransfers({ link, wire, store, blobs, log, now, onChange: touch });
  const histories = createHistories({ link, wire, store, transfers, blobs, log, now });
  const stopSaved = store.onSaved(() => {
    loop?.saved();
    touch();
  });

  const stopShown = store.onShown(touch);

  return {
    blobs: createFetchingBlobs({
      blobs,
      missing: (sha256) => store.missing(sha256),
      fetchNow: transfers.fetchNow,
      fetchAgain: transfers.fetchAgain,
    }),
    histories,
    start() {
      loop = createLoop({
        link,
        store,
        wire,
        joining,
        log,
        now,
        random,
        onChange() {
          transfers.kick();
          histories.kick();
          touch();
        },
      });
    },
    view,
    names,
    async now() {
      loop?.now();
      transfers.kick();
      return view();
    },
    async sawRefused(ops) {
      await store.sawRefused(ops);
      touch();
      return view();
    },
    async close() {
      isClosed = true;
      clearTimeout(telling);
      stopSaved();
      stopShown();
      await Promise.all([loop?.close(), transfers.close(), histories.close()]);
    },
  };
}
