#!/usr/bin/env node
// `npm test`: installs what it needs and runs everything a change must pass, without root and without system packages. Plain JavaScript for Node >= 18.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { tools } from './setup/commands.mjs';
import { exec } from './setup/exec.mjs';
import { ensureInstall } from './setup/install.mjs';
import { CACHE, ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { createSteps, SetupError } from './setup/step.mjs';

const RESULTS = join(CACHE, 'test');
const steps = createSteps();
const total = { passed: 0, failed: 0, skipped: 0 };

/** Adds what a stage counted. A stage that ended badly without saying how many tests failed counts as one failure. */
function add(name, code, counts, seconds) {
  const { passed = 0, failed = 0, skipped = 0 } = counts;
  const failures = failed > 0 || code === 0 ? failed : 1;
  total.passed += passed;
  total.failed += failures;
  total.skipped += skipped;
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  steps.say(
    `== ${name}: ${failures === 0 ? 'ok' : 'FAILED'} (${passed} passed, ${failures} failed${tail}), ${seconds} s\n`,
  );
}

/** A tool that either passes or does not. */
async function check(name, node, command, env) {
  const from = Date.now();
  steps.say(`== ${name}`);
  const { code } = await exec(node, command, { cwd: ROOT, env });
  add(name, code, code === 0 ? { passed: 1 } : { failed: 1 }, ((Date.now() - from) / 1000).toFixed(1));
}

async function tests(name, node, command, env) {
  const from = Date.now();
  steps.say(`== ${name}`);
  const file = join(RESULTS, `${name.replace(/\W+/g, '-')}.json`);
  const report = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await exec(node, [...command, ...report], { cwd: ROOT, env });
  add(name, code, countsIn(file), ((Date.now() - from) / 1000).toFixed(1));
}

function countsIn(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return {};
  }
}

async function main() {
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const node = await ready(steps);
  await ensureInstall(steps, join(ROOT, 'e2e'), 'Installing test packages');
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  await check('types', node, tools.types, env);
  await check('lint (types, cycles, 400 lines)', node, tools.lint, env);
  await check('format', node, tools.format, env);
  await check('third-party notices', node, tools.notices, env);
  await tests('unit tests', node, tools.unit, env);
  await tests('end to end in the browser', node, tools.browser, env);
  await tests('end to end in Electron', node, tools.electron, env);
}

try {
  await main();
} catch (error) {
  total.failed += 1;
  process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
}
steps.say(`Took ${steps.seconds()} s.`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
steps.say(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
