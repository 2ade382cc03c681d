/** The bucket and its settings, made where they are missing. A key without the right to do so is no reason not to start: what could not be done is said. */
import {
  type CORSRule,
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../core/contract/errors.ts';
import { isAmazon } from './s3-config.ts';
import type { Endpoint } from './s3-client.ts';
import { isMissing } from './s3-error.ts';
import { INCOMING } from './s3-keys.ts';

export interface PrepareOptions {
  /** Where browsers come from that upload straight to the store; none by default. */
  readonly origins?: readonly string[];
}

export interface Preparation {
  readonly created: boolean;
  readonly versioned: boolean;
  /** A sentence each on what the operator has to do by hand. */
  readonly missing: readonly string[];
}

/** Everything that was overwritten or deleted can be had back for so long. */
const KEEP_VERSIONS_DAYS = 35;

const RULES: readonly LifecycleRule[] = [
  {
    ID: 'ap-intake-incoming',
    Status: 'Enabled',
    Filter: { Prefix: INCOMING },
    Expiration: { Days: 3 },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  },
  {
    ID: 'ap-intake-parts',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
    NoncurrentVersionExpiration: { NoncurrentDays: KEEP_VERSIONS_DAYS },
  },
];

export async function prepareBucket(endpoint: Endpoint, options: PrepareOptions = {}): Promise<Preparation> {
  const created = await ensureBucket(endpoint);
  const missing: string[] = [];
  /** Settings that a key may not change, or that a store does not have. */
  const tried = async (sentence: string, change: () => Promise<void>): Promise<boolean> => {
    try {
      await change();
      return true;
    } catch (error) {
      const reason = error instanceof AppError ? error.details['reason'] : undefined;
      // Not there at all is no matter of settings.
      if (!isMissing(error) && reason !== 's3-refused' && reason !== 's3-failing') throw error;
      missing.push(sentence);
      return false;
    }
  };
  const { bucket } = endpoint.config;
  const versioned = await tried(
    `Bucket "${bucket}" keeps no versions: turn versioning on, or a deleted or overwritten document cannot be had back.`,
    () => ensureVersioning(endpoint),
  );
  await tried(
    `Bucket "${bucket}" has no lifecycle rules: let "${INCOMING}" expire after 3 days and unfinished multipart uploads too.`,
    () => ensureLifecycle(endpoint),
  );
  const { origins = [] } = options;
  if (origins.length > 0) {
    await tried(
      `Bucket "${bucket}" does not let browsers from ${origins.join(', ')} upload: add a CORS rule for PUT.`,
      () => ensureCors(endpoint, origins),
    );
  }
  return { created, versioned, missing };
}

async function ensureBucket(endpoint: Endpoint): Promise<boolean> {
  const { bucket: Bucket, region, endpoint: address } = endpoint.config;
  try {
    await endpoint.call('bucket', (client) => client.send(new HeadBucketCommand({ Bucket })));
    return false;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  // Only Amazon wants its region said, and not for the first one.
  const place =
    isAmazon(address) && region !== 'us-east-1'
      ? { CreateBucketConfiguration: { LocationConstraint: region as 'eu-central-1' } }
      : {};
  try {
    await endpoint.call('create bucket', (client) => client.send(new CreateBucketCommand({ Bucket, ...place })));
    return true;
  } catch (error) {
    // Three replicas start at once.
    if (error instanceof AppError && error.details['code'] === 'BucketAlreadyOwnedByYou') return false;
    throw error;
  }
}

async function ensureVersioning(endpoint: Endpoint): Promise<void> {
  const Bucket = endpoint.config.bucket;
  const state = () => endpoint.call('versioning', (client) => client.send(new GetBucketVersioningCommand({ Bucket })));
  if ((await state()).Status === 'Enabled') return;
  await endpoint.call('versioning', (client) =>
    client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  );
}

/** The operator's own rules stay. */
async function ensureLifecycle(endpoint: Endpoint): Promise<void> {
  const Bucket = endpoint.config.bucket;
  const found = await unlessMissing(
    endpoint.call('lifecycle', (client) => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
  );
  const present = found?.Rules ?? [];
  if (RULES.every((rule) => present.some((one) => one.ID === rule.ID))) return;
  const others = present.filter((one) => !RULES.some((rule) => rule.ID === one.ID));
  await endpoint.call('lifecycle', (client) =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...others, ...RULES] } }),
    ),
  );
}

async function ensureCors(endpoint: Endpoint, origins: readonly string[]): Promise<void> {
  const Bucket = endpoint.config.bucket;
  const found = await unlessMissing(
    endpoint.call('cors', (client) => client.send(new GetBucketCorsCommand({ Bucket }))),
  );
  const present = found?.CORSRules ?? [];
  const allowed = present.flatMap((rule) =>
    rule.AllowedMethods?.includes('PUT') === true ? (rule.AllowedOrigins ?? []) : [],
  );
  if (origins.every((origin) => allowed.includes(origin))) return;
  const rule: CORSRule = {
    AllowedOrigins: [...origins],
    AllowedMethods: ['PUT'],
    AllowedHeaders: ['*'],
    MaxAgeSeconds: 600,
  };
  await endpoint.call('cors', (client) =>
    client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [...present, rule] } })),
  );
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
