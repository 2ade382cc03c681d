#!/usr/bin/env node
// `npm start`: installs and builds what is missing, then opens the station. Plain JavaScript for Node >= 18.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findElectron, startElectron } from './launch/electron.mjs';
import { chooseWorkspace } from './launch/folders.mjs';
import { printOnce } from './launch/once.mjs';
import { openBrowser } from './launch/open.mjs';
import { readOptions, USAGE } from './launch/options.mjs';
import { findPort } from './launch/ports.mjs';
import { supervise } from './launch/supervise.mjs';
import { CACHE, ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { createSteps, SetupError } from './setup/step.mjs';

const steps = createSteps();

async function main() {
  const options = readOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const lost = options.files.find((file) => !existsSync(file));
  if (lost) throw new SetupError(`There is no file or folder ${lost}.`);

  const node = await ready(steps);
  const place = chooseWorkspace(options);
  steps.say(
    `Data folder: ${join(place.data, place.workspace)}${place.workspace === 'demo' ? ' (demo with sample invoices)' : ''}`,
  );
  const env = {
    AP_DATA: place.data,
    AP_WORKSPACE: place.workspace,
    AP_UI: join(ROOT, 'out', 'renderer'),
    AP_WORKER_FILE: join(ROOT, 'out', 'main', 'worker', 'index.js'),
  };
  const imports = place.workspace === 'demo' ? [join(ROOT, 'resources', 'samples')] : options.files;
  if (imports.length > 0) env.AP_IMPORT = JSON.stringify(imports);

  if (options.once) {
    process.exitCode = await printOnce(node, env);
    return;
  }
  const inWindow = !options.browser && options.port === undefined && options.open;
  if (!inWindow || !(await runInElectron(node, env))) await runInBrowser(node, env, options);
}

/** False where the browser has to do it; the reason was said. */
async function runInElectron(node, env) {
  const found = await findElectron(node, steps.say);
  const started = found.binary ? await startElectron(found.binary, env, steps.say) : found;
  if (started.reason) {
    steps.say(`Using the browser: ${started.reason}.`);
    return false;
  }
  onStop(() => started.stop());
  process.exitCode = await started.ended;
  return true;
}

async function runInBrowser(node, env, options) {
  const port = options.port === undefined ? 0 : await findPort(options.port, steps.say);
  const token = randomBytes(32).toString('base64url');
  const server = supervise({
    command: node,
    args: ['--enable-source-maps', join(ROOT, 'out', 'main', 'server', 'start.js')],
    // What Node compiled at the last start is there at the next.
    env: {
      NODE_COMPILE_CACHE: join(CACHE, 'compiled'),
      ...process.env,
      ...env,
      AP_PORT: String(port),
      AP_TOKEN: token,
    },
    say: steps.say,
    onLine: () => {},
    onReady(info, times) {
      const url = `http://127.0.0.1:${info.port}/#token=${token}`;
      steps.say(`READY ${url}`);
      if (times > 1) return;
      steps.say(`Ready after ${steps.seconds()} s. Ctrl+C ends the station.`);
      if (options.open) openBrowser(url, steps.say);
    },
  });
  onStop(() => server.stop());
  process.exitCode = await server.ended;
}

function onStop(stop) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
