/**
 * What a site's database does for sync, beside `Store`: takes in the operations of stations, gives its log out page by page, and knows which bytes are still to come.
 * Only a site on Postgres has it; a station has a port of its own (station-sync-store.ts). Each call is one transaction.
 */
import type { NewJob } from '../../core/contract/jobs.ts';
import type { PushReply } from '../../core/contract/sync-http.ts';
import type { Role } from '../../core/access/roles.ts';
import type { ArrivedOp } from '../../core/sync/arrived.ts';
import type { BatchJudgement, ReadBatch } from '../../core/sync/push.ts';
import type { OpContent } from '../../core/sync/op.ts';
import type { Writer } from '../../core/sync/verdict.ts';
import type { HubSnapshots } from './hub-snapshots.ts';

export interface PushWish {
  /** Read and proved already: nothing of it is looked at again behind the lock. */
  readonly batch: ReadBatch;
  /** The key that proved it; null for a device of the site itself. */
  readonly publicKey: string | null;
  readonly roles: readonly Role[];
  /** The station that wrote it, where the site knows it. */
  readonly writer?: Writer | undefined;
  /** Jobs that go into the same transaction as these, which were accepted: whoever is to be told of them. */
  readonly jobsOf: (accepted: readonly ArrivedOp[]) => readonly NewJob[];
}

export type PushOutcome =
  | {
      readonly kind: 'ok';
      /** The same for the same batch, whether it is here for the first time or not. */
      readonly reply: PushReply;
      readonly fresh: number;
      readonly refused: number;
      /** Invoices that have to be shown again: each has a waiting job. */
      readonly roots: readonly string[];
    }
  | Exclude<BatchJudgement, { readonly kind: 'ok' }>;

export interface SiteHistory {
  /** The site's own device. */
  readonly device: string;
  readonly epoch: number;
  readonly seq: number;
  readonly siteHash: string;
  readonly durableSeq: number;
}

export interface LogRow {
  readonly seq: number;
  readonly device: string;
  readonly devSeq: number;
  readonly body: string;
  readonly hash: string;
  readonly siteHash: string;
  readonly verdict: string;
  readonly headSig: string | null;
  /** By which its batch was judged, where it ends here and that is known. */
  readonly role?: string | null;
  /** null where it was erased, or has not come. */
  readonly content: OpContent | null;
  readonly erasedBy: string | null;
}

export interface LogPage {
  readonly history: SiteHistory;
  /** Dense from the number asked for on; ends where a batch ended. */
  readonly rows: readonly LogRow[];
}

export interface KnownDevice {
  readonly device: string;
  readonly publicKey: string | null;
  /** The site's own, of this or an earlier epoch. */
  readonly bySite: boolean;
}

export type WaitedFor = 'document' | 'reading';

export interface HubStore {
  readonly snapshots: HubSnapshots;
  push(wish: PushWish): Promise<PushOutcome>;
  history(): Promise<SiteHistory>;
  /** At most `limit` operations after `after`, unless the batch that the last one is of is longer. */
  page(after: number, limit: number): Promise<LogPage>;
  /** Those of them that the log knows. */
  devices(ids: readonly string[]): Promise<readonly KnownDevice[]>;
  /** As what each of these bytes is waited for. */
  waitedFor(sha256s: readonly string[]): Promise<ReadonlyMap<string, WaitedFor>>;
  /** They have come: what they belong to is shown again. */
  arrived(sha256s: readonly string[]): Promise<void>;
  /** They came and are not what they should be. */
  refuseBlob(sha256: string, reason: string): Promise<void>;
  /** Why, of those that were refused and are no documents. */
  refusedBlobs(sha256s: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Those of them that an erasure took away. */
  erasedBlobs(sha256s: readonly string[]): Promise<readonly string[]>;
  /** Bytes that are waited for. */
  missingBlobs(): Promise<number>;
  /** As `Store.conflictTotals`. */
  openConflicts(): Promise<number>;
  /** Operations up to here are in a verified backup. */
  keepDurable(seq: number): Promise<void>;
  /**
   * The site was brought back from an older copy: its history is a new one, and its own device a new one, so that what it wrote after the copy can be offered again.
   * Returns the new epoch.
   */
  raiseEpoch(): Promise<number>;
}
