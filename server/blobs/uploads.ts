/**
 * The port of uploads that do not pass through the server: somebody with a presigned address puts bytes beside the blobs, and they become one only when the
 * server has read and proved them. Stores without such addresses (a disk) have no such port.
 */
import type { BlobStat } from './blobs.ts';
import type { Tickets } from './upload-ticket.ts';

export interface Promised {
  readonly sha256: string;
  readonly size: number;
  /** For stores that check nothing else of a presigned upload: base64, as in HTTP. */
  readonly md5?: string;
}

export interface PresignedPut {
  readonly id: string;
  readonly method: 'PUT';
  readonly url: string;
  /** To be sent exactly so; with `content-length` they are part of the signature. */
  readonly headers: Readonly<Record<string, string>>;
  readonly size: number;
  readonly expiresAt: string;
}

export interface PresignedParts {
  readonly id: string;
  readonly expiresAt: string;
  /** In the order of the file, each put by itself, in any order, as often as needed. */
  readonly parts: readonly (Omit<PresignedPut, 'id' | 'expiresAt'> & {
    readonly number: number;
    readonly start: number;
  })[];
}

/** The ids of `presignPut` are for this server alone; `ticketOf` makes what may be given to whoever asked. */
export interface Uploads extends Tickets {
  /** `name`: a UUID of the caller's choice, so that the id need not be remembered (`idOf`); a new one by default. */
  presignPut(promised: Promised, expiresSeconds?: number, name?: string): Promise<PresignedPut>;
  idOf(name: string, promised: Pick<Promised, 'sha256' | 'size'>): string;
  /** For files that one connection may not carry to the end. */
  presignParts(promised: Promised, expiresSeconds?: number): Promise<PresignedParts>;
  /**
   * What was uploaded becomes a blob. Rejects with AppError: `not_found` where nothing (or not all) is there, `invalid_value` where it is something else than
   * was promised (it is removed then). Asked again after it was done, it answers the same with `existed`.
   */
  adopt(id: string): Promise<BlobStat & { existed: boolean }>;
  abandon(id: string): Promise<void>;
  /** Removes what nobody adopted, and parts of broken uploads, begun longer ago than this. Resolves to how many. */
  clean(olderThanMs?: number): Promise<number>;
}
