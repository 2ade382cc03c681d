/** The real server as a child process, for fault and bench runs: started, spoken to over HTTP, killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** A machine on which others work, too, may take long. */
const START_MS = 120_000;

export interface ServerChild {
  readonly process: ChildProcess;
  /** Of the server itself, whatever it runs under. */
  readonly pid: number;
  readonly port: number;
  readonly token: string;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
}

export interface ChildOptions {
  readonly data: string;
  readonly port?: number;
  readonly token?: string;
  readonly threads?: number;
  /** Another program than this tree's server. */
  readonly entry?: string;
  /** What it runs under: a program and its arguments. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Until it is given up and killed. */
  readonly startWithinMs?: number;
}

/** At once, and with what it runs under: strace that is killed alone lets its program go on. */
function killerOf(child: ChildProcess, isGroup: boolean): () => void {
  return () => {
    try {
      if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
}

/** It goes with this process at the latest. */
export async function startChild(options: ChildOptions): Promise<ServerChild> {
  const token = options.token ?? randomBytes(32).toString('base64url');
  const from = performance.now();
  const entry = options.entry ?? join(ROOT, 'server', 'start.ts');
  const [program, ...args] = [...(options.under ?? []), process.execPath, entry];
  const child = spawn(program, args, {
    env: {
      ...options.env,
      PATH: process.env['PATH'],
      AP_DATA: options.data,
      AP_PORT: String(options.port ?? 0),
      AP_TOKEN: token,
      ...(options.threads === undefined ? {} : { AP_THREADS: String(options.threads) }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: options.under !== undefined,
  });
  const end = killerOf(child, options.under !== undefined);
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(new Error('the server did not start in time'));
    }, options.startWithinMs ?? START_MS);
    child.once('error', (error) => {
      clearTimeout(timer);
      process.off('exit', end);
      reject(error);
    });
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (!text.startsWith('AP_READY ')) return;
      clearTimeout(timer);
      resolve(text.slice('AP_READY '.length));
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with code ${code} before it was ready`));
    });
  });
  const { port, pid } = JSON.parse(line) as { port: number; pid: number };
  return { process: child, pid, port, token, startMs: performance.now() - from };
}

const isGone = ({ process: { exitCode, signalCode } }: ServerChild): boolean =>
  exitCode !== null || signalCode !== null;

/** kill -9, and wait until the system says that it is gone. */
export async function kill(child: ServerChild): Promise<void> {
  if (isGone(child)) return;
  const gone = once(child.process, 'exit');
  process.kill(child.pid, 'SIGKILL');
  await gone;
}

export async function stop(child: ServerChild): Promise<void> {
  if (isGone(child)) return;
  const gone = once(child.process, 'exit');
  process.kill(child.pid, 'SIGTERM');
  await gone;
}
