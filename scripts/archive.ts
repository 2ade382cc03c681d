/**
 * `npm run archive -- --count N --seed S [--data DIR] [--no-blobs]`: fills an empty data folder with N invoices (5 lines and 4 corrections each, 300
 * vendors). Every figure "with N invoices" is measured on such an archive.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { uuid4 } from '../core/sync/ids.ts';
import { openFolders, workspaceFolder } from '../server/folders.ts';
import { bulkLoad } from './archive/bulk-load.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    'no-blobs': { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
if (!Number.isInteger(count) || count < 1) throw new Error('--count must be a number from 1.');
if (!Number.isInteger(seed)) throw new Error('--seed must be a whole number.');

const data = values.data === undefined ? mkdtempSync(join(tmpdir(), 'ap-archive-')) : resolve(values.data);
const folders = openFolders(workspaceFolder(data, 'own'));
const begun = performance.now();
const seconds = (): string => ((performance.now() - begun) / 1_000).toFixed(1);
let told = 0;
bulkLoad({
  database: folders.database,
  blobs: values['no-blobs'] ? undefined : folders.blobs,
  count,
  seed,
  device: uuid4(randomBytes(16)),
  progress: (done) => {
    if (done < count && performance.now() - told < 2_000) return;
    told = performance.now();
    process.stderr.write(`${done} of ${count} invoices, ${seconds()} s\n`);
  },
});
process.stdout.write(`${data}\n`);
