/** What one check of an endpoint is made of: it is tried for real, and says what the product does without it. */
import { createHash, randomBytes } from 'node:crypto';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { type GetObjectCommandOutput, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { S3Config } from '../s3-config.ts';
import { failureOf } from '../s3-error.ts';
import type { Presign } from '../s3-presign.ts';

export interface Trial {
  readonly config: S3Config;
  readonly client: S3Client;
  /** A client whose secret is wrong in one letter. */
  readonly wrongSecret: S3Client;
  readonly presign: Presign;
  readonly Bucket: string;
  /** True where the bucket was made for the check: its settings may be changed. */
  readonly own: boolean;
  /** A key under the prefix of this check. */
  key(name: string): string;
}

export interface Check {
  readonly name: string;
  /** `needed`: without it the product cannot use the store. */
  readonly need: 'needed' | 'wanted';
  /** What not having it means. */
  readonly without: string;
  /** Throws where the store does not do it. A text says more about how it does. */
  run(trial: Trial): Promise<string | void>;
}

/** Why a check says "not". */
export class Lack extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Lack';
  }
}

export function demand(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Lack(otherwise);
}

export const reasonOf = (error: unknown): string => {
  if (error instanceof Lack) return error.message;
  const { name, code, status } = failureOf(error);
  return [code || name || 'unknown error', status].filter((one) => one !== undefined && one !== '').join(', status ');
};

/** Passes where the store answers with a refusal (4xx); anything taken, and anything that is no answer, does not. */
export async function refused(attempt: Promise<unknown>, taken: string): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    const { status } = failureOf(error);
    if (error instanceof S3ServiceException && status !== undefined && status >= 400 && status < 500) return;
    throw error;
  }
  throw new Lack(taken);
}

export const bytesOf = async (reply: GetObjectCommandOutput): Promise<Buffer> =>
  Buffer.from((await reply.Body?.transformToByteArray()) ?? []);

export const sample = (size: number): Buffer => randomBytes(size);
export const hashOf = (algorithm: 'md5' | 'sha256', bytes: Uint8Array): Buffer =>
  createHash(algorithm).update(bytes).digest();

export interface Plain {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** A request without the SDK: what a browser or a stranger sends. */
export function plain({ config }: Trial, address: string, { method, headers = {}, body }: Plain): Promise<number> {
  const url = new URL(address);
  const secure = url.protocol === 'https:';
  const ca = secure && config.ca !== undefined ? { ca: config.ca } : {};
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const request = (secure ? overHttps : overHttp)(
      url,
      { method, headers: { ...headers, ...length }, timeout: 30_000, ...ca },
      (reply) => {
        reply.resume();
        reply.once('end', () => resolve(reply.statusCode ?? 0));
        reply.once('error', reject);
      },
    );
    request.once('timeout', () => request.destroy(new Lack('no answer within 30 seconds')));
    request.once('error', reject);
    request.end(body);
  });
}

/** Without any signature. */
export const openAddress = ({ config, Bucket }: Trial, path: string): string => {
  const base = new URL(config.endpoint);
  return config.pathStyle ? `${base.origin}/${Bucket}/${path}` : `${base.protocol}//${Bucket}.${base.host}/${path}`;
};
