/** Environment -> configuration of a site's server. `cli/serve.ts` hands its environment in. Secrets come as files; no value of one is ever in an error. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type AccessSettings, readAccessSettings } from '../access/settings.ts';
import { readS3Config, type S3Config } from '../blobs/s3-config.ts';
import { refuseExampleValues } from '../example-values.ts';
import { checkRedisUrl } from '../queue/redis-url.ts';
import { readDatabaseUrl } from '../store/postgres/url.ts';

export const SERVICES = ['api', 'sync', 'worker', 'validation'] as const;
export type Service = (typeof SERVICES)[number];

const Port = z.coerce.number().int().min(0).max(65_535);

const Environment = z.object({
  /** For SQLite and documents, where neither a database nor S3 is named. */
  AP_DATA: z.string().min(1).optional(),
  /** A folder that may be lost: documents on their way in and out, pictures of pages. */
  AP_CACHE: z.string().min(1).optional(),
  AP_PORT: Port.default(8000),
  /** /metrics, /health and /health/ready of every role. */
  AP_INTERNAL_PORT: Port.default(9464),
  /** The board of the queues, where there is a Redis. */
  AP_BOARD_PORT: Port.default(5555),
  /** The address to listen at. A container has one of its own; nginx stands in front. */
  AP_HOST: z.string().min(1).default('0.0.0.0'),
  AP_UI: z.string().min(1).optional(),
  AP_WORKER_FILE: z.string().min(1).optional(),
  AP_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  /** Connections to the database of one process: half of them for sign-ins. */
  AP_DATABASE_POOL: z.coerce.number().int().min(4).max(100).default(10),
  /** Operations of a log from which on a new station begins with a snapshot instead of reading it (docs/snapshots.md). */
  AP_SNAPSHOT_FROM: z.coerce.number().int().min(1).optional(),
  /** Requests a second that one site may make of one process; twice as many at once. */
  AP_SITE_RATE: z.coerce.number().int().min(1).max(100_000).default(200),
  AP_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  REDIS_URL: z.string().min(1).optional(),
  REDIS_PASSWORD_FILE: z.string().min(1).optional(),
  REDIS_CA_FILE: z.string().min(1).optional(),
  /** Receivers of webhooks that are on a private network, and may speak plain http: `erp.internal`, `10.0.0.7:8080`. */
  WEBHOOK_PRIVATE_HOSTS: z.string().default(''),
});

export interface SiteConfig {
  readonly services: ReadonlySet<Service>;
  readonly access: AccessSettings;
  readonly databaseUrl: string | undefined;
  readonly databasePool: number;
  readonly redis: { readonly url: string; readonly ca: string | undefined } | undefined;
  readonly s3: S3Config | undefined;
  readonly webhookPrivateHosts: readonly string[];
  /** Of SQLite and of blobs on disk. */
  readonly data: string | undefined;
  readonly cache: string;
  readonly host: string;
  readonly port: number;
  readonly internalPort: number;
  readonly boardPort: number;
  readonly ui: string | undefined;
  readonly workerFile: string | undefined;
  readonly threads: number | undefined;
  readonly snapshotFrom: number | undefined;
  /** Requests a second of one site at this process. */
  readonly siteRate: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

type Variables = Readonly<Record<string, string | undefined>>;

export function readServices(text: string | undefined): ReadonlySet<Service> {
  const wanted = (text ?? SERVICES.join(',')).split(',').map((part) => part.trim());
  const foreign = wanted.find((name) => !(SERVICES as readonly string[]).includes(name));
  if (foreign !== undefined)
    throw new Error(`--services: there is no "${foreign}"; there are ${SERVICES.join(', ')}, several with commas`);
  return new Set(wanted as Service[]);
}

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** Throws with sentences that name the variable and the way out. */
export function readSiteConfig(environment: Variables, services: ReadonlySet<Service>): SiteConfig {
  refuseExampleValues(environment, (path) => {
    try {
      return readFile(path);
    } catch {
      // Whoever needs the file says that it cannot be read.
      return undefined;
    }
  });
  // An empty variable means "not given": shells and service files cannot unset.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not valid:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  const databaseUrl = readDatabaseUrl(given);
  const s3 = readS3Config(given);
  const config: SiteConfig = {
    services,
    access: readAccessSettings(given),
    databaseUrl,
    databasePool: env.AP_DATABASE_POOL,
    redis: redisOf(env),
    s3,
    webhookPrivateHosts: listOf(env.WEBHOOK_PRIVATE_HOSTS),
    data: env.AP_DATA === undefined ? undefined : resolve(env.AP_DATA),
    cache: resolve(env.AP_CACHE ?? join(env.AP_DATA ?? '.', 'cache')),
    host: env.AP_HOST,
    port: env.AP_PORT,
    internalPort: env.AP_INTERNAL_PORT,
    boardPort: env.AP_BOARD_PORT,
    ui: env.AP_UI === undefined ? undefined : resolve(env.AP_UI),
    workerFile: env.AP_WORKER_FILE === undefined ? undefined : resolve(env.AP_WORKER_FILE),
    threads: env.AP_THREADS,
    snapshotFrom: env.AP_SNAPSHOT_FROM,
    siteRate: env.AP_SITE_RATE,
    logLevel: env.AP_LOG_LEVEL,
  };
  refuseMixtures(config);
  return config;
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function redisOf(env: z.infer<typeof Environment>): SiteConfig['redis'] {
  if (env.REDIS_URL === undefined) return undefined;
  checkRedisUrl(env.REDIS_URL);
  const url = new URL(env.REDIS_URL);
  if (env.REDIS_PASSWORD_FILE !== undefined) {
    if (url.password !== '')
      throw new Error('REDIS_PASSWORD_FILE: there is a password in REDIS_URL already; leave one of them out');
    url.password = encodeURIComponent(fileText('REDIS_PASSWORD_FILE', env.REDIS_PASSWORD_FILE));
  }
  const ca = env.REDIS_CA_FILE === undefined ? undefined : fileText('REDIS_CA_FILE', env.REDIS_CA_FILE);
  return { url: url.href, ca };
}

function fileText(name: string, path: string): string {
  try {
    return readFile(path).replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(`${name}: ${path} cannot be read`, { cause: error });
  }
}

/** What cannot work together is said before anything is opened. */
function refuseMixtures({ services, databaseUrl, redis, s3, data, access }: SiteConfig): void {
  if (databaseUrl === undefined) {
    const lone = redis !== undefined ? 'REDIS_URL' : s3 !== undefined ? 'S3_ENDPOINT' : undefined;
    if (lone !== undefined)
      throw new Error(
        `${lone} is set and DATABASE_URL is not: several processes share a site only by a Postgres database. Set DATABASE_URL, or leave ${lone} out for a site on SQLite and one disk.`,
      );
    if (services.size < SERVICES.length)
      throw new Error(
        `Without DATABASE_URL one process does everything (SQLite belongs to one process): leave --services out, or set DATABASE_URL.`,
      );
    if (access.sites.length > 1)
      throw new Error('Without DATABASE_URL there is one site: name one in SITES, or set DATABASE_URL.');
  }
  if (data === undefined && (databaseUrl === undefined || s3 === undefined))
    throw new Error(
      `AP_DATA is missing: the folder for ${databaseUrl === undefined ? 'the database and the documents' : 'the documents (or set S3_ENDPOINT and keep them there)'}.`,
    );
}
