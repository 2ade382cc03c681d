/** A process of its own with N reading threads: says what memory it holds with none, after 20 pages a thread, and after as many more as asked for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './score.ts';
import { poolOf, readImage } from './threads.ts';

const [workers, more] = process.argv.slice(2, 4).map(Number) as [number, number];
const images = process.argv.slice(4);
const FIRST = 20;

/** Between two collections of garbage the same process holds more or less. */
async function resident(): Promise<number> {
  const seen: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    await sleep(100);
    seen.push(process.memoryUsage.rss());
  }
  return median(seen) / 1e6;
}

const none = await resident();
let first = none;
let last = none;
if (workers > 0) {
  const pool = poolOf(workers);
  const read = async (count: number): Promise<void> => {
    await Promise.all(
      Array.from({ length: count * workers }, (_, i) => readImage(pool, images[i % images.length] ?? '')),
    );
  };
  await read(FIRST);
  first = await resident();
  if (more > 0) {
    await read(more);
    last = await resident();
  }
  await pool.close();
}
process.stdout.write(`${JSON.stringify({ none, first, last })}\n`);
