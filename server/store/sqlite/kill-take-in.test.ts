/** kill -9 while pages of the site's log are taken in: cursor and operations are of one piece, and nothing that was on disk is lost. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSiteLog } from '../testing-site-log.ts';
import { born, closeAll, database, open, pushAll, SITE } from './testing-sync.ts';

const LOOP = fileURLToPath(new URL('../../../scripts/archive/take-in-loop.ts', import.meta.url));
const INVOICES = 30;
const MOST_KILLS = 6;

afterEach(closeAll);

/** What it had said when it was killed, or when it was through. */
function run(path: string, pages: string, afterMs: number): Promise<{ at: number; all: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LOOP, path, pages], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const lines = output.split('\n').slice(0, -1);
      const at = Number(lines.findLast((line) => line.startsWith('at '))?.slice(3) ?? 0);
      if (signal === 'SIGKILL' || code === 0) resolve({ at, all: lines.includes('all') });
      else reject(new Error(`the loop ended with ${code}`));
    });
  });
}

test('a page is there with its cursor, or not at all', { timeout: 120_000 }, async () => {
  const source = await database();
  const archive = createArchive(31);
  const log = createSiteLog(SITE);
  for (let n = 0; n < INVOICES; n += 1) await born(source, archive.next());
  await pushAll(source, log);
  const pages = join(source.folder, 'pages.json');
  writeFileSync(pages, JSON.stringify(log.ops.map((_, at) => log.page(at, 1))));

  const target = await database();
  const path = join(target.folder, 'station.db');
  await target.store.close();
  open.splice(
    open.findIndex(({ folder }) => folder === target.folder),
    1,
  );
  let all = false;
  for (let kills = 0; !all; kills += 1) {
    const ended = await run(path, pages, kills < MOST_KILLS ? randomInt(5, 60) : 100_000);
    ({ all } = ended);
    const db = new Database(path, { readonly: true });
    const one = (sql: string): number => Number(db.prepare(sql).pluck().get() ?? 0);
    const cursor = one('SELECT cursor FROM sync_state');
    expect(cursor).toBeGreaterThanOrEqual(ended.at);
    expect(one('SELECT count(*) FROM op_log')).toBe(cursor);
    expect(one('SELECT count(*) FROM op_value')).toBe(cursor);
    // Of each reading, and of nothing else, the bytes are wanted.
    expect(one("SELECT count(*) FROM sync_blob WHERE purpose = 'reading'")).toBe(
      one("SELECT count(*) FROM op_log WHERE kind = 'reading.recorded'"),
    );
    db.close();
  }
  const after = await database(target.folder);
  expect(await after.sync.position(SITE)).toMatchObject({ cursor: log.ops.length, siteHash: log.ops.at(-1)?.siteHash });
  expect((await after.store.verifyAudit()).problems).toEqual([]);
});
