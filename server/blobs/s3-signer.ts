/** Signature Version 4 over Node's own hashes. */
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

export const SHA_HEADER = 'x-amz-content-sha256';

export function createSigner({ accessKeyId, secretAccessKey, region }: S3Config): SignatureV4 {
  return new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
}

/** RFC 3986: `encodeURIComponent` leaves five characters that a signature does not. */
export const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.codePointAt(0)?.toString(16).toUpperCase()}`);

/** Where objects of the bucket are. */
export function placesIn(endpoint: string, { bucket, pathStyle }: S3Config) {
  const base = new URL(endpoint);
  return {
    base,
    host: pathStyle ? base.host : `${bucket}.${base.host}`,
    hostname: pathStyle ? base.hostname : `${bucket}.${base.hostname}`,
    pathOf: (key: string): string => `/${pathStyle ? `${bucket}/` : ''}${key.split('/').map(escaped).join('/')}`,
  };
}
