/** `S3_*` (or the older `MINIO_*`) -> where the blobs are. `start.ts` and the command line hand their environment in. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

const Flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });
const Bucket = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    '3 to 63 lower-case letters, digits, dots and hyphens, as S3 wants them',
  );

const Environment = z.object({
  S3_ENDPOINT: z.string().min(1).optional(),
  /** The endpoint as stations and browsers reach it, where that differs: presigned addresses name it. */
  S3_PUBLIC_ENDPOINT: z.string().min(1).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_BUCKET: Bucket.default('ap-intake'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_ACCESS_KEY_ID_FILE: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY_FILE: z.string().min(1).optional(),
  S3_FORCE_PATH_STYLE: Flag.optional(),
  /** Certificates (PEM) of a private authority that signed the endpoint's. */
  S3_CA_FILE: z.string().min(1).optional(),
  /** An endpoint without TLS that is not this machine: only inside a network of one's own. */
  S3_ALLOW_HTTP: Flag.default(false),
  S3_PRESIGN_BINDING: z.enum(['payload', 'checksum']).optional(),
});

/** The same things under the names that set-ups made for MinIO have. The new name wins where both are given. */
const OLDER: Readonly<Record<string, readonly string[]>> = {
  S3_ENDPOINT: ['MINIO_ENDPOINT'],
  S3_REGION: ['MINIO_REGION', 'MINIO_SITE_REGION', 'AWS_REGION'],
  S3_BUCKET: ['MINIO_BUCKET', 'MINIO_BUCKET_NAME'],
  S3_ACCESS_KEY_ID: ['S3_ACCESS_KEY', 'MINIO_ACCESS_KEY', 'MINIO_ROOT_USER'],
  S3_ACCESS_KEY_ID_FILE: ['MINIO_ACCESS_KEY_FILE', 'MINIO_ROOT_USER_FILE'],
  S3_SECRET_ACCESS_KEY: ['S3_SECRET_KEY', 'MINIO_SECRET_KEY', 'MINIO_ROOT_PASSWORD'],
  S3_SECRET_ACCESS_KEY_FILE: ['MINIO_SECRET_KEY_FILE', 'MINIO_ROOT_PASSWORD_FILE'],
};

export interface S3Config {
  /** Scheme, host and port. */
  readonly endpoint: string;
  readonly publicEndpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `https://host/bucket/key` rather than `https://bucket.host/key`. */
  readonly pathStyle: boolean;
  readonly ca: string | undefined;
  /**
   * What ties a presigned upload to its bytes: the hash of the payload in the signature (Ceph, MinIO and their like check it), or the checksum header
   * (Amazon checks that one). `ap-intake s3-check` tries both.
   */
  readonly presignBinding: 'payload' | 'checksum';
}

type Variables = Readonly<Record<string, string | undefined>>;
type Problems = string[];

/** Undefined where nothing names an endpoint: the blobs are on disk then. Throws with one line a wrong variable; no value of a key is ever in it. */
export function readS3Config(
  environment: Variables,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): S3Config | undefined {
  const given = named(environment);
  if (given['S3_ENDPOINT'] === undefined) return undefined;
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const env = parsed.data;
  const problems: Problems = [];
  const from = { given, readFile, problems };
  const secure = Flag.safeParse(environment['MINIO_SECURE'] ?? 'true').data ?? true;
  const endpoint = address('S3_ENDPOINT', env.S3_ENDPOINT ?? '', { secure, allowHttp: env.S3_ALLOW_HTTP }, problems);
  const config: S3Config = {
    endpoint,
    publicEndpoint:
      env.S3_PUBLIC_ENDPOINT === undefined
        ? endpoint
        : address('S3_PUBLIC_ENDPOINT', env.S3_PUBLIC_ENDPOINT, { secure, allowHttp: env.S3_ALLOW_HTTP }, problems),
    region: env.S3_REGION,
    bucket: env.S3_BUCKET,
    accessKeyId: secret('S3_ACCESS_KEY_ID', from),
    secretAccessKey: secret('S3_SECRET_ACCESS_KEY', from),
    pathStyle: env.S3_FORCE_PATH_STYLE ?? !isAmazon(endpoint),
    ca: env.S3_CA_FILE === undefined ? undefined : fileText('S3_CA_FILE', env.S3_CA_FILE, from),
    presignBinding: env.S3_PRESIGN_BINDING ?? (isAmazon(endpoint) ? 'checksum' : 'payload'),
  };
  if (problems.length > 0) throw invalid(problems);
  return config;
}

const invalid = (lines: readonly string[]): Error =>
  new Error(`The settings of the S3 storage are not valid:\n${lines.join('\n')}`);

/** Empty means "not given", and older names stand in for missing ones. */
function named(environment: Variables): Record<string, string> {
  const isGiven = (name: string): boolean => (environment[name] ?? '') !== '';
  const result: Record<string, string> = {};
  for (const name of Object.keys(Environment.shape)) {
    // A container that has the keys of the storage itself beside ours (MINIO_ROOT_PASSWORD) shall not be told to choose.
    const twin = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`;
    const names = isGiven(twin) ? [name] : [name, ...(OLDER[name] ?? [])];
    const found = names.find(isGiven);
    if (found !== undefined) result[name] = environment[found] ?? '';
  }
  return result;
}

function address(
  name: string,
  text: string,
  { secure, allowHttp }: { secure: boolean; allowHttp: boolean },
  problems: Problems,
): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `${secure ? 'https' : 'http'}://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    problems.push(`${name}: an address such as https://s3.example.com or https://10.0.0.5:9000`);
    return '';
  }
  if (url.username !== '' || url.password !== '') problems.push(`${name}: keys have variables of their own`);
  if (url.pathname !== '/' || url.search !== '')
    problems.push(`${name}: host and port alone; the bucket goes to S3_BUCKET`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowHttp) {
    problems.push(
      `${name}: http:// would send documents unencrypted; use https://, or S3_ALLOW_HTTP=true inside a network that nobody else reaches`,
    );
  }
  return url.origin;
}

export const isAmazon = (endpoint: string): boolean =>
  /\.amazonaws\.com(\.cn)?$/.test(URL.parse(endpoint)?.hostname ?? '');

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '[::1]') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

interface Source {
  readonly given: Readonly<Record<string, string>>;
  readonly readFile: (path: string) => string;
  readonly problems: Problems;
}

/** The value, or the file that a container's secret is mounted at; both at once is a mistake that is better not guessed about. */
function secret(name: string, from: Source): string {
  const value = from.given[name];
  const file = from.given[`${name}_FILE`];
  if (value !== undefined && file !== undefined) from.problems.push(`${name}: give it or ${name}_FILE, not both`);
  if (value !== undefined) return value;
  if (file === undefined) {
    from.problems.push(`${name}: missing (or ${name}_FILE)`);
    return '';
  }
  const text = fileText(`${name}_FILE`, file, from).trim();
  if (text === '') from.problems.push(`${name}_FILE: nothing in it`);
  return text;
}

function fileText(name: string, path: string, { readFile, problems }: Source): string {
  try {
    return readFile(path);
  } catch {
    problems.push(`${name}: ${path} cannot be read`);
    return ' ';
  }
}
