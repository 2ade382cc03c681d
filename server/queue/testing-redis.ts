/** A real Redis for tests and benches, of their own: killed, frozen, emptied, and started again on the same port. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** SIGKILL: nothing is saved. */
  kill(): Promise<void>;
  /** After `kill`, on the same port, empty. */
  start(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** A command of the test's own. */
  ask(command: string, ...args: (string | number)[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** The program, or undefined where the machine has none. */
export function findRedis(): string | undefined {
  if (process.platform === 'win32') return undefined;
  for (const name of ['redis-server', 'valkey-server']) {
    try {
      const path = execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8', stdio: 'pipe' }).trim();
      if (path !== '') return path;
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** Says why tests do not run; true where they cannot. */
export function isRedisMissing(what: string): boolean {
  if (findRedis() !== undefined) return false;
  process.stdout.write(
    `\n!!! SKIPPED: ${what}, because there is no redis-server (Debian: apt-get install redis-server).\n\n`,
  );
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const PASSWORD = 'for-tests-only';
const READY_TRIES = 500;

export async function startTestRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const program = findRedis();
  if (program === undefined) throw new Error('there is no redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let client: Redis | undefined;

  const start = async (): Promise<void> => {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--requirepass', PASSWORD];
    const own = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction', ...settings];
    child = spawn(program, [...place, ...own], { stdio: 'ignore' });
    client ??= new Redis(url, { replyMapping: 'legacy', retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    for (let tries = 0; tries < READY_TRIES; tries += 1) {
      if ((await client.ping().catch(() => '')) === 'PONG') return;
      await sleep(20);
    }
    throw new Error('redis-server did not start');
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url,
    port,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    ask: async (command, ...args) => client?.call(command, ...args.map(String)),
    async stop() {
      client?.disconnect();
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
