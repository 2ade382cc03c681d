#!/usr/bin/env node
// `npm run NAME`: every script of package.json goes through here, so that it runs on the project's Node 24 whatever the machine has.
import { delimiter, dirname, join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { exec } from './setup/exec.mjs';
import { ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { createSteps, SetupError } from './setup/step.mjs';

const bin = (pack, file) => [join(ROOT, 'node_modules', pack, ...file.split('/'))];
const tsc = [...bin('typescript', 'bin/tsc'), '-b'];
const oxlint = [...bin('oxlint', 'bin/oxlint'), '--type-aware'];
const oxfmt = [...bin('oxfmt', 'bin/oxfmt'), '--check'];
const vitest = [...bin('vitest', 'vitest.mjs'), 'run'];
const electronVite = bin('electron-vite', 'bin/electron-vite.js');
const notices = ['scripts/notices.ts', '--check'];

/** name -> commands in order, each the arguments of Node 24; the arguments given on the command line go to the last. `built` needs out/ first. */
export const SCRIPTS = {
  check: { commands: [tsc, oxlint, oxfmt, notices, vitest, [...electronVite, 'build', '--logLevel', 'warn']] },
  static: { commands: [tsc, oxlint, oxfmt, notices] },
  unit: { commands: [vitest] },
  build: { commands: [], build: true },
  dev: { commands: [[...electronVite, 'dev']] },
  samples: { commands: [['scripts/samples/index.ts']] },
  notices: { commands: [['scripts/notices.ts']] },
  archive: { commands: [['scripts/archive.ts']] },
  'bench:extract': { commands: [['scripts/bench-extract.ts']] },
  'bench:hostile': { commands: [['scripts/hostile/bench.ts']] },
  'bench:eventloop': { commands: [['scripts/bench-eventloop.ts']] },
  'bench:store': { commands: [['scripts/bench-store.ts']] },
  'test:faults': { commands: [['scripts/faults.ts']] },
  e2e: { commands: [['scripts/e2e.ts', 'browser']], built: true },
  'e2e:electron': { commands: [['scripts/e2e.ts', 'electron']], built: true },
};

/** Runs one of SCRIPTS and gives its exit code; the first command that fails ends it. */
export async function run(name, args, steps) {
  const script = SCRIPTS[name];
  if (!script) throw new SetupError(`There is no script "${name}". There are: ${Object.keys(SCRIPTS).join(', ')}.`);
  const node = await ready(steps, { build: Boolean(script.built) });
  if (script.build) await ensureBuild(steps, node, { force: true });
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  for (const [index, command] of script.commands.entries()) {
    const last = index === script.commands.length - 1;
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    const { code } = await exec(node, [...command, ...(last ? args : [])], { cwd: ROOT, env, stdio: 'inherit' });
    if (code !== 0) return code;
  }
  return 0;
}

try {
  process.exitCode = await run(process.argv[2] ?? '', process.argv.slice(3), createSteps({ stream: process.stderr }));
} catch (error) {
  process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
