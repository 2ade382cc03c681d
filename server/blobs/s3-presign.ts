/** Addresses that carry a signature of their own (Signature Version 4 in the query), bound to one key, one length and, where the store checks it, one hash. */
import type { S3Config } from './s3-config.ts';
import { createSigner, escaped, placesIn, SHA_HEADER } from './s3-signer.ts';

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

export function createPresign(config: S3Config): Presign {
  const { base, host, pathOf } = placesIn(config.publicEndpoint, config);
  const signer = createSigner(config);
  return async ({ method, key, query = {}, headers = {}, expiresSeconds, at }) => {
    const path = pathOf(key);
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
