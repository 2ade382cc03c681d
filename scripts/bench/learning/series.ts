/** Generated vendors with peculiar layouts, their pages read by the real reader and kept, so that a run after a change of the memory takes seconds. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageReading } from '../../../core/contract/reading.ts';
import { createCheckpoints } from '../../../server/checkpoints.ts';
import type { Pool } from '../../../server/pool.ts';
import { drawDocument, planSeries } from '../../generate/generate.ts';
import type { Paper } from './simulate.ts';

export interface SeriesOptions {
  readonly vendors: number;
  readonly perVendor: number;
  readonly seed: number;
  /** Folder for drawn documents and the words of their pages. */
  readonly cache: string;
  /** Version of the reader: words of another one are read anew. */
  readonly reader: string;
  readonly pool: Pool;
  readonly threads: number;
  /** Every n-th vendor's papers are scans: the pages are drawn and recognised instead of their text taken. */
  readonly scannedEach: number;
  readonly progress: (done: number, of: number) => void;
}

const PAGE_MS = 120_000;
const MOST_PAGES = 6;

export async function drawnSeries(options: SeriesOptions): Promise<Paper[][]> {
  const { vendors, perVendor, seed, cache, reader, pool, scannedEach, progress } = options;
  const folder = join(cache, 'drawn');
  mkdirSync(folder, { recursive: true });
  const store = createCheckpoints(join(cache, 'words'));
  const plans = planSeries({ vendors, perVendor, seed, set: 'test' });
  const tasks = plans.flatMap((specs, v) => specs.map((spec, n) => ({ spec, v, n })));
  const series: Paper[][] = plans.map(() => []);
  let next = 0;
  let done = 0;
  const seat = async (): Promise<void> => {
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      const { spec, v, n } = task;
      const drawn = await drawDocument(spec);
      const scanned = v % scannedEach === scannedEach - 1;
      const sha = createHash('sha256').update(drawn.bytes).digest('hex');
      const path = join(folder, `${sha.slice(0, 24)}.pdf`);
      writeFileSync(path, drawn.bytes);
      const key = `${sha}-${reader}${scanned ? '-scan' : ''}`;
      const pages: PageReading[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const kept = await store.load(key, page);
        const read = kept ?? (await readPage(pool, path, page, scanned));
        if (read === undefined) break;
        if (kept === undefined) await store.save(key, read);
        pages.push(read);
      }
      (series[v] as Paper[])[n] = {
        name: `${v + 1}/${n + 1}`,
        vendor: `vendor ${v + 1}`,
        scanned,
        pages,
        truth: drawn.truth,
      };
      progress(++done, tasks.length);
    }
  };
  await Promise.all(Array.from({ length: options.threads }, seat));
  return series;
}

/** Undefined past the last page. */
async function readPage(pool: Pool, path: string, page: number, forceOcr: boolean): Promise<PageReading | undefined> {
  const input = { path, type: 'pdf' as const, page, languages: ['eng', 'deu', 'fra'], forceOcr };
  const outcome = await pool.run('readPage', input, { timeoutMs: PAGE_MS });
  return outcome.kind === 'page' ? outcome.page : undefined;
}
