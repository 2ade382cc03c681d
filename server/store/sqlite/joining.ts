/** `StationSyncStore.join` on the side of the caller: a thread unpacks, then everybody else lets go of the database while the thread that writes takes the file in its place. */
import { rmSync } from 'node:fs';
import type { SnapshotWish, TakenSnapshot } from '../station-sync-store.ts';
import type { Joined, JoinWish } from './join.ts';
import { callThread, type RemoteCalls } from './rpc.ts';
import type { Unpacking } from './snapshot-unpack.ts';
import type { ThreadData } from './thread.ts';
import { threadFile } from './thread-file.ts';

export interface JoiningParts {
  readonly path: string;
  readonly now: () => number;
  readonly join: (wish: JoinWish) => Promise<Joined>;
  /** Runs while no other thread of this process has the database open. */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
}

type Calls = RemoteCalls<Unpacking & { open(): void }>;

export async function joinSnapshot(parts: JoiningParts, wish: SnapshotWish): Promise<TakenSnapshot> {
  const { path, now, join, alone } = parts;
  const { manifest } = wish;
  const file = `${path}.joining`;
  const calls: Calls = callThread(threadFile(), { role: 'unpack', path: file } satisfies ThreadData);
  try {
    await calls.call('open');
    const unpacked = await calls.callWithProgress('unpack', wish.progress, {
      from: wish.file,
      to: file,
      sha256: manifest.sha256,
      databaseSize: manifest.database_size,
      now: new Date(now()).toISOString(),
    });
    if (unpacked !== 'whole') return 'wrong';
    const { site, epoch, seq, site_hash: siteHash } = manifest;
    return await alone(() => join({ file, site, epoch, seq, siteHash }));
  } finally {
    await calls.close().catch(() => undefined); // what counts is the result, or the error at hand
    for (const left of [file, `${file}-journal`, `${file}-wal`, `${file}-shm`]) rmSync(left, { force: true });
  }
}
