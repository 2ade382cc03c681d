/** Digital PDFs and e-invoices: how long a person waits for words and fields, with warm engines. The best of three runs of each document counts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PageReading } from '../../core/contract/reading.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../core/contract/tasks.ts';
import run from '../../worker/index.ts';
import { closePdf } from '../../worker/pdf/open.ts';
import { xmlKind } from '../../worker/xml-kind.ts';
import type { Figures } from '../figure.ts';
import { digitalPdfs, spread } from './pages.ts';
import { quantile } from './score.ts';

export interface LatencyOptions {
  readonly dir: string | undefined;
  readonly count: number;
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
}

const RUNS = 3;
/** Steps that look for more than words and fields: timed and told apart. */
const APART = /code|trust|check/i;

const task = async <N extends TaskName>(name: N, input: TaskInput<N>): Promise<TaskOutput<N>> =>
  (await run({ name, input })) as TaskOutput<N>;

const now = (): number => performance.now();
const apartOf = (ms: Readonly<Record<string, number>>): number =>
  Object.entries(ms).reduce((sum, [stage, spent]) => (APART.test(stage) ? sum + spent : sum), 0);

interface Times {
  readonly words: readonly number[];
  readonly fields: number;
  readonly apart: number;
}

export async function measureLatency({ dir, count, say, progress }: LatencyOptions, figures: Figures): Promise<void> {
  const words: number[] = [];
  const fields: number[] = [];
  const apart: number[] = [];
  const paths = spread(digitalPdfs(dir), count);
  for (const path of paths.slice(0, 3)) await readPdf(path);
  for (const path of paths) {
    const runs: (Times | undefined)[] = [];
    for (let i = 0; i < RUNS; i += 1) runs.push(await readPdf(path));
    const good = runs.filter((one) => one !== undefined);
    if (good.length < RUNS) continue;
    const pages = good[0]?.words.length ?? 0;
    for (let page = 0; page < pages; page += 1) words.push(Math.min(...good.map((one) => one.words[page] ?? Infinity)));
    fields.push(Math.min(...good.map((one) => one.fields)));
    apart.push(Math.min(...good.map((one) => one.apart)));
    progress(`${basename(path)}: fields ${fields.at(-1)?.toFixed(0)} ms`);
  }
  say(
    `${fields.length} digital PDFs, ${words.length} pages; payment codes and trust p95 ${quantile(apart, 0.95).toFixed(0)} ms a document, told apart`,
  );
  figures.atMost('pdf.words-p50-ms', quantile(words, 0.5), 40);
  figures.atMost('pdf.words-p95-ms', quantile(words, 0.95), 120);
  say(`PDF to fields, whole documents: p50 ${quantile(fields, 0.5).toFixed(0)} ms`);
  figures.atMost('pdf.fields-p95-ms', quantile(fields, 0.95), 200);
  await measureXml(dir, count, say, figures);
}

/** undefined where a page is a picture: that is the business of OCR. */
async function readPdf(path: string): Promise<Times | undefined> {
  await closePdf();
  const inspected = await task('inspect', { path, name: basename(path) });
  if (inspected.kind !== 'document') return undefined;
  await closePdf();
  const from = now();
  let apart = 0;
  const words: number[] = [];
  const pages: PageReading[] = [];
  for (let page = 1; page <= inspected.pages; page += 1) {
    const start = now();
    const read = await task('readPage', { path, type: 'pdf', page, languages: ['eng'] });
    if (read.kind !== 'page' || read.page.source !== 'text') return undefined;
    const beside = apartOf(read.ms);
    words.push(now() - start - beside);
    apart += beside;
    pages.push(read.page);
  }
  const read = await task('extract', { path, type: 'pdf', document: '0', pages });
  if (read.kind !== 'reading') return undefined;
  apart += apartOf(read.ms);
  return { words, fields: now() - from - apart, apart };
}

async function measureXml(dir: string | undefined, count: number, say: (line: string) => void, figures: Figures) {
  const files = spread(xmlFiles(dir), count);
  if (files.length === 0) return say('no e-invoice XML here: not measured');
  const times: number[] = [];
  for (const path of [...files.slice(0, 3), ...files]) {
    const each: number[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      const start = now();
      await task('extract', { path, type: 'xml', document: '0', pages: [] });
      each.push(now() - start);
    }
    times.push(Math.min(...each));
  }
  say(`${files.length} e-invoice XML files: p50 ${quantile(times, 0.5).toFixed(1)} ms`);
  figures.atMost('xml.fields-p95-ms', quantile(times, 0.95), 100);
}

/** In the folder itself, in the folder of e-invoices beside it, or the sample. */
function xmlFiles(dir: string | undefined): string[] {
  const samples = join(import.meta.dirname, '..', '..', 'resources', 'samples');
  const folders = dir === undefined ? [samples] : [dir, join(dirname(dir), 'einvoice', basename(dir)), samples];
  for (const folder of folders.filter((one) => existsSync(one))) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.xml'))
      .toSorted()
      .map((file) => join(folder, file))
      .filter((file) => xmlKind(new Uint8Array(readFileSync(file))).kind === 'einvoice');
    if (files.length > 0) return files;
  }
  return [];
}
