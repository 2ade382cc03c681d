/** `npm run generate`: a set of documents with their truth and the boxes of every value, drawn by several threads, written in order. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Options } from './house.ts';
import { type Drawn, type Family, type Kind, KINDS, type Language } from './model.ts';
import type { Job } from './thread.ts';

const USAGE = `Usage: npm run generate -- --out DIR [--count N] [--seed S] [--from INDEX] [--set train|test] [--kinds KIND=WEIGHT,...] [--family NAME] [--language CODE] [--threads N]
Kinds: ${KINDS.join(', ')}. Writes DIR/documents, DIR/truth.jsonl and DIR/boxes.jsonl; the same seed gives the same set.
`;

interface Arguments {
  readonly out: string;
  readonly threads: number;
  readonly job: Omit<Job, 'indices'>;
  readonly indices: readonly number[];
}

function kindsOf(text: string): NonNullable<Options['kinds']> {
  const pairs = text.split(',').map((part) => part.split('='));
  const unknown = pairs.find(([kind]) => !KINDS.includes(kind as Kind));
  if (unknown) refuse(`There is no kind "${unknown[0] ?? ''}".`);
  return Object.fromEntries(pairs.map(([kind = '', weight = '1']) => [kind, Number(weight)]));
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n${USAGE}`);
  process.exit(2);
}

function readArguments(): Arguments {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      out: text,
      count: text,
      seed: text,
      from: text,
      set: text,
      kinds: text,
      family: text,
      language: text,
      threads: text,
    },
  });
  if (values.out === undefined) refuse('Say where to write.');
  if (values.set !== undefined && values.set !== 'train' && values.set !== 'test')
    refuse(`There is no set "${values.set}".`);
  const options: Options = {
    set: values.set ?? 'train',
    ...(values.kinds !== undefined && { kinds: kindsOf(values.kinds) }),
    ...(values.family !== undefined && { family: values.family as Family }),
    ...(values.language !== undefined && { language: values.language as Language }),
  };
  const [count, from] = [Number(values.count ?? 100), Number(values.from ?? 1)];
  return {
    out: resolve(values.out),
    threads: Math.min(Number(values.threads ?? 2), Math.ceil(count / 8)),
    job: { seed: Number(values.seed ?? 1), options },
    indices: Array.from({ length: count }, (_, i) => from + i),
  };
}

/** Hands the drawn documents on in the order of their numbers, whichever thread was first. */
function inOrder(indices: readonly number[], write: (drawn: Drawn) => void): (index: number, drawn: Drawn) => void {
  const waiting = new Map<number, Drawn>();
  let next = 0;
  return (index, drawn) => {
    waiting.set(index, drawn);
    for (let at = indices[next]; at !== undefined && waiting.has(at); at = indices[++next]) {
      write(waiting.get(at) as Drawn);
      waiting.delete(at);
    }
  };
}

async function main(): Promise<void> {
  const { out, threads, job, indices } = readArguments();
  mkdirSync(join(out, 'documents'), { recursive: true });
  const [truthFile, boxesFile] = [join(out, 'truth.jsonl'), join(out, 'boxes.jsonl')];
  for (const file of [truthFile, boxesFile]) writeFileSync(file, '');
  const take = inOrder(indices, ({ file, bytes, truth, boxes }) => {
    writeFileSync(join(out, file), bytes);
    appendFileSync(truthFile, `${JSON.stringify(truth)}\n`);
    appendFileSync(boxesFile, `${JSON.stringify({ file, boxes })}\n`);
  });
  const draw = (part: number): Promise<void> =>
    new Promise((done, fail) => {
      const mine = indices.filter((_, i) => i % threads === part);
      const worker = new Worker(new URL('thread.ts', import.meta.url), {
        workerData: { ...job, indices: mine } satisfies Job,
      });
      worker.on('message', ({ index, drawn }: { index: number; drawn: Drawn }) => take(index, drawn));
      worker.on('error', fail);
      worker.on('exit', (code) => (code === 0 ? done() : fail(new Error(`A thread ended with ${code}.`))));
    });
  await Promise.all(Array.from({ length: threads }, (_, part) => draw(part)));
  process.stdout.write(`${indices.length} documents in ${out}\n`);
}

await main();
