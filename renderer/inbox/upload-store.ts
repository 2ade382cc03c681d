/** Files on their way in: sent a few at a time, each with its own result; one bad file never stops the others. */
import { createStore } from 'zustand/vanilla';
import { LIMITS } from '../../core/contract/intake.ts';
import type { IntakeResult } from '../../core/contract/intake.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';

export type UploadItem = {
  readonly key: string;
  readonly name: string;
  readonly size: number;
} & (
  | { readonly state: 'waiting' | 'sending' }
  | { readonly state: 'done'; readonly result: IntakeResult }
  /** `retry`: nothing came back, the same request may be sent again. */
  | { readonly state: 'failed'; readonly detail: string; readonly retry: boolean }
);

export interface UploadState {
  readonly items: readonly UploadItem[];
  readonly open: boolean;
}

export interface UploadStore extends ReturnType<typeof createUploadStore> {}

const BATCH = { files: 8, bytes: 24 * 1024 * 1024 };

export function createUploadStore(client: Client, newId: () => string) {
  const store = createStore<UploadState>(() => ({ items: [], open: false }));
  const files = new Map<string, File>();
  let running = false;

  const set = (keys: readonly string[], change: (item: UploadItem) => UploadItem) =>
    store.setState((s) => ({ items: s.items.map((i) => (keys.includes(i.key) ? change(i) : i)) }));

  async function sendBatch(keys: readonly string[]): Promise<void> {
    set(keys, ({ key, name, size }) => ({ key, name, size, state: 'sending' }));
    try {
      const { results } = await client.upload(
        keys.map((k) => files.get(k)!),
        newId(),
      );
      keys.forEach((key, i) => {
        const result = results[i];
        files.delete(key);
        set([key], ({ name, size }) =>
          result
            ? { key, name, size, state: 'done', result }
            : { key, name, size, state: 'failed', detail: '', retry: false },
        );
      });
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError('internal', String(error));
      const retry = ['offline', 'unavailable', 'unauthorized'].includes(known.code);
      set(keys, ({ key, name, size }) => ({ key, name, size, state: 'failed', detail: known.message, retry }));
    }
  }

  async function pump(): Promise<void> {
    if (running) return;
    running = true;
    for (;;) {
      const batch = nextBatch(store.getState().items);
      if (batch.length === 0) break;
      await sendBatch(batch);
    }
    running = false;
  }

  return {
    ...store,
    add(list: readonly File[]): void {
      const items = list.map((file): UploadItem => {
        const key = newId();
        const base = { key, name: file.name, size: file.size };
        if (file.size > LIMITS.bytes) return { ...base, state: 'done', result: tooLarge(file.name) };
        files.set(key, file);
        return { ...base, state: 'waiting' };
      });
      // Results of an earlier drop stay until a new one begins after they were all settled.
      store.setState((s) => ({ items: [...(s.items.every(settled) ? [] : s.items), ...items], open: true }));
      void pump();
    },
    retry(): void {
      store.setState((s) => ({
        items: s.items.map((i) =>
          i.state === 'failed' && i.retry ? { key: i.key, name: i.name, size: i.size, state: 'waiting' } : i,
        ),
      }));
      void pump();
    },
    close(): void {
      store.setState({ open: false });
    },
  };
}

export const settled = (item: UploadItem): boolean => item.state === 'done' || item.state === 'failed';

/** The server would refuse it after the bytes have travelled; saying so at once is kinder. */
const tooLarge = (file: string): IntakeResult => ({ kind: 'refused', file, reason: 'too-large', detail: '' });

export function nextBatch(items: readonly UploadItem[]): string[] {
  const batch: string[] = [];
  let bytes = 0;
  for (const item of items) {
    if (item.state !== 'waiting') continue;
    if (batch.length > 0 && (batch.length >= BATCH.files || bytes + item.size > BATCH.bytes)) break;
    batch.push(item.key);
    bytes += item.size;
  }
  return batch;
}
