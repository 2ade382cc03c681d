/**
 * A real S3 store for tests: a Ceph of one monitor, one store in memory and S3 gateways, on loopback, in the foreground as children of this process. Of the
 * emulators none checks signatures as a store has to. Debian: `apt-get install --no-install-recommends ceph-mon ceph-osd ceph-common radosgw`.
 * The store takes seconds to start, a gateway to it next to none: test files share a store (shared-radosgw.ts) and have each their own gateway.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The shell waits for the end of its input, which comes when we end, however that is, and takes the program with it as a power cut does. */
const WATCHED = `exec 3<&0; "$@" < /dev/null 3<&- & child=$!; (cat > /dev/null; kill -KILL $child) <&3 2> /dev/null & watch=$!
  exec 3<&-; wait $child; code=$?; kill $watch; exit $code`;

const execute = promisify(execFile);
const run = (program: string, args: readonly string[]) => execute('/bin/sh', ['-c', WATCHED, 'sh', program, ...args]);
const PROGRAMS = ['ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'radosgw', 'radosgw-admin', 'openssl'];
const READY_MS = 90_000;

export const ACCESS_KEY = 'testkey';
export const SECRET_KEY = 'testsecret12345';
/** Buckets answer under `<bucket>.<DOMAIN>` too. */
export const DOMAIN = 's3.test';

export interface Radosgw {
  readonly endpoint: string;
  /** The same over TLS, with a certificate that `ca` signed for itself. */
  readonly secureEndpoint: string;
  readonly ca: string;
  /** As from a power cut; resolves when it is gone. */
  killGateway(): Promise<void>;
  /** The same address again; resolves when it answers. */
  startGateway(): Promise<void>;
  stop(): Promise<void>;
}

/** A store that gateways of any process of this machine can open. */
export interface Ceph {
  readonly folder: string;
  stop(): Promise<void>;
}

const present = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** What is missing to run one, or nothing. */
export const missingPrograms = (): readonly string[] => PROGRAMS.filter((program) => !present(program));

/** True where it can run; says so loudly where it cannot. */
export function hasRadosgw(suite: string): boolean {
  const missing = missingPrograms();
  if (missing.length === 0) return true;
  process.stderr.write(
    `SKIPPED: ${suite} needs a real S3 store, and ${missing.join(', ')} is missing here (Debian: apt-get install --no-install-recommends ceph-mon ceph-osd ceph-common radosgw openssl).\n`,
  );
  return false;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const settings = (folder: string, monitor: number, fsid: string): string => `[global]
fsid = ${fsid}
mon host = [v1:127.0.0.1:${monitor}]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.1/32
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon data avail crit = 1
mon max pg per osd = 1000
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
log file = ${folder}/log/$name.log
keyring = ${folder}/keyring
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class update on start = false
osd crush update on start = false
osd memory target = 939524096
[client]
rgw dns name = ${DOMAIN}
rgw thread pool size = 16
rgw data = ${folder}/rgw
rgw bucket default quota max objects = -1
rgw enable usage log = false
`;

export async function startCeph(): Promise<Ceph> {
  const folder = mkdtempSync(join(tmpdir(), 'radosgw-'));
  for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(join(folder, name));
  const [monitor = 0] = await freePorts(1);
  const fsid = randomUUID();
  writeFileSync(confOf(folder), settings(folder, monitor, fsid));
  writeFileSync(join(folder, 'keyring'), '');
  const children = createChildren(folder);
  const stop = async (): Promise<void> => {
    await children.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await makeCertificate(folder);
    await makeMonitor(folder, children, fsid, monitor);
    await makeStore(folder, children);
    await makeUser(folder);
  } catch (error) {
    const logs = ['mon.a', 'osd.0'].map((name) => tailOf(join(folder, 'log', `${name}.out`)));
    await stop();
    throw new Error(`The S3 store did not start: ${String(error)}\n${logs.join('\n')}`, { cause: error });
  }
  return { folder, stop };
}

/**
 * A gateway of the caller's own: what becomes of it concerns nobody else. Buckets and their content are the store's. `isOneOfMany`: it remembers nothing of users and
 * buckets, as it would have to tell the others of each change, also those that were killed, and wait half a minute for their answer.
 */
export async function openGateway({ folder }: Pick<Ceph, 'folder'>, isOneOfMany = true): Promise<Radosgw> {
  const [http = 0, https = 0] = await freePorts(2);
  const name = `client.rgw.${http}`;
  const secure = `ssl_certificate=${folder}/cert.pem ssl_private_key=${folder}/key.pem`;
  const frontends = `beast endpoint=127.0.0.1:${http} ssl_endpoint=127.0.0.1:${https} ${secure}`;
  const children = createChildren(folder);
  const start = async (): Promise<void> => {
    const own = ['--rgw-frontends', frontends, '--rgw-cache-enabled', String(!isOneOfMany)];
    children.start(name, 'radosgw', ['-n', name, ...own]);
    await until(() => answers(http)).catch(async (error: unknown) => {
      await children.stop();
      const log = tailOf(join(folder, 'log', `${name}.out`));
      throw new Error(`The S3 gateway did not start: ${String(error)}\n${log}`, { cause: error });
    });
  };
  await start();
  return {
    endpoint: `http://127.0.0.1:${http}`,
    secureEndpoint: `https://127.0.0.1:${https}`,
    ca: readFileSync(join(folder, 'cert.pem'), 'utf8'),
    killGateway: () => children.kill(name),
    startGateway: start,
    stop: () => children.stop(),
  };
}

/** A store and a gateway of the caller's own. */
export async function startRadosgw(): Promise<Radosgw> {
  const ceph = await startCeph();
  try {
    const gateway = await openGateway(ceph, false);
    return {
      ...gateway,
      async stop() {
        await gateway.stop();
        await ceph.stop();
      },
    };
  } catch (error) {
    await ceph.stop();
    throw error;
  }
}

const confOf = (folder: string): string => join(folder, 'ceph.conf');
const tailOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8').slice(-2_000) : '');

async function makeCertificate(folder: string): Promise<void> {
  const names = `subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:${DOMAIN},DNS:*.${DOMAIN}`;
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    join(folder, 'key.pem'),
  ];
  const rest = ['-subj', '/CN=radosgw', '-addext', names, '-days', '2', '-out', join(folder, 'cert.pem')];
  await run('openssl', ['req', '-x509', ...key, ...rest]);
}

interface Children {
  start(name: string, program: string, args: readonly string[]): void;
  kill(name: string): Promise<void>;
  stop(): Promise<void>;
}

function createChildren(folder: string): Children {
  const children = new Map<string, ChildProcess>();
  async function kill(name: string): Promise<void> {
    const child = children.get(name);
    children.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    await gone;
  }
  return {
    start(name, program, args) {
      const out = openSync(join(folder, 'log', `${name}.out`), 'a');
      const inForeground = [program, '-c', confOf(folder), '-f', ...args];
      const child = spawn('/bin/sh', ['-c', WATCHED, 'sh', ...inForeground], { stdio: ['pipe', out, out] });
      child.stdin?.on('error', () => undefined); // it ended by itself
      closeSync(out);
      children.set(name, child);
    },
    kill,
    async stop() {
      for (const name of children.keys()) await kill(name);
    },
  };
}

async function makeMonitor(folder: string, children: Children, fsid: string, port: number): Promise<void> {
  const map = join(folder, 'monmap');
  await run('monmaptool', ['--create', '--clobber', '--fsid', fsid, '--addv', 'a', `[v1:127.0.0.1:${port}]`, map]);
  await run('ceph-mon', ['-c', confOf(folder), '--mkfs', '-i', 'a', '--monmap', map]);
  children.start('mon.a', 'ceph-mon', ['-i', 'a']);
}

async function makeStore(folder: string, children: Children): Promise<void> {
  const ceph = (...args: string[]) => run('ceph', ['-c', confOf(folder), '--connect-timeout', '20', ...args]);
  const uuid = randomUUID();
  await ceph('osd', 'new', uuid);
  await run('ceph-osd', ['-c', confOf(folder), '-i', '0', '--mkfs', '--osd-uuid', uuid]);
  await ceph('osd', 'crush', 'add', 'osd.0', '1.0', 'host=h', 'root=default');
  children.start('osd.0', 'ceph-osd', ['-i', '0']);
  await until(async () => (await ceph('osd', 'stat')).stdout.includes('1 up'));
}

/** The first to ask for the objects of gateways: it makes the pools, too. */
async function makeUser(folder: string): Promise<void> {
  const who = [
    'user',
    'create',
    '--uid=ap',
    '--display-name=AP',
    '--access-key',
    ACCESS_KEY,
    '--secret-key',
    SECRET_KEY,
  ];
  await run('radosgw-admin', ['-c', confOf(folder), '-n', 'client.rgw', ...who]);
}

async function until(ready: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + READY_MS; Date.now() < end; await sleep(100)) if (await ready()) return;
  throw new Error(`not ready within ${READY_MS / 1_000} s`);
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, timeout: 1_000 }, (reply) => {
      reply.resume();
      resolve(true);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
    asked.end();
  });

/** By itself, for work by hand: `node e2e/site/radosgw.ts` until Ctrl+C. */
if (import.meta.main) {
  const from = Date.now();
  const store = await startRadosgw();
  process.stdout.write(
    `S3_ENDPOINT=${store.endpoint} S3_ACCESS_KEY_ID=${ACCESS_KEY} S3_SECRET_ACCESS_KEY=${SECRET_KEY}\n${store.secureEndpoint}, ready after ${((Date.now() - from) / 1_000).toFixed(1)} s\n`,
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void store.stop().then(() => process.exit(0)));
  }
}
