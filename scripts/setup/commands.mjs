import { join } from 'node:path';
import { ROOT } from './paths.mjs';

const bin = (pack, file) => [join(ROOT, 'node_modules', pack, ...file.split('/'))];

/** The tools, each as the arguments that Node 24 runs it with. */
export const tools = {
  types: [...bin('typescript', 'bin/tsc'), '-b'],
  lint: [...bin('oxlint', 'bin/oxlint'), '--type-aware'],
  format: [...bin('oxfmt', 'bin/oxfmt'), '--check'],
  notices: ['scripts/notices.ts', '--check'],
  unit: [...bin('vitest', 'vitest.mjs'), 'run'],
  electronVite: bin('electron-vite', 'bin/electron-vite.js'),
};
tools.browser = [...tools.unit, '--config', join(ROOT, 'e2e', 'vitest.config.ts'), '--exclude', '**/electron.e2e.ts'];
tools.electron = [...tools.unit, '--config', join(ROOT, 'e2e', 'vitest.config.ts'), 'electron.e2e.ts'];

const { types, lint, format, notices, unit, electronVite, browser, electron } = tools;

/**
 * name -> commands in order; the arguments given on the command line go to the last.
 * `built` needs out/ first, `e2e` the packages of e2e/ (the types of its tests, too).
 */
export const SCRIPTS = {
  check: {
    commands: [types, lint, format, notices, unit, [...electronVite, 'build', '--logLevel', 'warn']],
    e2e: true,
  },
  unit: { commands: [unit] },
  build: { commands: [], build: true },
  dev: { commands: [[...electronVite, 'dev']] },
  samples: { commands: [['scripts/samples/index.ts']] },
  generate: { commands: [['scripts/generate/index.ts']] },
  notices: { commands: [['scripts/notices.ts']] },
  archive: { commands: [['scripts/archive.ts']] },
  calibrate: { commands: [['scripts/calibrate.ts']] },
  'bench:extract': { commands: [['scripts/bench-extract.ts']] },
  'bench:trust': { commands: [['scripts/bench-trust.ts']] },
  'bench:region': { commands: [['scripts/bench-region.ts']] },
  'bench:codes': { commands: [['scripts/bench-codes.ts']] },
  'bench:learning': { commands: [['scripts/bench-learning.ts']] },
  'bench:hostile': { commands: [['scripts/hostile/bench.ts']] },
  'bench:ocr': { commands: [['scripts/bench-ocr.ts']] },
  'bench:eventloop': { commands: [['scripts/bench-eventloop.ts']], built: true },
  'bench:store': { commands: [['scripts/bench-store.ts']] },
  'bench:jobs': { commands: [['scripts/bench-jobs.ts']], e2e: true },
  'bench:postgres': { commands: [['scripts/bench-postgres.ts']], e2e: true },
  'bench:api': { commands: [['scripts/bench-api.ts']], e2e: true },
  'bench:sync': { commands: [['scripts/bench-sync.ts']], e2e: true },
  'bench:start': { commands: [['scripts/bench-start.ts']] },
  'sim:sync': { commands: [['scripts/sim-sync.ts']] },
  'test:faults': { commands: [['scripts/faults.ts']], built: true, e2e: true },
  'test:images': { commands: [['scripts/images.ts']] },
  'test:site': { commands: [['scripts/site.ts']], built: true, e2e: true },
  e2e: { commands: [browser], built: true, e2e: true },
  'e2e:electron': { commands: [electron], built: true, e2e: true },
  shots: { commands: [['e2e/shots.ts']], built: true, e2e: true },
};

/** What `npm run NAME -- --help` says of a script that takes arguments. */
export const USAGES = {
  generate:
    '--out DIR [--count N] [--seed S] [--from INDEX] [--set train|test] [--kinds KIND=WEIGHT,...] [--family NAME] [--language CODE] [--threads N]',
  calibrate: 'TRAIN... [--test DIR]... [--check DIR]... [--cache DIR] [--reader HASH] [--threads N] [--dry]',
  'bench:extract':
    'DIR [--out FILE] [--limit N] [--only REGEX] [--resume] [--by KEY] [--misses FIELD] [--limits] [--accepted] [--threads N] [--cache DIR] [--reader HASH] [--write FILE]',
  'bench:jobs': '[--store postgres|sqlite] [--count N] [--rounds N] [--concurrency N]',
  'bench:api': '[--count N] [--seed S] [--only read,overload] [--keep FOLDER]',
  'bench:sync':
    '[--only throughput,one,save,idle,crowd,first] [--runs N] [--changes N] [--crowd SECONDS] [--invoices N] [--short]',
  'bench:postgres': '[--count N] [--seed S] [--only plans,times] [--keep FOLDER] [--url URL-OF-A-SUPERUSER]',
  'bench:trust': '[DIR] [--seed S] [--count N] [--keep DIR] [--cache DIR] [--reader HASH]',
  'bench:region': 'DIR [--documents N] [--seed S] [--cache DIR] [--reader HASH]',
  'bench:codes': '[--count N] [--seed S]',
  'bench:learning':
    '[DIR] [--vendors N] [--invoices N] [--seed S] [--scanned N] [--threads N] [--cache DIR] [--pages DIR] [--reader HASH] [--misses]',
  'test:images': '[--keep DIR] [--only image,stack]',
  'test:site': '[--only journey,matrix,fuzz,faults,uploads] [--short] [--seed N] [--replay SEED:PATH]',
  'test:faults': '[--list] [--only F4,F5] [--count N] [--seed N] [--short] [--planted [--bug NAME]] [--kills N]',
  'sim:sync': '[--histories N] [--seed S] [--threads N] [--notice N] [--history I [--bug NAME]]',
  'bench:ocr':
    '[DIR] [--only latency,peers,likely,threads,memory,quality,cancel] [--short] [--languages eng+deu] [--pages N] [--verbose]',
};
