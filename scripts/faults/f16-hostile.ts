/**
 * F16: hostile files. The corpus of bench:hostile, and files made of it and of plain invoices by changing them: bytes flipped, pieces cut out, doubled, moved, exchanged
 * between files, ends missing. Whatever they are, each ends as read, opened or refused, in time and in bounds, and the program lives on.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createPool } from '../../server/pool.ts';
import { invoicePdf } from '../../server/testing.ts';
import { makeHostile } from '../hostile/make.ts';
import { take } from '../hostile/take.ts';
import type { Random } from '../random.ts';
import type { Fault, FaultRun } from './fault.ts';

const WORKER = join(import.meta.dirname, '..', '..', 'worker', 'index.ts');
const ODD_WORKER = join(import.meta.dirname, '..', 'hostile', 'hanging-worker.ts');
/** A page that reaches the recogniser is ended at 60 s (SECURITY.md); a file of these is one page or two. */
const MOST_MS = 60_000;
/** By which this process, its pool with it, may have grown: it has run other faults before. */
const MOST_MB = 1_200;
/** What took so much more than all before it is named. */
const TOLD_MB = 200;
/** Larger ones are mostly the same byte many times. */
const MOST_BYTES = 2_000_000;

export const fault: Fault = {
  id: 'F16',
  what: 'hostile files',
  unit: 'files',
  short: 500,
  bugs: { 'page-hangs': ['hangs'], 'worker-throws': ['crashes'], 'memory-kept': ['grown-mb'] },
  run: faultHostile,
};

interface Source {
  readonly name: string;
  readonly bytes: Buffer;
}

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const piece = (bytes: Buffer, random: Random): { from: number; to: number } => {
  const from = random.integer(0, Math.max(0, bytes.length - 1));
  return { from, to: Math.min(bytes.length, from + random.integer(1, Math.max(1, Math.floor(bytes.length / 8)))) };
};

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    const flipped = Buffer.from(bytes);
    for (let times = random.integer(1, 40); times > 0 && flipped.length > 0; times -= 1)
      flipped[random.integer(0, flipped.length - 1)] = random.integer(0, 255);
    return flipped;
  },
  (bytes, random) => bytes.subarray(0, random.integer(0, bytes.length)),
  (bytes, random) => {
    const { from, to } = piece(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const { from, to } = piece(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, random, other) => {
    const { from, to } = piece(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), other.subarray(from, to), bytes.subarray(to)]);
  },
  // Numbers are where lengths, counts and places stand.
  (bytes, random) => {
    const text = bytes.toString('latin1');
    const odd = ['0', '-1', '4294967295', '99999999999999999999', '1e9'];
    return Buffer.from(
      text.replaceAll(/\d+/g, (number) => (random.next() < 0.05 ? random.pick(odd) : number)),
      'latin1',
    );
  },
];

async function sourcesIn(folder: string): Promise<Source[]> {
  const corpus = await makeHostile(folder);
  const plain = await Promise.all([1, 3].map((pages) => invoicePdf({ number: `H-${pages}`, pages })));
  return [
    ...corpus.map(({ file, path }) => ({ name: file, bytes: readFileSync(path) })),
    ...plain.map((bytes, at) => ({ name: `plain-${at}.pdf`, bytes: Buffer.from(bytes) })),
  ].filter(({ bytes }) => bytes.length <= MOST_BYTES);
}

function changed(sources: readonly Source[], random: Random): Source {
  const { name, bytes } = random.pick(sources);
  const other = random.pick(sources).bytes;
  let made = bytes;
  for (let times = random.integer(1, 3); times > 0; times -= 1) made = random.pick(CHANGES)(made, random, other);
  return { name, bytes: made };
}

/** What was noticed by a file that chance has made: it is there for who looks into it. */
function keepFor(n: number, path: string): string {
  const kept = join(mkdtempSync(join(tmpdir(), 'ap-hostile-')), `${n}${extname(path)}`);
  copyFileSync(path, kept);
  return kept;
}

const rssMb = (): number => process.memoryUsage.rss() / 2 ** 20;

async function faultHostile({ count, random, figures, say, bug }: FaultRun): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ap-faults-hostile-'));
  const workerFile = bug === 'page-hangs' || bug === 'worker-throws' ? ODD_WORKER : WORKER;
  const pool = createPool({ workerFile, threads: 1 });
  const found = { crashes: 0, hangs: 0, slowestMs: 0 };
  const kept: Buffer[] = [];
  const outcomes = new Map<string, number>();
  const before = rssMb();
  let mostMb = before;
  let told = before;
  const look = setInterval(() => {
    mostMb = Math.max(mostMb, rssMb());
  }, 50).unref();
  try {
    const sources = await sourcesIn(join(folder, 'corpus'));
    const made = join(folder, bug === 'page-hangs' ? 'hangs for ever' : bug === 'worker-throws' ? 'throws' : 'made');
    mkdirSync(made);
    const times = bug === undefined ? count : Math.min(count, 3);
    // A page that hangs is ended by its limit: the fault sees it as one.
    const limitMs = bug === 'page-hangs' ? 3_000 : MOST_MS;
    for (let n = 0; n < times; n += 1) {
      const plain = sources.at(-1);
      const { name, bytes } = bug === undefined || plain === undefined ? changed(sources, random) : plain;
      const path = join(made, `${n}${extname(name)}`);
      writeFileSync(path, bytes);
      if (bug === 'memory-kept') kept.push(Buffer.alloc(600 * 2 ** 20, n + 1));
      const from = performance.now();
      let outcome = '';
      try {
        const { got } = await take(pool, { file: `${n} ${name}`, path }, join(folder, 'out'), limitMs);
        outcome = got.outcome === 'unreadable' ? got.reason : got.outcome;
        if (outcome === 'timeout') {
          found.hangs += 1;
          say(`HANGS  ${n} ${name}`);
        }
      } catch (error) {
        found.crashes += 1;
        outcome = 'crash';
        say(`CRASH  ${n} ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      found.slowestMs = Math.max(found.slowestMs, performance.now() - from);
      const isOver = mostMb - before > MOST_MB && told - before <= MOST_MB;
      if (mostMb > told + TOLD_MB || isOver) {
        told = mostMb;
        say(`${Math.round(mostMb - before)} MB more since the start, after ${n} ${name}: ${outcome}`);
      }
      if (bug === undefined && (outcome === 'timeout' || outcome === 'crash' || isOver))
        say(`kept: ${keepFor(n, path)}`);
      rmSync(path, { force: true });
    }
    // After all of them a plain invoice is read as ever.
    const path = join(folder, 'after.pdf');
    writeFileSync(path, await invoicePdf({ number: 'AFTER-1' }));
    const { got, text } = await take(pool, { file: 'after.pdf', path }, join(folder, 'out'));
    say([...outcomes].map(([name, number]) => `${name} ${number}`).join(', '));
    figures.atMost('f16.crashes', found.crashes, 0);
    figures.atMost('f16.hangs', found.hangs, 0);
    figures.atMost('f16.slowest-seconds', found.slowestMs / 1_000, MOST_MS / 1_000);
    figures.atMost('f16.grown-mb', mostMb - before, MOST_MB);
    figures.atLeast('f16.reads-after', got.outcome === 'reads' && text.includes('AFTER-1') ? 1 : 0, 1);
  } finally {
    clearInterval(look);
    await pool.close();
    kept.length = 0;
    rmSync(folder, { recursive: true, force: true });
  }
}
