/**
 * From the request over HTTP until three things are so: the request is answered, the invoice says that its reading was cancelled, and the thread that read is
 * gone from the system. What the thread waited for a core that others had is taken off. Threads of the
 * system's own pools never end: the one that is missing is the one that read. In the middle of OCR, where no JavaScript would look at a flag.
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
  readonly progress: (line: string) => void;
}

const LOOK_MS = 2;
const TASKS = '/proc/self/task';

export async function measureCancel({ images, count, say, progress }: CancelOptions, figures: Figures): Promise<void> {
  const client = await startClient();
  const times: number[] = [];
  const answers: number[] = [];
  try {
    for (let n = 0; n < count; n += 1) {
      const bytes = Buffer.concat([readFileSync(images[n % images.length] ?? ''), Buffer.from(`\n%${n}\n`)]);
      const id = await client.takeOne(`cancel-${n}.png`, bytes);
      await until('a thread that reads', async () => ((await reads(100)) ? true : undefined));
      // Another moment of the reading each time.
      await sleep((n * 137) % 900);
      if ((await client.invoice(id)).status !== 'reading') continue;
      const threads = readdirSync(TASKS);
      const start = waitedForCores();
      let last = start;
      const from = performance.now();
      const reply = await client.request(`/api/v1/invoices/${id}/cancel`, { json: {} });
      const answered = performance.now() - from;
      answers.push(answered);
      if (reply.status !== 200) throw new Error(`cancel answered ${reply.status}`);
      const { reading } = await client.invoice(id);
      if (reading?.unreadable?.reason !== 'cancelled')
        throw new Error('the invoice does not say that it was cancelled');
      for (
        let now = waitedForCores();
        now !== undefined && threads.every((thread) => now?.has(thread));
        now = waitedForCores()
      ) {
        last = now;
        await sleep(LOOK_MS);
      }
      const gone = threads.find((thread) => !readdirSync(TASKS).includes(thread)) ?? '';
      const waited = (last?.get(gone)?.waited ?? 0) - (start?.get(gone)?.waited ?? 0);
      times.push(performance.now() - from - waited);
      progress(
        `${times.length}: ${times.at(-1)?.toFixed(0)} ms, of these ${answered.toFixed(0)} until the answer, ${waited.toFixed(0)} ms waited for a core`,
      );
    }
  } finally {
    await client.close();
  }
  say(
    `${times.length} readings cancelled: p50 ${quantile(times, 0.5).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms`,
  );
  // A reading between two of its tasks has no thread that could end: there the next thread that ends is seen, long after. Hence the median.
  figures.atMost('cancel.reported-p95-ms', quantile(answers, 0.95), 200);
  figures.atMost('cancel.thread-gone-p50-ms', quantile(times, 0.5), 200);
}

/** Whether a thread beside the main one was at work for more than a third of the last moments. */
async function reads(ms: number): Promise<boolean> {
  const before = waitedForCores();
  await sleep(ms);
  const after = waitedForCores();
  if (before === undefined || after === undefined) throw new Error('threads can be told apart on Linux only');
  return [...after].some(([id, { ran, waited }]) => {
    const was = before.get(id);
    return was !== undefined && id !== String(process.pid) && ran - was.ran + waited - was.waited > ms / 3;
  });
}
