/** A snapshot's file on its way, in front of the thread that writes it. */
import { callThread, type RemoteCalls } from './rpc.ts';
import type { SnapshotFile } from './snapshot-file.ts';
import type { ThreadData } from './thread.ts';
import { threadFile } from './thread-file.ts';

export type SnapshotCalls = RemoteCalls<SnapshotFile & { open(): void }>;

/** Whoever gets it closes it. */
export async function openSnapshotFile(path: string, now: string): Promise<SnapshotCalls> {
  const calls: SnapshotCalls = callThread(threadFile(), { role: 'snapshot', path, now } satisfies ThreadData);
  try {
    await calls.call('open');
    return calls;
  } catch (error) {
    await calls.close().catch(() => undefined); // the reason is the error at hand
    throw error;
  }
}
