/**
 * `npm run test:images`: builds the site's image by its Dockerfile, brings the compose file up, checks both, takes everything down. Needs root and Debian's
 * packages (docs/site.md); no image registry. Nothing of it touches an engine, a network or a rule that the machine has.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBases, makeStandIns } from './images/bases.ts';
import { type Engine, startEngine, sweep } from './images/engine.ts';
import { buildImage, checkImage } from './images/image-checks.ts';
import { ROOT } from './images/paths.ts';
import { createReport } from './images/report.ts';
import { createShell } from './images/shell.ts';
import { prepareStack } from './images/stack.ts';
import { checkStack } from './images/stack-checks.ts';
import { dockerPlugins, whyNot } from './images/tools.ts';

const { values } = parseArgs({
  options: { keep: { type: 'string' }, only: { type: 'string', default: 'image,stack' } },
});
const CACHE = join(ROOT, '.cache', 'images');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => controller.abort(new Error('stopped')));
const shell = createShell(controller.signal);
const report = createReport(print, controller.signal);

/** A place that no other run has. `--keep` names one that stays, with the images in it: the next run builds only what changed. */
function workFolder(): string {
  const keep = values.keep === undefined ? undefined : resolve(values.keep);
  if (keep === undefined) return mkdtempSync(join(tmpdir(), 'ap-images-'));
  mkdirSync(keep, { recursive: true });
  for (const name of readdirSync(keep)) if (name !== 'data') rmSync(join(keep, name), { recursive: true, force: true });
  return keep;
}

/** An engine for as long as the work takes. */
async function withEngine(
  kind: 'building' | 'running',
  work: string,
  config: string,
  use: (engine: Engine) => Promise<void>,
): Promise<void> {
  const engine = await report.step(`Starting an engine for ${kind}`, () => startEngine(shell, work, kind, config));
  try {
    await use(engine);
  } finally {
    await engine.stop();
  }
}

async function main(work: string): Promise<void> {
  const config = await report.step('Docker plugins', () => dockerPlugins(shell, CACHE));
  const only = new Set(values.only.split(','));
  await withEngine('building', work, config, async (engine) => {
    const around = { shell, engine, report, work };
    await report.step('Base images', () => makeBases(shell, engine, { work, cache: CACHE }));
    await report.step('Building ap-intake/api', () => buildImage(around));
    if (only.has('image')) await checkImage(around);
    if (only.has('stack')) await report.step('Stand-ins for third-party images', () => makeStandIns(engine));
  });
  if (!only.has('stack')) return;
  await withEngine('running', work, config, async (engine) => {
    const stack = await prepareStack(shell, engine, work);
    try {
      await checkStack({ engine, stack, report });
    } finally {
      await stack
        .compose(['down', '--volumes', '--timeout', '5'], { always: true, anyCode: true, timeoutMs: 60_000 })
        .catch(() => undefined);
    }
  });
}

const reason = whyNot();
if (reason !== undefined) {
  print(`The images cannot be built and run here: ${reason}`);
  print('0 passed, 1 failed');
  process.exit(1);
}
// What an engine writes outside of its folder.
const before = ['/etc/docker', '/etc/docker/key.json', '/run/docker'].filter((path) => !existsSync(path));
const work = workFolder();
try {
  await main(work);
} catch (error) {
  if (!controller.signal.aborted) await report.check('run', () => Promise.reject(error));
} finally {
  const from = Date.now();
  await sweep(shell, work, { keep: values.keep !== undefined });
  print(`== Taking down: ${((Date.now() - from) / 1000).toFixed(1)} s`);
  for (const path of before) rmSync(path, { recursive: true, force: true });
}
if (controller.signal.aborted) print('Stopped; everything was taken down.');
process.exitCode = controller.signal.aborted ? 130 : report.end();
