/** Reads a sample with the product's own worker tasks, in this thread. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Reading } from '../../core/contract/reading.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../core/contract/tasks.ts';
import run from '../../worker/index.ts';

async function task<N extends TaskName>(name: N, input: TaskInput<N>): Promise<TaskOutput<N>> {
  return (await run({ name, input })) as TaskOutput<N>;
}

export async function readSample(path: string, languages: string[] = ['eng', 'deu']): Promise<Reading> {
  const name = basename(path);
  const inspected = await task('inspect', { path, name });
  if (inspected.kind !== 'document') throw new Error(`${name}: ${inspected.reason} (${inspected.detail})`);
  if (inspected.type === 'mail') return readAttachment(path, name, languages);
  const pages = [];
  for (let page = 1; inspected.type !== 'xml' && page <= inspected.pages; page++) {
    const read = await task('readPage', { path, type: inspected.type, page, languages });
    if (read.kind !== 'page') throw new Error(`${name}, page ${page}: ${read.reason} (${read.detail})`);
    pages.push(read.page);
  }
  const document = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const extracted = await task('extract', { path, type: inspected.type, document, pages });
  if (extracted.kind !== 'reading') throw new Error(`${name}: ${extracted.reason} (${extracted.detail})`);
  return extracted.reading;
}

async function readAttachment(path: string, name: string, languages: string[]): Promise<Reading> {
  const outDir = await mkdtemp(join(tmpdir(), 'sample-'));
  try {
    const expanded = await task('expand', { path, name, outDir });
    const member = expanded.kind === 'expanded' ? expanded.members.find((one) => one.name.endsWith('.pdf')) : undefined;
    if (member === undefined) throw new Error(`${name}: no attachment`);
    return await readSample(member.path, languages);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
