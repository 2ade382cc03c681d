/** For the test that kills it: takes pages of a site's log in, small ones, one after the other. `take-in-loop.ts DATABASE PAGES` prints `at N` once N is on disk. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { createSqliteStore } from '../../server/store/sqlite/create.ts';
import type { CheckedPage } from '../../server/store/station-sync-store.ts';

const [path = '', file = ''] = process.argv.slice(2);
const pages = JSON.parse(readFileSync(file, 'utf8')) as CheckedPage[];
const { sync } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
const [first] = pages;
const start = await sync.begin(first?.site ?? '', first?.epoch ?? 1);
writeSync(1, `at ${start.cursor}\n`);
for (const page of pages) {
  if ((page.ops.at(-1)?.seq ?? 0) <= start.cursor) continue;
  const taken = await sync.takeIn(page);
  if (taken.kind !== 'taken') throw new Error(`not taken in: ${JSON.stringify(taken)}`);
  writeSync(1, `at ${taken.position.cursor}\n`);
}
writeSync(1, 'all\n');
process.exit(0);
