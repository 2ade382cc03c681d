/** Postgres, pgbouncer, Redis and S3 of a run: the real programs with the site's own configuration (build/site), on loopback. */
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCESS_KEY, SECRET_KEY, startRadosgw } from '../../e2e/site/radosgw.ts';
import { withClient } from '../../server/store/postgres/clients.ts';
import { type Cluster, startCluster } from '../../server/store/testing-cluster.ts';
import { SITE } from '../images/paths.ts';
import { type Children, run, type Started } from './children.ts';
import { freePort } from './ports.ts';
import { POSTGRES, program } from './tools.ts';

/** As `postgres` and whoever else comes in by a secret. Debian gives this number to `nobody`. */
const NOBODY = 65_534;
const PSQL = join(POSTGRES, 'bin', 'psql');
const OPERATOR = 'for-the-operator-of-a-test';

export interface Stores {
  readonly folder: string;
  readonly secret: (name: string) => string;
  readonly postgres: Cluster;
  readonly redis: RedisServer;
  /** Of the program's serving role, by pgbouncer. */
  readonly databaseUrl: string;
  /** Of the owner, straight to Postgres. */
  readonly ownerUrl: string;
  readonly s3: Readonly<Record<string, string>>;
  /** One statement as the superuser, straight to Postgres; the values of its rows as text. */
  sql(statement: string, values?: readonly unknown[]): Promise<string[][]>;
  stop(): Promise<void>;
}

export interface RedisServer {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** As the operator, who may everything. */
  ask(...command: string[]): Promise<string>;
}

/** A copy of build/site, with secrets of this run alone, made by the site's own script. */
async function makeSecrets(folder: string): Promise<(name: string) => string> {
  cpSync(SITE, folder, { recursive: true });
  await run('/bin/sh', [join(folder, 'scripts', 'make-secrets.sh')]);
  // Each program reads its own as a user of its own; in a container they are mounted.
  chmodSync(join(folder, 'secrets'), 0o755);
  for (const [name, value] of [
    ['s3_access_key', ACCESS_KEY],
    ['s3_secret_key', SECRET_KEY],
  ] as const) {
    chmodSync(join(folder, 'secrets', name), 0o644);
    writeFileSync(join(folder, 'secrets', name), value);
  }
  return (name) => join(folder, 'secrets', name);
}

function change(file: string, changes: readonly (readonly [RegExp, string])[]): void {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    if (!from.test(text)) throw new Error(`${file} has no ${from.source} any more`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

/** The settings of docker-compose.yml that matter to a test, and passwords for everybody but the superuser. */
async function startPostgres(folder: string): Promise<Cluster> {
  const cluster = await startCluster({
    native: POSTGRES,
    durable: true,
    settings: [
      'shared_buffers=256MB',
      'effective_cache_size=640MB',
      'work_mem=8MB',
      'max_connections=100',
      'password_encryption=scram-sha-256',
      'idle_in_transaction_session_timeout=60s',
    ],
  });
  const psql = (...args: string[]) => run(PSQL, ['-X', '-qtA', '-v', 'ON_ERROR_STOP=1', ...args, cluster.url]);
  const hba = (await psql('-c', 'SHOW hba_file')).trim();
  const lines = ['host all postgres 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256', ''];
  writeFileSync(hba, lines.join('\n'));
  await psql('-c', 'SELECT pg_reload_conf()');
  const roles = join(folder, 'postgres', 'init', '10-roles.sql');
  change(roles, [[/\/run\/secrets/g, join(folder, 'secrets')]]);
  await psql('-f', roles);
  return cluster;
}

async function startPgbouncer(children: Children, folder: string, postgres: number): Promise<number> {
  const port = await freePort();
  const file = join(folder, 'pgbouncer', 'pgbouncer.ini');
  change(file, [
    [/host=postgres port=5432/, `host=127.0.0.1 port=${postgres}`],
    [/listen_addr = 0\.0\.0\.0/, 'listen_addr = 127.0.0.1'],
    [/listen_port = 6432/, `listen_port = ${port}`],
    [/\/run\/secrets/, join(folder, 'secrets')],
  ]);
  children.start('pgbouncer', program('pgbouncer'), [file], { uid: NOBODY, gid: NOBODY });
  return port;
}

async function startRedis(children: Children, folder: string, data: string): Promise<RedisServer> {
  const port = await freePort();
  const file = join(folder, 'redis', 'redis.conf');
  const users = join(folder, 'secrets', 'redis_users');
  change(file, [
    [/^bind .*$/m, 'bind 127.0.0.1'],
    [/^port 6379$/m, `port ${port}`],
    [/\/run\/secrets/, join(folder, 'secrets')],
    [/^dir .*$/m, `dir ${data}`],
  ]);
  // The program's own user may not empty it.
  chmodSync(users, 0o644);
  writeFileSync(users, `${readFileSync(users, 'utf8')}user operator on >${OPERATOR} ~* &* +@all\n`);
  let server: Started;
  const ask = async (...command: string[]): Promise<string> =>
    (
      await run(program('redis-cli'), ['-p', String(port), '--user', 'operator', '--no-auth-warning', ...command], {
        REDISCLI_AUTH: OPERATOR,
      })
    ).trim();
  const start = async (): Promise<void> => {
    server = children.start('redis', program('redis-server'), [file]);
    for (let tries = 0; (await ask('ping').catch(() => '')) !== 'PONG'; tries += 1) {
      if (tries > 200) throw new Error(`Redis does not answer: ${children.said('redis')}`);
      await sleep(25);
    }
  };
  await start();
  return { url: `redis://127.0.0.1:${port}/0`, start, ask, kill: () => server.kill() };
}

export type Way = (address: { readonly host: string; readonly port: number }) => Promise<number>;

/** As stations reach it from outside: they send nothing without TLS where the site has it. */
async function byAnotherWay(by: Way, endpoint: string, ca: string): Promise<Record<string, string>> {
  const url = new URL(endpoint);
  const port = await by({ host: url.hostname, port: Number(url.port) });
  return { S3_ENDPOINT: `https://${url.hostname}:${port}`, S3_CA_FILE: ca };
}

/** `by`: another way to the object store (site.ts). */
export async function startStores(children: Children, folder: string, by?: Way): Promise<Stores> {
  const secret = await makeSecrets(folder);
  const stopping: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stopping.splice(0).toReversed()) await one();
  };
  const keep = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  try {
    const gateway = startRadosgw();
    // Its failure is told below, whatever fails before.
    gateway.catch(() => undefined);
    stopping.push(async () => (await gateway.catch(() => undefined))?.stop());
    const postgres = await startPostgres(folder);
    stopping.push(() => postgres.stop());
    const bouncer = await startPgbouncer(children, folder, postgres.port);
    const redis = await startRedis(children, folder, folder);
    const { endpoint, secureEndpoint, ca } = await gateway;
    return {
      folder,
      secret,
      postgres,
      redis,
      databaseUrl: `postgres://app_server@127.0.0.1:${bouncer}/ap_intake`,
      ownerUrl: `postgres://app_owner@127.0.0.1:${postgres.port}/ap_intake`,
      s3: {
        ...(by === undefined
          ? { S3_ENDPOINT: endpoint }
          : await byAnotherWay(by, secureEndpoint, keep('s3-ca.pem', ca))),
        S3_ACCESS_KEY_ID_FILE: secret('s3_access_key'),
        S3_SECRET_ACCESS_KEY_FILE: secret('s3_secret_key'),
      },
      async sql(statement, values = []) {
        const url = new URL(postgres.url);
        url.pathname = '/ap_intake';
        const { rows } = await withClient({ connectionString: url.href, connectionTimeoutMillis: 2_000 }, (client) =>
          client.query<unknown[]>({ text: statement, values: [...values], rowMode: 'array' }),
        );
        return rows.map((row) => row.map(String));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
