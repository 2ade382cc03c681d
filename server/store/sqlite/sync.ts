/** `StationSyncStore` in front of the thread that writes; what looks at many rows goes to the thread for lists. */
import type { StationSyncStore } from '../station-sync-store.ts';
import { joinSnapshot } from './joining.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Queries } from './queries.ts';
import type { RemoteCalls } from './rpc.ts';
import type { Writer } from './writer.ts';

export interface SyncProxyParts {
  readonly writer: Pick<RemoteCalls<Writer>, 'call'>;
  readonly queries: Pick<RemoteCalls<Pick<Queries, 'conflicts'>>, 'call'>;
  readonly path: string;
  readonly now: () => number;
  readonly self: { readonly device: string };
  /** Listeners of `onSaved`; the store calls them after a commit that wrote operations. */
  readonly saved: Set<() => void>;
  /** Listeners of `onShown`. */
  readonly shown: Set<() => void>;
  /** Jobs were made. */
  readonly wake: () => void;
  /** Whether anything was written that a copy is made for. */
  readonly changes: { seen: boolean };
  /** Runs while no other thread of this process has the database open. */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
}

export function createSqliteSync({
  path,
  alone,
  writer,
  queries,
  now,
  self,
  saved,
  shown,
  wake,
  changes,
}: SyncProxyParts): StationSyncStore {
  const clock = () => {
    const nowMs = now();
    return { at: new Date(nowMs).toISOString(), nowMs };
  };
  const waking = (roots: readonly string[]): void => {
    if (roots.length > 0) wake();
  };
  return {
    get device() {
      return self.device;
    },
    version: MIGRATIONS.at(-1)?.version ?? 0,
    position: (site) => writer.call('syncPosition', site),
    begin: (site, epoch) => writer.call('syncBegin', site, epoch),
    offer: (site, limits, except = [], after) => writer.call('syncOffer', site, limits, except, after),
    unheld: (ops, except) => writer.call('syncUnheld', ops, except),
    goBack: (devSeq) => writer.call('syncGoBack', devSeq),
    async acknowledged(results) {
      const told = await writer.call('syncAcknowledged', results, clock());
      waking(told.roots);
      return told;
    },
    async takeIn(page) {
      const taken = await writer.call('syncTakeIn', page, clock());
      if (taken.kind === 'taken') {
        if (taken.fresh + taken.written > 0) changes.seen = true;
        if (taken.roots.length + taken.written > 0) wake();
      }
      return taken;
    },
    goneOps: (root) => writer.call('goneOps', root),
    goneWanted: (limit, after = '') => writer.call('goneWanted', limit, after),
    async fillIn(ops) {
      const filled = await writer.call('goneFillIn', ops, clock());
      if (filled) wake();
      return filled;
    },
    compact: (wish) => writer.call('compact', wish),
    keepDurable: async (site, seq) => {
      await writer.call('keepDurable', site, seq);
    },
    mayJoin: (site) => writer.call('mayJoin', site),
    async join(wish) {
      const joined = await joinSnapshot({ path, now, alone, join: (one) => writer.call('join', one) }, wish);
      if (joined === 'joined') {
        changes.seen = true;
        wake();
      }
      return joined;
    },
    async replayDeferred() {
      const replayed = await writer.call('syncReplayDeferred', clock());
      if (replayed > 0) wake();
      return replayed;
    },
    async reissue() {
      const written = await writer.call('syncReissue', clock());
      if (written > 0) {
        changes.seen = true;
        wake();
      }
      return written;
    },
    counts: (site) => writer.call('syncCounts', site),
    conflicts: () => queries.call('conflicts'),
    refused: () => writer.call('syncRefused'),
    sawRefused: async (ops) => {
      await writer.call('syncSawRefused', ops);
    },
    uploads: (limit) => writer.call('syncBlobs', 'up', limit, now()),
    downloads: (limit) => writer.call('syncBlobs', 'down', limit, now()),
    nextBlobAt: () => writer.call('syncNextBlobAt', now()),
    uploaded: async (sha256, outcome) => {
      await writer.call('syncBlobSettled', 'up', sha256, outcome, clock());
    },
    async downloaded(sha256, outcome) {
      const roots = await writer.call('syncBlobSettled', 'down', sha256, outcome, clock());
      waking(roots);
      return roots;
    },
    missing: (sha256) => writer.call('syncMissing', sha256),
    onSaved(listener) {
      saved.add(listener);
      return () => saved.delete(listener);
    },
    onShown(listener) {
      shown.add(listener);
      return () => shown.delete(listener);
    },
  };
}
