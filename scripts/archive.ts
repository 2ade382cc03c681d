/**
 * `npm run archive -- --count N --seed S [--data DIR] [--no-blobs]`: fills an empty data folder with N invoices (5 lines and 4 corrections each, 300
 * vendors). Every figure "with N invoices" is measured on such an archive. `--postgres URL --site NAME`: a site of a migrated database (role of the
 * application) instead, without originals.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { uuid4 } from '../core/sync/ids.ts';
import { openFolders, workspaceFolder } from '../server/folders.ts';
import { createPostgresDatabase } from '../server/store/postgres/create.ts';
import { bulkLoadPostgres } from './archive/bulk-load-postgres.ts';
import { bulkLoad } from './archive/bulk-load.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    postgres: { type: 'string' },
    site: { type: 'string', default: 'main' },
    'no-blobs': { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
if (!Number.isInteger(count) || count < 1) throw new Error('--count must be a number from 1.');
if (!Number.isInteger(seed)) throw new Error('--seed must be a whole number.');

const begun = performance.now();
let told = 0;
function progress(done: number): void {
  if (done < count && performance.now() - told < 2_000) return;
  told = performance.now();
  process.stderr.write(`${done} of ${count} invoices, ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`);
}

async function intoPostgres(url: string, site: string): Promise<void> {
  const database = await createPostgresDatabase({ url, poolSize: 1, now: Date.now, random: randomBytes });
  await database.createSite(site);
  await database.close();
  await bulkLoadPostgres({ url, site, count, seed, progress });
  process.stdout.write(`${site}\n`);
}

function intoFolder(): void {
  const data = values.data === undefined ? mkdtempSync(join(tmpdir(), 'ap-archive-')) : resolve(values.data);
  const folders = openFolders(workspaceFolder(data, 'own'));
  const blobs = values['no-blobs'] ? undefined : folders.blobs;
  bulkLoad({ database: folders.database, blobs, count, seed, device: uuid4(randomBytes(16)), progress });
  process.stdout.write(`${data}\n`);
}

if (values.postgres === undefined) intoFolder();
else await intoPostgres(values.postgres, values.site);
