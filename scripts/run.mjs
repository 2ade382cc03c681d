#!/usr/bin/env node
// `npm run NAME`: every script of package.json goes through here, so that it runs on the project's Node 24 whatever the machine has.
import { delimiter, dirname, join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { SCRIPTS, USAGES } from './setup/commands.mjs';
import { exec } from './setup/exec.mjs';
import { ensureInstall } from './setup/install.mjs';
import { ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { createSteps, SetupError } from './setup/step.mjs';

/** Runs one of SCRIPTS and gives its exit code; the first command that fails ends it. */
async function run(name, args, steps) {
  const script = SCRIPTS[name];
  if (!script) throw new SetupError(`There is no script "${name}". There are: ${Object.keys(SCRIPTS).join(', ')}.`);
  if (args.includes('--help') && Object.hasOwn(USAGES, name)) {
    process.stdout.write(`Usage: npm run ${name} -- ${USAGES[name]}\n`);
    return 0;
  }
  const node = await ready(steps, { build: Boolean(script.built) });
  if (script.e2e) await ensureInstall(steps, join(ROOT, 'e2e'), 'Installing test packages');
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
