/** Addresses that carry a signature of their own (Signature Version 4 in the query), bound to one key, one length and, where the store checks it, one hash. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { S3Config } from './s3-config.ts';

type Data = string | ArrayBuffer | ArrayBufferView;

/** Node's hashes in the shape that the signer wants. */
class Sha256 {
  #hash: Hash | Hmac;
  readonly #secret: Data | undefined;
  constructor(secret?: Data) {
    this.#secret = secret;
    this.#hash = this.#fresh();
  }
  #fresh(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(this.#secret));
  }
  update(chunk: Data): void {
    this.#hash.update(bytesOf(chunk));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    this.#hash = this.#fresh();
  }
}

function bytesOf(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

export interface Wanted {
  readonly method: 'PUT' | 'GET' | 'HEAD';
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  /** All of them are signed and have to be sent. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly expiresSeconds: number;
  readonly at: Date;
}

export type Presign = (wanted: Wanted) => Promise<string>;

const SHA_HEADER = 'x-amz-content-sha256';

export function createPresign(config: S3Config): Presign {
  const { accessKeyId, secretAccessKey, region, bucket, pathStyle } = config;
  const base = new URL(config.publicEndpoint);
  const host = pathStyle ? base.host : `${bucket}.${base.host}`;
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  return async ({ method, key, query = {}, headers = {}, expiresSeconds, at }) => {
    const path = `/${pathStyle ? `${bucket}/` : ''}${key.split('/').map(escaped).join('/')}`;
    const signed = await signer.presign(
      {
        method,
        protocol: base.protocol,
        hostname: base.hostname,
        path,
        query: { ...query },
        headers: { host, ...(SHA_HEADER in headers ? {} : { [SHA_HEADER]: 'UNSIGNED-PAYLOAD' }), ...headers },
      },
      { expiresIn: expiresSeconds, signingDate: at, unhoistableHeaders: new Set(Object.keys(headers)) },
    );
    const pairs = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${escaped(name)}=${escaped(String(value ?? ''))}`,
    );
    return `${base.protocol}//${host}${path}?${pairs.join('&')}`;
  };
}

/** RFC 3986: `encodeURIComponent` leaves five characters that a signature does not. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.codePointAt(0)?.toString(16).toUpperCase()}`);
