/**
 * From the request over HTTP until three things are so: the request is answered, the invoice says that its reading was cancelled, and the thread that read is
 * gone from the system. In the middle of OCR, where no JavaScript would look at a flag.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startClient, until } from '../../server/testing-client.ts';
import type { Figures } from '../figure.ts';
import { waitedForCores } from './cpu.ts';
import { quantile } from './score.ts';

export interface CancelOptions {
  readonly images: readonly string[];
  readonly count: number;
  readonly say: (line: string) => void;
}

const LOOK_MS = 2;

export async function measureCancel({ images, count, say }: CancelOptions, figures: Figures): Promise<void> {
  const client = await startClient();
  const times: number[] = [];
  try {
    for (let n = 0; n < count; n += 1) {
      const bytes = Buffer.concat([readFileSync(images[n % images.length] ?? ''), Buffer.from(`\n%${n}\n`)]);
      const id = await client.takeOne(`cancel-${n}.png`, bytes);
      const reader = await until('a thread that reads', async () => busiest(100));
      // Another moment of the reading each time.
      await sleep((n * 137) % 900);
      if ((await client.invoice(id)).status !== 'reading') continue;
      const from = performance.now();
      const reply = await client.request(`/api/v1/invoices/${id}/cancel`, { json: {} });
      if (reply.status !== 200) throw new Error(`cancel answered ${reply.status}`);
      const { reading } = await client.invoice(id);
      if (reading?.unreadable?.reason !== 'cancelled')
        throw new Error('the invoice does not say that it was cancelled');
      while (isThere(reader)) await sleep(LOOK_MS);
      times.push(performance.now() - from);
    }
  } finally {
    await client.close();
  }
  say(
    `${times.length} readings cancelled: p50 ${quantile(times, 0.5).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms`,
  );
  figures.atMost('cancel.p95-ms', quantile(times, 0.95), 200);
}

const isThere = (thread: string): boolean => readdirSync('/proc/self/task').includes(thread);

/** The thread that used most of the last moments, where that was more than a third: the one that reads. The main thread only waits. */
async function busiest(ms: number): Promise<string | undefined> {
  const before = waitedForCores();
  await sleep(ms);
  const after = waitedForCores();
  if (before === undefined || after === undefined) throw new Error('threads can be told apart on Linux only');
  const main = String(process.pid);
  const spent = [...after]
    .filter(([id]) => id !== main && before.has(id))
    .map(([id, { ran, waited }]) => {
      const was = before.get(id) ?? { ran: 0, waited: 0 };
      return { id, busy: ran - was.ran + waited - was.waited };
    })
    .toSorted((a, b) => b.busy - a.busy);
  const [first] = spent;
  return first !== undefined && first.busy > ms / 3 ? first.id : undefined;
}
