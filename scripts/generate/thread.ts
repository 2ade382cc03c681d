/** One thread of `npm run generate`: draws its share and posts document after document. */
import { parentPort, workerData } from 'node:worker_threads';
import { drawDocument, planDocument } from './generate.ts';
import type { Options } from './house.ts';

export interface Job {
  readonly seed: number;
  readonly indices: readonly number[];
  readonly options: Options;
}

const { seed, indices, options } = workerData as Job;
for (const index of indices) {
  // oxlint-disable-next-line no-await-in-loop, unicorn/require-post-message-target-origin -- one at a time: pictures are large; a thread has no origin
  parentPort?.postMessage({ index, drawn: await drawDocument(planDocument(seed, index, options)) });
}
