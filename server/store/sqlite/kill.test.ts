/** kill -9 at random moments: what was acknowledged is there, what is there is whole. */
import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSqliteStore } from './create.ts';

const KILLS = 4;
const LOOP = fileURLToPath(new URL('../../../scripts/archive/commit-loop.ts', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kill-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the loop until it is killed; the lines it had written by then. */
function runAndKill(path: string, seed: number, afterMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LOOP, path, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      output += text;
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      // A last line may be cut; what is cut was not acknowledged to anybody.
      if (signal === 'SIGKILL') resolve(output.split('\n').slice(0, -1));
      else reject(new Error(`the loop ended by itself: ${signal}`));
    });
  });
}

test('every acknowledged commit survives, whole, and the log verifies', { timeout: 120_000 }, async () => {
  const path = join(folder, 'station.db');
  const acknowledged: { op: string; root: string }[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    for (const line of await runAndKill(path, round + 1, randomInt(50, 500))) {
      const [what, op = '', root = ''] = line.split(' ');
      if (what === 'ack') acknowledged.push({ op, root });
    }
  }
  expect(acknowledged.length).toBeGreaterThan(0);

  const { store, queue } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  const report = await store.verifyAudit();
  expect(report.problems).toEqual([]);
  const kept = new Map<string, Set<string>>();
  for (const { op, root } of acknowledged) {
    if (!kept.has(root)) kept.set(root, new Set((await store.opsOf(root)).map((one) => one.body.op_id)));
    expect(kept.get(root)).toContain(op);
  }
  // Projection and operations of a commit are there together or not at all; so is its job.
  const ids = await store.invoiceIds({});
  let corrected = 0;
  for (const id of ids) {
    const [invoice, ops] = [await store.invoice(id), await store.opsOf(id)];
    expect(invoice?.revision).toBe(ops.length);
    if (ops.some((op) => op.body.field === 'contractRef')) corrected += 1;
  }
  expect((await queue.counts()).waiting).toBe(corrected);
  await store.close();
});
