/** The site's own processes: each replica on an address of its own, as each container has one. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../images/paths.ts';
import { type Children, run, type Started } from './children.ts';
import { createHttp } from './http.ts';

const CLI = join(ROOT, 'server', 'cli.ts');
const READY_MS = 120_000;
const LOOK_MS = 100;
/** An engine of containers needs about as long. */
const RESTART_MS = 500;

export type Kind = 'api' | 'worker' | 'validation';
const SERVICES: Readonly<Record<Kind, string>> = { api: 'api,sync', worker: 'worker', validation: 'validation' };
const FIRST: Readonly<Record<Kind, number>> = { api: 1, worker: 11, validation: 21 };

export interface Replica {
  readonly name: string;
  readonly kind: Kind;
  readonly address: string;
  /** As a power cut does it; it is started again soon. */
  kill(): Promise<void>;
  /** Again, after it was stopped. */
  start(): void;
  /** Resolves once it says that it can work. */
  ready(): Promise<void>;
  /** Lets it end what it has begun. */
  stop(): Promise<void>;
  metrics(): Promise<string>;
}

export interface ProcessOptions {
  readonly children: Children;
  readonly folder: string;
  readonly port: number;
  readonly internalPort: number;
  readonly boardPort: number;
  readonly env: Readonly<Record<string, string>>;
}

const UI = join(ROOT, 'out', 'renderer');

export const runCli = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> =>
  run(process.execPath, [CLI, ...args], env);

export function createReplica(options: ProcessOptions, kind: Kind, index: number): Replica {
  const { children, folder, internalPort } = options;
  const name = `${kind}-${index + 1}`;
  const address = `127.0.77.${FIRST[kind] + index}`;
  const cache = join(folder, 'cache');
  mkdirSync(cache, { recursive: true });
  const env = {
    ...options.env,
    AP_HOST: address,
    AP_PORT: String(options.port),
    AP_INTERNAL_PORT: String(internalPort),
    AP_BOARD_PORT: String(options.boardPort),
    AP_THREADS: '1',
    AP_CACHE: cache,
    ...(existsSync(UI) ? { AP_UI: UI } : {}),
  };
  const internal = createHttp({ origin: `http://${address}:${internalPort}` });
  let child: Started;
  let isWanted = true;
  /** As an engine of containers does it: what ended by itself is started again. */
  const watch = (mine: Started): void => {
    void mine.gone.then(async () => {
      await sleep(RESTART_MS);
      if (isWanted && mine === child) start();
    });
  };
  const start = (): void => {
    isWanted = true;
    child = children.start(name, process.execPath, [CLI, 'serve', `--services=${SERVICES[kind]}`], { env });
    watch(child);
  };
  children.onStop(() => (isWanted = false));
  start();
  return {
    name,
    kind,
    address,
    start,
    kill: () => child.kill(),
    async stop() {
      isWanted = false;
      await child.stop();
    },
    metrics: async () => (await internal('/metrics')).text,
    async ready() {
      for (const until = Date.now() + READY_MS; ; await sleep(LOOK_MS)) {
        const answer = await internal('/health/ready').catch(() => undefined);
        if (answer?.status === 200) return;
        if (Date.now() > until) throw new Error(`${name} did not start:\n${children.said(name)}`);
      }
    },
  };
}
