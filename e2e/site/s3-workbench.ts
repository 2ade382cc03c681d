/** What the tests of S3 need beside the product: a gateway, a bucket, and looks below the ports. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createS3Client } from '../../server/blobs/s3-client.ts';
import { readS3Config, type S3Config } from '../../server/blobs/s3-config.ts';
import { createS3Storage, type S3Options, type S3Storage } from '../../server/blobs/s3.ts';
import { ACCESS_KEY, type Radosgw, SECRET_KEY } from './radosgw.ts';
import { sharedRadosgw } from './shared-radosgw.ts';

export interface Workbench {
  readonly gateway: Radosgw;
  readonly environment: Readonly<Record<string, string>> & { readonly S3_ENDPOINT: string };
  readonly config: S3Config;
  /** Of the caches. */
  readonly folder: string;
  readonly storage: S3Storage;
  /** Another one, as of another process. */
  open(more?: Partial<S3Options>): Promise<S3Storage>;
  withClient<T>(use: (client: S3Client) => Promise<T>): Promise<T>;
  /** All versions and marks of deletion. */
  keysUnder(prefix: string): Promise<string[]>;
  openUploads(prefix: string): Promise<number>;
  buckets(): Promise<string[]>;
  /** Below the ports. */
  putRaw(key: string, bytes: Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorkbench(): Promise<Workbench> {
  const gateway = await sharedRadosgw();
  const folder = mkdtempSync(join(tmpdir(), 's3-'));
  const environment = {
    S3_ENDPOINT: gateway.endpoint,
    // The store is shared with other test files.
    S3_BUCKET: `invoices-${randomUUID().slice(0, 8)}`,
    S3_ACCESS_KEY_ID: ACCESS_KEY,
    S3_SECRET_ACCESS_KEY: SECRET_KEY,
  };
  const config = readS3Config(environment) as S3Config;
  const opened: S3Storage[] = [];
  const open = async (more: Partial<S3Options> = {}): Promise<S3Storage> => {
    const made = await createS3Storage({ config, folder, ...more });
    opened.push(made);
    return made;
  };
  return {
    gateway,
    environment,
    config,
    folder,
    open,
    storage: await open(),
    ...looks(config),
    async stop() {
      for (const each of opened) each.close();
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function looks(config: S3Config) {
  const Bucket = config.bucket;
  async function withClient<T>(use: (client: S3Client) => Promise<T>): Promise<T> {
    const client = createS3Client(config);
    try {
      return await use(client);
    } finally {
      client.destroy();
    }
  }
  return {
    withClient,
    keysUnder: (Prefix: string): Promise<string[]> =>
      withClient(async (client) => {
        const { Versions = [], DeleteMarkers = [] } = await client.send(
          new ListObjectVersionsCommand({ Bucket, Prefix }),
        );
        return [...Versions, ...DeleteMarkers].map((one) => one.Key ?? '');
      }),
    openUploads: (Prefix: string): Promise<number> =>
      withClient(async (client) => {
        const found = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }));
        return found.Uploads?.length ?? 0;
      }),
    buckets: (): Promise<string[]> =>
      withClient(async (client) => {
        const found = await client.send(new ListBucketsCommand({}));
        return (found.Buckets ?? []).map((one) => one.Name ?? '');
      }),
    putRaw: async (Key: string, Body: Uint8Array): Promise<void> => {
      await withClient((client) => client.send(new PutObjectCommand({ Bucket, Key, Body })));
    },
  };
}

/** As a browser or a station puts to a presigned address: the status. */
export const sendTo = (
  { url, headers }: { url: string; headers: Readonly<Record<string, string>> },
  body: Uint8Array,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const put = request(url, { method: 'PUT', headers: { ...headers, 'content-length': body.length } }, (reply) => {
      reply.resume();
      reply.once('end', () => resolve(reply.statusCode ?? 0));
    });
    put.once('error', reject);
    put.end(body);
  });
