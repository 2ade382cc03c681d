#!/usr/bin/env node
// `npm run -s cli -- COMMAND ...`: the command line of the station. Output is for programs, so set-up steps go to stderr.
import { join } from 'node:path';
import { exec } from './setup/exec.mjs';
import { ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { createSteps, SetupError } from './setup/step.mjs';

try {
  const node = await ready(createSteps({ stream: process.stderr }));
  const cli = join(ROOT, 'out', 'main', 'server', 'cli.js');
  const env = {
    AP_WORKER_FILE: join(ROOT, 'out', 'main', 'worker', 'index.js'),
    AP_UI: join(ROOT, 'out', 'renderer'),
    ...process.env,
  };
  // npm runs scripts in the project's folder; paths are meant from where the user stands.
  const { code } = await exec(node, ['--enable-source-maps', cli, ...process.argv.slice(2)], {
    env,
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
  });
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
