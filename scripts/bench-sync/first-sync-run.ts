/** `node scripts/bench-sync/first-sync-run.ts [--count N] [--seed S] [--keep FOLDER] [--url URL-OF-A-SUPERUSER]`: the figure of first-sync.ts alone. */
import { parseArgs } from 'node:util';
import { createFigures } from '../figure.ts';
import { firstSync } from './first-sync.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    url: { type: 'string' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = createFigures(say);
await firstSync({
  invoices: Number(values.count),
  seed: Number(values.seed),
  ...(values.keep === undefined ? {} : { keep: values.keep }),
  ...(values.url === undefined ? {} : { url: values.url }),
  figures,
  say,
});
process.exit(figures.ok() ? 0 : 1);
