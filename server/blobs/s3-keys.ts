/**
 * Names in the bucket: `<site>/ab/cd/<sha256>` for what is kept, `incoming/<site>/<upload>` for what somebody else is putting there. The site stands in every
 * key: the same bytes of two sites are two objects, so that no site learns what another one has. One prefix holds everything that may expire.
 */
import { AppError } from '../../core/contract/errors.ts';

export const INCOMING = 'incoming/';
const SHA = /^[0-9a-f]{64}$/;
const SITE = /^[a-z0-9][a-z0-9-]{0,62}$/;
const UPLOAD = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-(\d{1,15})-([0-9a-f]{64})$/;

export interface UploadId {
  readonly size: number;
  readonly sha256: string;
}

export function keysOf(site: string) {
  if (!SITE.test(site) || `${site}/` === INCOMING) {
    throw new AppError(
      'bad_request',
      `"${site}" cannot be the name of a site: lower-case letters, digits and hyphens.`,
    );
  }
  return {
    blob: (sha256: string): string => `${site}/${checked(sha256).slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`,
    /** Everything kept of the site. */
    blobs: `${site}/`,
    incoming: (id: string): string => `${INCOMING}${site}/${id}`,
    /** Everything being uploaded to the site. */
    uploads: `${INCOMING}${site}/`,
  };
}

export type Keys = ReturnType<typeof keysOf>;

export function checked(sha256: string): string {
  if (!SHA.test(sha256)) throw new AppError('bad_request', `"${sha256}" is no sha256 in lower-case hex.`);
  return sha256;
}

/** The id of an upload says what was promised: nothing about it has to be remembered. The server trusts it for nothing else than that. */
export const uploadId = (uuid: string, { size, sha256 }: UploadId): string => `${uuid}-${size}-${sha256}`;

export function readUploadId(id: string): UploadId {
  const [, , size, sha256] = UPLOAD.exec(id) ?? [];
  if (size === undefined || sha256 === undefined) throw new AppError('bad_request', 'This is not the id of an upload.');
  return { size: Number(size), sha256 };
}
