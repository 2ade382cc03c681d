import { describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../core/contract/intake.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';
import { createUploadStore, nextBatch } from './upload-store.ts';

let id = 0;
const newId = () => `key-${id++}`;
const file = (name: string, size = 10) => ({ name, size }) as File;
const accepted = (f: File) => ({ kind: 'accepted' as const, file: f.name, document: 'd', invoices: ['i'] });

const item = (key: string, size: number) => ({ key, name: key, size, state: 'waiting' as const });

describe('createUploadStore', () => {
  it('sends a few at a time and keeps a result for every file', async () => {
    const batches: number[] = [];
    const client = {
      upload: (files: readonly File[]) => {
        batches.push(files.length);
        return Promise.resolve({ results: files.map(accepted) });
      },
    } as unknown as Client;
    const uploads = createUploadStore(client, newId);
    uploads.add(Array.from({ length: 20 }, (_, n) => file(`${n}.pdf`)));
    await vi.waitFor(() => expect(uploads.getState().items.every((i) => i.state === 'done')).toBe(true));
    expect(batches).toEqual([8, 8, 4]);
  });

  it('refuses what is too large without sending it, and lets the others pass', async () => {
    const sent: string[] = [];
    const client = {
      upload: (files: readonly File[]) => {
        sent.push(...files.map((f) => f.name));
        return Promise.resolve({ results: files.map(accepted) });
      },
    } as unknown as Client;
    const uploads = createUploadStore(client, newId);
    uploads.add([file('huge.pdf', LIMITS.bytes + 1), file('small.pdf')]);
    await vi.waitFor(() => expect(uploads.getState().items.every((i) => i.state === 'done')).toBe(true));
    expect(sent).toEqual(['small.pdf']);
    expect(uploads.getState().items[0]).toMatchObject({ result: { kind: 'refused', reason: 'too-large' } });
  });

  it('offers again what got no answer', async () => {
    let online = false;
    const client = {
      upload: (files: readonly File[]) =>
        online
          ? Promise.resolve({ results: files.map(accepted) })
          : Promise.reject(new ApiError('offline', 'no answer')),
    } as unknown as Client;
    const uploads = createUploadStore(client, newId);
    uploads.add([file('a.pdf')]);
    await vi.waitFor(() => expect(uploads.getState().items[0]).toMatchObject({ state: 'failed', retry: true }));
    online = true;
    uploads.retry();
    await vi.waitFor(() => expect(uploads.getState().items[0]).toMatchObject({ state: 'done' }));
  });

  it('bounds a batch by bytes, but never to nothing', () => {
    expect(nextBatch([item('a', 45_000_000), item('b', 1)])).toEqual(['a']);
    expect(nextBatch([])).toEqual([]);
  });
});
