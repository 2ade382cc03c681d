/** One thread's share of the histories. */
import { parentPort, workerData } from 'node:worker_threads';
import { emptyTally, add, runMany } from './run.ts';

const CHUNK = 500;
const { seed, first, end, step } = workerData as { seed: number; first: number; end: number; step: number };

for (let at = first; at < end; at += CHUNK * step) {
  const tally = emptyTally();
  add(tally, runMany(seed, { first: at, end: Math.min(end, at + CHUNK * step), step }));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort?.postMessage(tally);
}
