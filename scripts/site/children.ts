/** Programs of a run: each with a log of its own, none left when the run ends, however that is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../images/paths.ts';

export interface Started {
  readonly name: string;
  readonly pid: number;
  /** SIGKILL, as a power cut does it; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL where it takes too long. */
  stop(): Promise<void>;
  readonly gone: Promise<void>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

export interface Children {
  start(name: string, command: string, args: readonly string[], options?: StartOptions): Started;
  /** Everything that it wrote. */
  log(name: string): string;
  /** The end of it. */
  said(name: string): string;
  /** Called before all are stopped. */
  onStop(work: () => void): void;
  stopAll(): Promise<void>;
}

/** As `stop_grace_period` in docker-compose.yml. */
const STOP_MS = 30_000;
const SHOWN = 2_000;

/** What every program gets. The compiled files of one Node serve all that follow: they come and go here, and each has hundreds. */
const given = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(ROOT, '.cache', 'compile'),
});

export function createChildren(folder: string): Children {
  mkdirSync(folder, { recursive: true });
  const running = new Set<ChildProcess>();
  const killAll = (): void => {
    for (const child of running) child.kill('SIGKILL');
  };
  process.once('exit', killAll);
  const file = (name: string): string => join(folder, `${name}.log`);
  const log = (name: string): string => readFileSync(file(name), 'utf8');
  const all: Started[] = [];
  const stopping: (() => void)[] = [];
  return {
    start(name, command, args, { env = {}, ...owner } = {}) {
      const out = openSync(file(name), 'a');
      const child = spawn(command, args, { env: { ...given(), ...env }, stdio: ['ignore', out, out], ...owner });
      closeSync(out);
      running.add(child);
      const gone = new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        // One that could not even be started.
        child.once('error', () => resolve());
      }).then(() => void running.delete(child));
      const ended = (): boolean => !running.has(child);
      const kill = async (): Promise<void> => {
        if (!ended()) child.kill('SIGKILL');
        await gone;
      };
      const started: Started = {
        name,
        pid: child.pid ?? 0,
        kill,
        gone,
        async stop() {
          if (ended()) return;
          child.kill('SIGTERM');
          const timer = setTimeout(() => void kill(), STOP_MS);
          await gone;
          clearTimeout(timer);
        },
      };
      all.push(started);
      return started;
    },
    onStop: (work) => void stopping.push(work),
    log,
    said: (name) => log(name).slice(-SHOWN),
    async stopAll() {
      for (const work of stopping) work();
      await Promise.all(all.map((one) => one.stop()));
      process.off('exit', killAll);
    },
  };
}

/** Runs to its end; rejects with what it said where the exit code is not 0. */
export async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(command, args, {
    env: { ...given(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let all = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    all += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 4).join(' ')}: exit code ${code}\n${all.slice(-SHOWN)}`);
  return out;
}
