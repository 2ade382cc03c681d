/**
 * F3: strace beside the station while it saves. Between a save and its acknowledgement the write-ahead log of its database must have been synced to the disk, and
 * the system must have said that it was.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createArchive } from '../archive/invoices.ts';
import { brokenBy } from './broken.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createLives } from './lives.ts';
import { prepared } from './office.ts';
import { nextSave, send } from './saver.ts';

const INVOICES = 3;
/** strace and the clock of this process tell the time in different steps. */
const STEP_MS = 1;

function noStrace(): string | undefined {
  if (process.platform !== 'linux') return 'strace is a program of Linux';
  const { error, status, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', process.execPath, '--version'], {
    encoding: 'utf8',
  });
  if (error !== undefined) return "no strace here (Debian's package strace)";
  return status === 0 ? undefined : `strace may not look at a process here: ${stderr.trim()}`;
}

export const fault: Fault = {
  id: 'F3',
  what: 'every acknowledged save was synced to the disk before (strace)',
  unit: 'saves',
  short: 20,
  missing: noStrace,
  bugs: { 'told-before-commit': ['fewest-fsyncs-before-acknowledgement'] },
  run: faultFsync,
};

interface Sync {
  /** ms since 1970, when the system was asked. */
  readonly at: number;
  /** When it had answered. */
  readonly done: number;
  readonly file: string;
}

const WHOLE = /^\d+ +(\d+\.\d+) (?:fsync|fdatasync)\(\d+<([^>]*)>\) += 0 <(\d+\.\d+)>/;
const BEGUN = /^(\d+) +(\d+\.\d+) (?:fsync|fdatasync)\(\d+<([^>]*)> <unfinished/;
const ENDED = /^(\d+) +\d+\.\d+ <\.\.\. (?:fsync|fdatasync) resumed>\) += 0 <(\d+\.\d+)>/;

/** Of `strace -f -ttt -T -y`: those that succeeded, whether or not another thread came in between. */
function syncsOf(trace: string): Sync[] {
  const open = new Map<string, { at: number; file: string }>();
  const found: Sync[] = [];
  const add = (at: number, file: string, seconds: string): void =>
    void found.push({ at: at * 1_000, done: (at + Number(seconds)) * 1_000, file });
  for (const line of trace.split('\n')) {
    const [whole, begun, ended] = [WHOLE.exec(line), BEGUN.exec(line), ENDED.exec(line)];
    if (whole !== null) add(Number(whole[1]), whole[2] ?? '', whole[3] ?? '');
    if (begun !== null) open.set(begun[1] ?? '', { at: Number(begun[2]), file: begun[3] ?? '' });
    const before = ended === null ? undefined : open.get(ended[1] ?? '');
    if (ended !== null && before !== undefined) {
      add(before.at, before.file, ended[2] ?? '');
      open.delete(ended[1] ?? '');
    }
  }
  return found;
}

const now = (): number => performance.timeOrigin + performance.now();

async function faultFsync({ count, random, figures, say, bug }: FaultRun): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'ap-fsync-'));
  const trace = join(data, 'trace');
  const under = ['strace', '-f', '-ttt', '-T', '-y', '-e', 'trace=fsync,fdatasync', '-o', trace];
  const lives = createLives({ data, threads: 1, under, ...brokenBy(bug) });
  try {
    await prepared(data, createArchive(random.integer(1, 1_000)), INVOICES);
    const child = await lives.begin();
    const saves: { from: number; to: number }[] = [];
    // What the start itself still writes is no proof of anything.
    await sleep(1_500);
    for (let n = 0; n < count; n += 1) {
      const save = await nextSave(child, random);
      if (typeof save === 'string') throw new Error(`no save: ${save}`);
      const from = now();
      if (!(await send(child, save))) throw new Error('a save got no answer');
      saves.push({ from, to: now() });
      await sleep(random.integer(0, 30));
    }
    await lives.over();
    const syncs = syncsOf(readFileSync(trace, 'utf8')).filter(({ file }) => file.endsWith('station.db-wal'));
    const counts = saves.map(
      ({ from, to }) => syncs.filter((sync) => sync.at >= from - STEP_MS && sync.done <= to + STEP_MS).length,
    );
    say(`${saves.length} saves; fsyncs of the write-ahead log before each was acknowledged: ${counts.join(' ')}`);
    figures.atLeast('f3.saves', saves.length, count);
    figures.atLeast('f3.fewest-fsyncs-before-acknowledgement', Math.min(...counts), 1);
  } finally {
    await lives.over();
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}
