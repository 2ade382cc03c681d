/** Vendors of a benchmark folder that have three documents or more, with the words of their pages as kept by the extraction's bench. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createCheckpoints } from '../../../server/checkpoints.ts';
import type { PageReading } from '../../../core/contract/reading.ts';
import { vendorKey } from '../../../core/invoice/ids.ts';
import { alternatives, isKnown } from '../score/rules.ts';
import type { Paper, Truth } from './simulate.ts';

type Line = Truth & { readonly file: string };

const MANY = 3;

export async function keptPapers(dir: string, cache: string, reader: string): Promise<Paper[][]> {
  const lines = readFileSync(join(dir, 'truth.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line);
  const vendors = new Map<string, Line[]>();
  for (const line of lines) {
    const name = line.vendorName;
    const key = name === undefined || !isKnown(name) ? null : vendorKey(String(alternatives(name)[0]), null);
    if (key !== null) vendors.set(key, [...(vendors.get(key) ?? []), line]);
  }
  const store = createCheckpoints(cache);
  const series: Paper[][] = [];
  for (const [vendor, own] of vendors) {
    if (own.length < MANY) continue;
    const papers: Paper[] = [];
    for (const line of own.toSorted((a, b) => (a.file < b.file ? -1 : 1))) {
      const sha = createHash('sha256')
        .update(readFileSync(join(dir, line.file)))
        .digest('hex');
      const pages: PageReading[] = [];
      for (let page = 1; ; page += 1) {
        const kept = await store.load(`${sha}-${reader}`, page);
        if (kept === undefined) break;
        pages.push(kept);
      }
      if (pages.length > 0) papers.push({ name: basename(line.file), vendor, pages, truth: line });
    }
    series.push(papers);
  }
  return series;
}
