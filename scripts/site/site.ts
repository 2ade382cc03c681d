/** A whole site of real processes, as DEPLOYMENT.md draws it: nginx, three replicas of the API, workers, pgbouncer, Postgres, Redis, S3. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNames, startNginx } from '../images/nginx-harness.ts';
import { type Children, createChildren } from './children.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { freePort } from './ports.ts';
import { createReplica, type Kind, type Replica, runCli } from './processes.ts';
import { startStores, type Stores, type Way } from './stores.ts';

export const SITES = ['main', 'north'] as const;
const REPLICAS: readonly (readonly [Kind, number])[] = [
  ['api', 3],
  ['worker', 2],
  ['validation', 1],
];

export interface RunningSite {
  readonly origin: string;
  readonly ca: string;
  /** The operator's own door: nginx without TLS, on loopback. */
  readonly innerOrigin: string;
  readonly port: number;
  readonly internalPort: number;
  readonly stores: Stores;
  readonly children: Children;
  readonly replicas: readonly Replica[];
  readonly env: Readonly<Record<string, string>>;
  /** Through nginx; `from` is the caller's own address. */
  http(options?: Pick<HttpOptions, 'from'>): ReturnType<typeof createHttp>;
  accessLog(): string;
  cli(...args: string[]): Promise<string>;
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export interface SiteWays {
  /** A way to what listens there, as the port on loopback that leads to it: of the object store first, of nginx then. Nothing comes in by another one. */
  readonly by: Way;
}

export async function startSite(abort: AbortSignal, ways?: SiteWays): Promise<RunningSite> {
  const folder = mkdtempSync(join(tmpdir(), 'ap-test-site-'));
  // Postgres and pgbouncer look into it as users of their own.
  chmodSync(folder, 0o711);
  const children = createChildren(join(folder, 'logs'));
  const stopping: (() => Promise<unknown> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const clients = new Set<ReturnType<typeof createHttp>>();
  const stop = async (): Promise<void> => {
    for (const client of clients) client.close();
    for (const one of stopping.splice(0).toReversed()) await one();
  };
  try {
    const stores = await startStores(children, join(folder, 'site'), ways?.by);
    stopping.push(() => stores.stop());
    stopping.push(() => children.stopAll());
    abort.throwIfAborted();
    const [port, internalPort, boardPort] = [await freePort(), await freePort(), await freePort()];
    const replicas: Replica[] = [];
    const names = await startNames(() => replicas.filter(({ kind }) => kind === 'api').map(({ address }) => address));
    stopping.push(() => names.close());
    const nginx = await startNginx({ api: port, internal: internalPort, names: names.port });
    stopping.push(() => nginx.close());
    const { https } = nginx.ports;
    const origin = `https://127.0.0.1:${(await ways?.by({ host: '127.0.0.1', port: https })) ?? https}`;
    const env = environment(stores, folder, origin);
    const cli = (...args: string[]): Promise<string> => runCli(args, env);
    await runCli(['migrate'], {
      DATABASE_URL: stores.ownerUrl,
      DATABASE_PASSWORD_FILE: stores.secret('db_owner_password'),
    });
    await again(3, () => cli('s3-prepare'));
    for (const [kind, count] of REPLICAS)
      for (let index = 0; index < count; index += 1)
        replicas.push(createReplica({ children, folder, port, internalPort, boardPort, env }, kind, index));
    const ready = async (): Promise<void> => void (await Promise.all(replicas.map((one) => one.ready())));
    await ready();
    abort.throwIfAborted();
    return {
      origin,
      ca: nginx.ca,
      innerOrigin: `http://127.0.0.1:${nginx.ports.inner}`,
      port,
      internalPort,
      stores,
      children,
      replicas,
      env,
      http(options = {}) {
        const made = createHttp({ origin, ca: nginx.ca, ...options });
        clients.add(made);
        return made;
      },
      accessLog: () => nginx.accessLog(),
      cli,
      ready,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As `restart: on-failure:3`. */
async function again<T>(times: number, work: () => Promise<T>): Promise<T> {
  for (let left = times; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

function environment(stores: Stores, folder: string, origin: string): Record<string, string> {
  const key = join(folder, 'site-key');
  writeFileSync(key, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return {
    PUBLIC_URL: origin,
    SITES: SITES.join(','),
    SITE_KEY_FILE: key,
    TRUST_PROXY: '127.0.0.1',
    DATABASE_URL: stores.databaseUrl,
    DATABASE_PASSWORD_FILE: stores.secret('db_app_password'),
    REDIS_URL: stores.redis.url,
    REDIS_PASSWORD_FILE: stores.secret('redis_password'),
    ...stores.s3,
  };
}
