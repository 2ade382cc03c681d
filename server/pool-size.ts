/** How many threads read at a time: a core stays free for the server and the screen, and all of them together have to fit into memory. */

/** Resident memory of a thread after many large pages, with room for a larger one (`npm run bench:ocr`). */
const THREAD_MB = 350;
/** The server itself, its database's cache, the thread that draws pages, and what else the person has open. */
const OTHERS_MB = 700;

export interface Machine {
  readonly cores: number;
  /** Memory that the process may still take, in bytes; in a container less than the machine has. */
  readonly available: number;
}

export function readingThreads({ cores, available }: Machine): number {
  const fit = Math.floor((available / 1e6 - OTHERS_MB) / THREAD_MB);
  return Math.max(1, Math.min(cores - 1, fit));
}
