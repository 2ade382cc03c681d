import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../cli.ts';
import { addReads, newRoot } from '../queue/testing-site.ts';
import { createSqliteStore } from '../store/sqlite/create.ts';
import type { Surroundings } from './command.ts';
import { runJobs, type Wish } from './jobs.ts';

const say = (): void => undefined;
function around(cwd: string): { surroundings: Surroundings; out: () => string } {
  let out = '';
  const print = (text: string): void => void (out += text);
  return {
    surroundings: { env: { AP_THREADS: '1' }, cwd, out: print, say, signal: new AbortController().signal },
    out: () => out,
  };
}

test('jobs that were given up are listed, tried again and removed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-jobs-'));
  const path = join(folder, 'own', 'station.db');
  const made = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  await addReads(made, [newRoot(), newRoot(), newRoot()]);
  for (let n = 0; n < 3; n += 1) {
    const job = await made.queue.claim(['read'], 1_000);
    if (job !== undefined) await made.queue.fail(job, 'E_BROKEN', { retry: false });
  }
  const jobs = async (what: string, wish: Partial<Wish> = {}): Promise<[number, string]> => {
    const { surroundings, out } = around(folder);
    const code = await runJobs(made.queue, what, { ids: [], all: false, before: undefined, ...wish }, surroundings);
    return [code, out()];
  };
  const [, listed] = await jobs('dead');
  const lines = listed.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^[0-9a-f-]{36}\t[\d:.TZ-]+\t1\tread\t[0-9a-f-]{36}\tE_BROKEN$/);
  const [one = '', two = ''] = lines.map((line) => line.split('\t')[0] ?? '');
  expect(await jobs('replay', { ids: [one] })).toEqual([0, `${one}\twaiting\n`]);
  expect(await jobs('replay', { ids: [one] })).toEqual([1, `${one}\tgone\n`]);
  expect(await jobs('purge', { ids: [two] })).toEqual([0, '1 purged\n']);
  expect(await jobs('purge', { before: '2026-01-01T00:00:00.000Z' })).toEqual([0, '0 purged\n']);
  await expect(jobs('purge')).rejects.toThrow('say --all');
  expect(await jobs('replay', { all: true })).toEqual([0, '1 replayed, 0 superseded\n']);
  await made.store.close();

  const { surroundings, out } = around(folder);
  expect(await runCli(['jobs', 'bury', '--data', folder], surroundings)).toBe(2);
  expect([await runCli(['jobs', 'dead', '--data', folder], surroundings), out()]).toEqual([0, '']);
  rmSync(folder, { recursive: true });
});
