/** How much two workers do more than one: the same pages through pools of one and two threads in turn. */
import { createThreads, type Threads } from '../../server/threads.ts';
import { sourceWorker } from '../../server/station.ts';
import type { Figures } from '../figure.ts';
import { waitedForCores } from './cpu.ts';
import { median } from './score.ts';
import { asStation, type BenchImage } from './station.ts';

export interface ThreadsOptions {
  readonly images: readonly BenchImage[];
  readonly rounds: number;
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
}

const HEAP_MB = 1_024;
export const poolOf = (threads: number): Threads =>
  createThreads({ workerFile: sourceWorker(), threads, heapMb: HEAP_MB });

export async function readImage(threads: Threads, { path, language }: BenchImage): Promise<void> {
  const message = { name: 'readPage' as const, input: asStation(path, language) };
  const outcome = (await threads.run({ message, rank: 0 })) as { kind: string };
  if (outcome.kind !== 'page') throw new Error(`${path}: ${JSON.stringify(outcome)}`);
}

/** Milliseconds for all pages: on the clock, and on the clock without what the readers waited for cores that others had. */
async function timeOf(
  pool: Threads,
  images: readonly BenchImage[],
  workers: number,
): Promise<{ wall: number; fair: number }> {
  const before = waitedForCores();
  const from = performance.now();
  await Promise.all(images.map((image) => readImage(pool, image)));
  const wall = performance.now() - from;
  const after = waitedForCores();
  if (before === undefined || after === undefined) return { wall, fair: wall };
  // The readers are the threads that ran most.
  const spent = [...after].map(([id, { ran, waited }]) => {
    const was = before.get(id) ?? { ran: 0, waited: 0 };
    return { ran: ran - was.ran, waited: waited - was.waited };
  });
  const readers = spent.toSorted((a, b) => b.ran - a.ran).slice(0, workers);
  const waited = readers.reduce((sum, one) => sum + one.waited, 0) / workers;
  return { wall, fair: wall - waited };
}

export async function measureThreads(
  { images, rounds, say, progress }: ThreadsOptions,
  figures: Figures,
): Promise<void> {
  const one = poolOf(1);
  const two = poolOf(2);
  // Each page twice in a row: two workers get the same one at a time and end together.
  const work = images.flatMap((image) => [image, image]);
  try {
    // Engines that are warm.
    await Promise.all([timeOf(one, work.slice(0, 1), 1), timeOf(two, work.slice(0, 2), 2)]);
    const ratios: { wall: number; fair: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const single = await timeOf(one, work, 1);
      const double = await timeOf(two, work, 2);
      ratios.push({ wall: single.wall / double.wall, fair: single.fair / double.fair });
      progress(
        `round ${round + 1}: clock ${ratios.at(-1)?.wall.toFixed(2)}, without waiting for cores ${ratios.at(-1)?.fair.toFixed(2)}`,
      );
    }
    say(
      `two workers / one on the clock: median ${median(ratios.map(({ wall }) => wall)).toFixed(2)}, best ${Math.max(...ratios.map(({ wall }) => wall)).toFixed(2)}`,
    );
    figures.atLeast('ocr.two-workers-to-one-ratio', median(ratios.map(({ fair }) => fair)), 1.8);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}
