/** Where a site keeps its bytes on a disk, it gives addresses of its own for them, as an object store does: signed, for one name and size, for a while. */
import { timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../../access/secrets.ts';

/** Long enough for 50 MiB on a slow line. */
const OPEN_MS = 15 * 60_000;

export interface PutAddress {
  of(sha256: string, size: number): { url: string; headers: Record<string, string>; expiresAt: string };
  /** Whether this server gave it, and it is not over. */
  isOurs(asked: { sha256: string; size: number; until: number; signature: string }): boolean;
}

export interface PutAddressParts {
  readonly origin: string;
  readonly site: string;
  readonly secrets: Pick<Secrets, 'digest'>;
  readonly now: () => number;
}

export function createPutAddress({ origin, site, secrets, now }: PutAddressParts): PutAddress {
  const signatureOf = (sha256: string, size: number, until: number): string =>
    secrets.digest('sync', `put ${site} ${sha256} ${size} ${until}`);
  return {
    of(sha256, size) {
      const until = now() + OPEN_MS;
      const query = new URLSearchParams({
        size: String(size),
        until: String(until),
        signature: signatureOf(sha256, size, until),
      });
      return {
        url: `${origin}/api/v1/sites/${site}/blobs/${sha256}?${query.toString()}`,
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
        expiresAt: new Date(until).toISOString(),
      };
    },
    isOurs({ sha256, size, until, signature }) {
      const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(sha256, size, until))];
      return now() <= until && given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
