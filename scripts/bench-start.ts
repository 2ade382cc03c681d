/**
 * `npm run bench:start [-- --variant NAME ...] [--user NAME]`: what a person sees who clones and types `npm start`. A clean copy of the committed sources in a folder with a space in its
 * name, started for real without a terminal; prints a line a figure. Variants: fresh (default), ignore-scripts (after `npm ci --ignore-scripts`), npm10.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { InvoiceSummary } from '../core/contract/invoice.ts';
import { createFigures } from './figure.ts';

const ROOT = join(import.meta.dirname, '..');
const VARIANTS = ['fresh', 'ignore-scripts', 'npm10'] as const;
type Variant = (typeof VARIANTS)[number];

const { values } = parseArgs({ options: { variant: { type: 'string', multiple: true }, user: { type: 'string' } } });
const variants = (values.variant ?? ['fresh']).map((name) => {
  const known = VARIANTS.find((variant) => variant === name);
  if (!known) throw new Error(`There is no variant "${name}". There are: ${VARIANTS.join(', ')}.`);
  return known;
});
const figures = createFigures((line) => process.stdout.write(`${line}\n`));

/** The machine's own surroundings: without this project's Node first on the path, and without what an outer npm set. */
function surroundings(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|AP_|INIT_CWD|NODE_ENV|DISPLAY|WAYLAND_DISPLAY|XDG_)/.test(name),
  );
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.startsWith(ROOT));
  return { ...Object.fromEntries(own), PATH: path.join(delimiter), HOME: home };
}

/** A copy of what is committed, owned by the user who will start it. */
function copySources(base: string): string {
  const folder = join(base, 'with a space', 'station');
  mkdirSync(folder, { recursive: true });
  execFileSync('sh', ['-c', 'git archive HEAD | tar -x -C "$0"', folder], { cwd: ROOT });
  if (values.user) execFileSync('chown', ['-R', values.user, base]);
  return folder;
}

const asUser = (command: readonly string[]): [string, string[]] => {
  const all = values.user ? ['runuser', '-u', values.user, '--', ...command] : [...command];
  return [all[0]!, all.slice(1)];
};

/** Who has npm 10 has it installed: a start by npx would measure npx, which takes longer than the station. */
const npmOf = (variant: Variant, home: string): string[] =>
  variant === 'npm10' ? ['node', join(home, 'npm10', 'node_modules', 'npm', 'bin', 'npm-cli.js')] : ['npm'];

function installNpm10(home: string): void {
  const folder = join(home, 'npm10');
  const [command, args] = asUser(['npm', 'install', '--no-save', '--ignore-scripts', '--prefix', folder, 'npm@10']);
  execFileSync(command, args, { cwd: home, env: surroundings(home), stdio: ['ignore', 'ignore', 'inherit'] });
}

interface Started {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly seconds: number;
  readonly lines: string[];
}

async function start(variant: Variant, folder: string, home: string, options: string[]): Promise<Started> {
  const [command, args] = asUser([
    ...npmOf(variant, home),
    'start',
    '--',
    '--no-open',
    '--data',
    join(home, 'data'),
    ...options,
  ]);
  const from = performance.now();
  const child = spawn(command, args, {
    cwd: folder,
    env: surroundings(home),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const lines: string[] = [];
  const url = await new Promise<URL>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      process.stderr.write(`  ${line.replace(/token=.*/, 'token=...')}\n`);
      if (line.startsWith('READY ')) resolve(new URL(line.slice(6)));
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with code ${code} before READY`)));
  });
  return { child, url, seconds: (performance.now() - from) / 1000, lines };
}

/** Ctrl+C in a terminal reaches the whole process group. */
async function interrupt({ child }: Started): Promise<number> {
  const from = performance.now();
  const gone = once(child, 'exit');
  process.kill(-child.pid!, 'SIGINT');
  await gone;
  return (performance.now() - from) / 1000;
}

async function readInvoices(url: URL): Promise<InvoiceSummary[]> {
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
  const response = await fetch(`${url.origin}/api/v1/invoices`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET /api/v1/invoices: ${response.status}`);
  return ((await response.json()) as { items: InvoiceSummary[] }).items;
}

const isReadable = (invoice: InvoiceSummary): boolean => invoice.reason === null && invoice.invoiceNumber !== null;

async function measure(variant: Variant): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'ap start '));
  if (values.user) execFileSync('chown', [values.user, base]);
  const name = values.user ? `${variant}.${values.user}` : variant;
  try {
    const folder = copySources(base);
    const home = base;
    if (variant === 'npm10') installNpm10(home);
    if (variant !== 'fresh') {
      const [command, args] = asUser([...npmOf(variant, home), 'ci', '--ignore-scripts']);
      execFileSync(command, args, { cwd: folder, env: surroundings(home), stdio: ['ignore', 'ignore', 'ignore'] });
    }
    const cold = await start(variant, folder, home, ['--demo']);
    figures.atMost(`start.${name}.cold-s`, cold.seconds, 120);
    await sleep(5_000);
    const invoices = await readInvoices(cold.url);
    figures.atLeast(`start.${name}.readable-after-5-s`, invoices.filter(isReadable).length, 3);
    figures.atLeast(
      `start.${name}.scans-after-5-s`,
      invoices.filter((one) => isReadable(one) && one.source === 'ocr').length,
      1,
    );
    figures.atLeast(
      `start.${name}.wrong-totals-after-5-s`,
      invoices.filter((one) => isReadable(one) && one.errors > 0).length,
      1,
    );
    figures.atMost(`start.${name}.stop-s`, await interrupt(cold), 10);
    await startOnBusyPort(variant, name, folder, home);
  } finally {
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function startOnBusyPort(variant: Variant, name: string, folder: string, home: string): Promise<void> {
  const owner = createServer().listen(0, '127.0.0.1');
  await once(owner, 'listening');
  const { port } = owner.address() as { port: number };
  const second = await start(variant, folder, home, ['--demo', '--port', String(port)]);
  owner.close();
  figures.atMost(`start.${name}.second-s`, second.seconds, 3);
  figures.atLeast(`start.${name}.next-port`, Number(second.url.port) - port, 1);
  await interrupt(second);
}

for (const variant of variants) await measure(variant);
process.exitCode = figures.ok() ? 0 : 1;
