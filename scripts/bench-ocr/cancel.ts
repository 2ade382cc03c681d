/**
 * From the request over HTTP until three things are so: the request is answered, the invoice says that its reading was cancelled, and the thread that read has
 * ended. In the middle of OCR, where no JavaScript would look at a flag, and between two tasks, where no thread reads: there the one that did must stay idle.
 * What a thread waited for a core that others had is taken off.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
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

type Client = Awaited<ReturnType<typeof startClient>>;

/** What one cancel took, in milliseconds. */
interface Cancelled {
  readonly answered: number;
  /** Until the last thread that was told to end had ended; undefined where none was at work. */
  readonly gone: number | undefined;
  readonly waited: number;
}

const LOOK_MS = 2;
const MAIN = String(process.pid);
const MOST_MS = 60_000;
const LOOK_AT_MS = 100;
const TASKS = '/proc/self/task';
/** So long a thread that was left alone is watched; a twentieth of it is what an idle thread may do. */
const IDLE_MS = 400;

export async function measureCancel({ images, count, say, progress }: CancelOptions, figures: Figures): Promise<void> {
  const threads = watchThreads();
  const client = await startClient();
  const all: Cancelled[] = [];
  try {
    for (let n = 0; all.length < count && n < 3 * count; n += 1) {
      const bytes = Buffer.concat([readFileSync(images[n % images.length] ?? ''), Buffer.from(`\n%${n}\n`)]);
      // A thread that stands in for the last one loads its engine first.
      await until('idle threads', async () =>
        (await threads.busiest(LOOK_AT_MS)).ms < LOOK_AT_MS / 20 ? true : undefined,
      );
      const id = await client.takeOne(`cancel-${n}.png`, bytes);
      const reader = await until('a thread that reads', async () => {
        const { worker, ms } = await threads.busiest(LOOK_AT_MS);
        return ms > LOOK_AT_MS / 2 ? worker : undefined;
      });
      // Another moment of the reading each time.
      await sleep((n * 137) % 900);
      if ((await client.invoice(id)).status !== 'reading') continue;
      const one = await cancel(client, threads, reader, id);
      all.push(one);
      const { answered, gone, waited } = one;
      const end = gone === undefined ? 'no thread was at work' : `${gone.toFixed(0)} until its thread had ended`;
      progress(
        `${all.length}: ${answered.toFixed(0)} ms until the answer, ${end}, ${waited.toFixed(0)} waited for a core`,
      );
    }
  } finally {
    await client.close();
    threads.close();
  }
  const ended = all.flatMap(({ gone }) => gone ?? []);
  const answers = all.map(({ answered }) => answered);
  say(
    `${all.length} readings cancelled, ${ended.length} of them with a thread at work: ended after p50 ${quantile(ended, 0.5).toFixed(0)} ms, longest ${Math.max(...ended).toFixed(0)} ms`,
  );
  figures.atMost('cancel.reported-p95-ms', quantile(answers, 0.95), 200);
  figures.atMost('cancel.thread-gone-p95-ms', quantile(ended, 0.95), 200);
}

async function cancel(client: Client, threads: Threads, reader: Worker, id: string): Promise<Cancelled> {
  const before = new Set(readdirSync(TASKS));
  const start = waitedForCores();
  const from = performance.now();
  const told = threads.toldSince(from);
  const reply = await client.request(`/api/v1/invoices/${id}/cancel`, { json: {} });
  const after = waitedForCores();
  const answered = performance.now() - from - waitOf(MAIN, start, after);
  if (reply.status !== 200) throw new Error(`cancel answered ${reply.status}`);
  const { reading } = await client.invoice(id);
  if (reading?.unreadable?.reason !== 'cancelled') throw new Error('the invoice does not say that it was cancelled');
  let last = waitedForCores();
  while (told().some(({ ended }) => ended === undefined)) {
    if (performance.now() - from > MOST_MS) throw new Error('a thread that was told to end did not');
    last = waitedForCores() ?? last;
    await sleep(LOOK_MS);
  }
  if (told().length === 0) {
    const used = await reader.cpuUsage();
    await sleep(IDLE_MS);
    const { user, system } = await reader.cpuUsage(used);
    const busy = (user + system) / 1_000;
    if (busy > IDLE_MS / 20) throw new Error(`the thread went on for ${busy.toFixed(0)} ms after the cancel`);
    return { answered, gone: undefined, waited: 0 };
  }
  const left = new Set(readdirSync(TASKS));
  // The main thread takes the request and hears of the end, the other one ends in between: they may have waited at the same time, so only the longer wait counts.
  const waits = [MAIN, ...[...before].filter((thread) => !left.has(thread))].map((thread) =>
    waitOf(thread, start, last),
  );
  const waited = Math.max(...waits);
  const gone = Math.max(...told().map(({ ended }) => (ended ?? from) - from));
  return { answered, gone: Math.max(0, gone - waited), waited };
}

type Waits = ReturnType<typeof waitedForCores>;

const waitOf = (thread: string, from: Waits, to: Waits): number =>
  (to?.get(thread)?.waited ?? 0) - (from?.get(thread)?.waited ?? 0);

interface Ending {
  readonly at: number;
  ended: number | undefined;
}

interface Threads {
  /** Threads told to end from then on. */
  toldSince(from: number): () => Ending[];
  /** The thread that does most in so many milliseconds. */
  busiest(ms: number): Promise<{ worker: Worker; ms: number }>;
  close(): void;
}

/** Every worker thread of the process, from its start. */
function watchThreads(): Threads {
  const there = new Set<Worker>();
  const endings: Ending[] = [];
  const onWorker = (message: unknown): void => {
    const { worker } = message as { worker: Worker };
    there.add(worker);
    let ending: Ending | undefined;
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      there.delete(worker);
      ending ??= { at: performance.now(), ended: undefined };
      endings.push(ending);
      return terminate();
    };
    worker.once('exit', () => {
      there.delete(worker);
      if (ending !== undefined) ending.ended = performance.now();
    });
  };
  subscribe('worker_threads', onWorker);
  return {
    toldSince: (from) => () => endings.filter(({ at }) => at >= from),
    async busiest(ms) {
      const all = await Promise.all([...there].map(async (worker) => ({ worker, ms: await activeIn(worker, ms) })));
      const [first] = all.toSorted((x, y) => y.ms - x.ms);
      if (first === undefined) throw new Error('there are no threads');
      return first;
    },
    close: () => void unsubscribe('worker_threads', onWorker),
  };
}

async function activeIn(worker: Worker, ms: number): Promise<number> {
  const before = worker.performance.eventLoopUtilization();
  await sleep(ms);
  return worker.performance.eventLoopUtilization(before).active;
}
