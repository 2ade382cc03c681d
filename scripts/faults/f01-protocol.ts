/** F1: the protocol through random histories on a virtual clock and network (`npm run sim:sync`, which plants its own errors and notices them). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Fault, FaultRun } from './fault.ts';

/** Of a planted error: histories until it has to be noticed. Some show in one of several hundred only; it stops at the first. */
const NOTICE = '5000';
const SCRIPT = join(import.meta.dirname, '..', 'sim-sync.ts');

export const fault: Fault = {
  id: 'F1',
  what: 'drops, duplicates, reordering, crashes, rollbacks, destroyed desktops, on a virtual clock and network',
  unit: 'histories',
  short: 5_000,
  bugs: {},
  run: faultProtocol,
};

async function faultProtocol({ count, random, figures, say, signal }: FaultRun): Promise<void> {
  const seed = String(random.integer(1, 999_999));
  const args = [SCRIPT, '--histories', String(count), '--seed', seed, '--notice', NOTICE];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], signal });
  createInterface({ input: child.stdout }).on('line', say);
  const [code] = (await once(child, 'close')) as [number | null];
  figures.atMost('f1.exit-code', code ?? 1, 0);
}
