/** Runs the checks against an endpoint and leaves nothing there. */
import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createEndpoint, createS3Client, PATIENCE } from '../s3-client.ts';
import { isAmazon, type S3Config } from '../s3-config.ts';
import { isMissing, storageError } from '../s3-error.ts';
import { createPresign } from '../s3-presign.ts';
import { purge } from '../s3-purge.ts';
import { ACCESS_CHECKS } from './access.ts';
import { BUCKET_CHECKS } from './bucket.ts';
import { type Check, reasonOf, type Trial } from './check.ts';
import { OBJECT_CHECKS } from './objects.ts';

export interface CheckResult {
  readonly name: string;
  readonly need: Check['need'];
  readonly ok: boolean;
  /** How it is done; or why it is not, and what that means. */
  readonly note: string;
}

export interface ConformanceOptions {
  readonly config: S3Config;
  /** Without: a bucket is made for the check and removed. With: `config.bucket` is used, under a prefix of the check's own. */
  readonly own: boolean;
  readonly signal: AbortSignal;
  readonly onResult: (result: CheckResult) => void;
}

const CHECKS: readonly Check[] = [...OBJECT_CHECKS, ...ACCESS_CHECKS, ...BUCKET_CHECKS];

/** Rejects with AppError where the endpoint cannot be used at all. */
export async function checkEndpoint({
  config,
  own,
  signal,
  onResult,
}: ConformanceOptions): Promise<readonly CheckResult[]> {
  const bucket = own ? `ap-check-${randomUUID()}` : config.bucket;
  const here: S3Config = { ...config, bucket, publicEndpoint: config.endpoint };
  // One try: a store that works now and then has to show it here.
  const client = createS3Client(here, { ...PATIENCE, tries: 1 });
  const prefix = `s3-check/${randomUUID()}/`;
  await enter(client, here, own);
  const wrongSecret = createS3Client({ ...here, secretAccessKey: altered(here.secretAccessKey) });
  const trial: Trial = {
    config: here,
    client,
    wrongSecret,
    presign: createPresign(here),
    Bucket: bucket,
    own,
    key: (name) => `${prefix}${name}`,
  };
  const results: CheckResult[] = [];
  try {
    for (const check of CHECKS) {
      if (signal.aborted) break;
      const result = await tried(check, trial);
      results.push(result);
      onResult(result);
    }
  } finally {
    const result = await cleaned(here, prefix, own);
    results.push(result);
    onResult(result);
    client.destroy();
    wrongSecret.destroy();
  }
  return results;
}

async function tried(check: Check, trial: Trial): Promise<CheckResult> {
  const { name, need, without } = check;
  try {
    return { name, need, ok: true, note: (await check.run(trial)) ?? '' };
  } catch (error) {
    return { name, need, ok: false, note: `${without} (${reasonOf(error)})` };
  }
}

async function enter(client: S3Client, config: S3Config, own: boolean): Promise<void> {
  const Bucket = config.bucket;
  try {
    if (!own) {
      await client.send(new HeadBucketCommand({ Bucket }));
      return;
    }
    const place =
      isAmazon(config.endpoint) && config.region !== 'us-east-1'
        ? { CreateBucketConfiguration: { LocationConstraint: config.region as 'eu-central-1' } }
        : {};
    await client.send(new CreateBucketCommand({ Bucket, ...place }));
  } catch (error) {
    throw storageError(isMissing(error) ? { name: 'NoSuchBucket' } : error, config);
  }
}

const altered = (secret: string): string => `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`;

async function cleaned(config: S3Config, prefix: string, own: boolean): Promise<CheckResult> {
  const shape = { name: 'nothing left', need: 'wanted' as const };
  const endpoint = createEndpoint({ config });
  const Bucket = config.bucket;
  try {
    const open = await endpoint.call('list uploads', (client) =>
      client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix })),
    );
    for (const { Key, UploadId } of open.Uploads ?? []) {
      await endpoint.call('abort', (client) => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
    }
    await purge(endpoint, prefix);
    if (own) await endpoint.call('delete bucket', (client) => client.send(new DeleteBucketCommand({ Bucket })));
    return { ...shape, ok: true, note: '' };
  } catch (error) {
    const what = own ? `bucket "${Bucket}"` : `"${prefix}" in bucket "${Bucket}"`;
    return { ...shape, ok: false, note: `Remove ${what} by hand. (${reasonOf(error)})` };
  } finally {
    endpoint.close();
  }
}
