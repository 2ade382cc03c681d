/**
 * `npm run test:site`: a whole site of real processes (docs/site.md), and whether it does what it must. Needs root and Debian's packages. Nothing of it touches
 * a server that the machine has; everything is taken down at the end, Ctrl+C included.
 */
import { parseArgs } from 'node:util';
import { createReport } from './images/report.ts';
import type { Around } from './site/around.ts';
import { faults } from './site/faults.ts';
import { fuzzing } from './site/fuzz.ts';
import { audit, journey } from './site/journey.ts';
import { matrix } from './site/matrix.ts';
import { createSitePeople } from './site/people.ts';
import { startSite } from './site/site.ts';
import { whyNot } from './site/tools.ts';
import { uploads } from './site/uploads.ts';

const SCENARIOS: Readonly<Record<string, (around: Around) => Promise<void>>> = {
  journey,
  matrix,
  fuzz: fuzzing,
  faults,
  uploads,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(SCENARIOS).join(',') },
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    replay: { type: 'string' },
  },
});
const wanted = values.only.split(',');
const foreign = wanted.find((name) => !Object.hasOwn(SCENARIOS, name));
if (foreign !== undefined)
  throw new Error(`--only: there is no ${foreign}; there are ${Object.keys(SCENARIOS).join(', ')}`);
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => controller.abort(new Error('stopped')));
const stopped = new Promise<never>((_resolve, reject) => {
  controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
});
stopped.catch(() => undefined);
const report = createReport(say, controller.signal);

const reason = whyNot();
if (reason !== undefined) {
  say(`The site cannot be run here: ${reason}`);
  say('0 passed, 1 failed');
  process.exit(1);
}

async function main(): Promise<void> {
  const site = await report.step('Starting a site', () => startSite(controller.signal));
  try {
    const ask = site.http();
    const people = await report.step('Inviting people', () => createSitePeople(site, ask));
    const around: Around = { site, people, ask, report, say, short: values.short, seed, replay: values.replay };
    for (const name of wanted) await Promise.race([report.step(name, () => SCENARIOS[name]!(around)), stopped]);
    await report.check('verify-audit at the end', () => audit(around));
  } catch (error) {
    if (!controller.signal.aborted)
      for (const { name } of site.replicas) say(`-- ${name}\n${site.children.said(name)}`);
    throw error;
  } finally {
    const from = Date.now();
    await site.stop();
    say(`== Taking down: ${((Date.now() - from) / 1000).toFixed(1)} s`);
  }
}

say(`seed ${seed}`);
try {
  await main();
} catch (error) {
  if (!controller.signal.aborted) await report.check('run', () => Promise.reject(error));
}
if (controller.signal.aborted) say('Stopped; everything was taken down.');
process.exitCode = controller.signal.aborted ? 130 : report.end();
