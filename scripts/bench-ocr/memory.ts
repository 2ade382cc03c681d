/** Resident memory of a warm worker, as the difference of whole processes: with N workers after 20 pages each, and with none. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Figures } from '../figure.ts';
import type { BenchImage } from './station.ts';

export interface MemoryOptions {
  readonly images: readonly BenchImage[];
  readonly workers: number;
  /** Pages after the first 20, for the growth; 0 measures none. */
  readonly more: number;
  readonly say: (line: string) => void;
}

interface Held {
  readonly none: number;
  readonly first: number;
  /** Medians while the first and the last pages after those were read. */
  readonly early: number;
  readonly late: number;
}

async function processWith(workers: number, more: number, images: readonly BenchImage[]): Promise<Held> {
  const script = join(import.meta.dirname, 'memory-child.ts');
  const args = [script, String(workers), String(more), ...images.map((image) => JSON.stringify(image))];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [answer, [code]] = (await Promise.all([text(child.stdout), once(child, 'exit')])) as [string, [number | null]];
  if (code !== 0) throw new Error(`the process with ${workers} workers ended with code ${code}`);
  return JSON.parse(answer) as Held;
}

export async function measureMemory({ images, workers, more, say }: MemoryOptions, figures: Figures): Promise<void> {
  const without = await processWith(0, 0, images);
  const held = await processWith(workers, more, images);
  const each = (held.first - without.none) / workers;
  say(
    `process without workers ${without.none.toFixed(0)} MB, with ${workers} after 20 A4 pages each ${held.first.toFixed(0)} MB`,
  );
  figures.atMost('ocr.rss-per-worker-mb', each, 350);
  if (more === 0) return;
  say(
    `${more} pages more each: ${held.early.toFixed(0)} MB in the first of them, ${held.late.toFixed(0)} MB in the last`,
  );
  figures.atMost('ocr.rss-growth-mb', Math.max(0, (held.late - held.early) / workers), 10);
}
