/**
 * A process of its own with N reading threads: says what memory it holds with none, after 20 pages a thread, and while it reads as many more as asked for. An engine
 * lives for 40 pages and is garbage then, which is collected some time later: the first 40 and the last 40 pages are compared, not two moments.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './score.ts';
import type { BenchImage } from './station.ts';
import { poolOf, readImage } from './threads.ts';

const [workers, more] = process.argv.slice(2, 4).map(Number) as [number, number];
const images = process.argv.slice(4).map((image) => JSON.parse(image) as BenchImage);
const FIRST = 20;
const STEP = 5;
const ENGINE = 40;

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
let early = none;
let late = none;
if (workers > 0) {
  const pool = poolOf(workers);
  const read = async (count: number): Promise<void> => {
    const work = Array.from({ length: count * workers }, (_, i) => images[i % images.length]);
    await Promise.all(work.filter((image) => image !== undefined).map((image) => readImage(pool, image)));
  };
  await read(FIRST);
  first = await resident();
  const seen: number[] = [];
  for (let pages = STEP; pages <= more; pages += STEP) {
    await read(STEP);
    seen.push(await resident());
  }
  if (seen.length > 0) [early, late] = [median(seen.slice(0, ENGINE / STEP)), median(seen.slice(-ENGINE / STEP))];
  await pool.close();
}
process.stdout.write(`${JSON.stringify({ none, first, early, late })}\n`);
