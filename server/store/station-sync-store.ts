/**
 * What a station's database knows of its site: how far it has pulled, what the site has not acknowledged yet, which bytes are to be sent and fetched, what a
 * person should look at. Beside `Store`; each call is one transaction. Only a station has it; the site's side is a port of its own.
 */
import type { SnapshotManifest } from '../../core/contract/snapshot.ts';
import type { PageEnd, Receipt, SignedHead, Verdict } from '../../core/contract/sync-http.ts';
import type { OfferLimits } from '../../core/sync/offer.ts';
import type { OpContent } from '../../core/sync/op.ts';

/** Up to where the site's log has been taken in. */
export interface SyncPosition {
  readonly site: string;
  readonly epoch: number;
  readonly cursor: number;
  readonly siteHash: string;
}

/** The next operations of one device that the site's history of today has not shown. */
export interface Offer {
  readonly device: string;
  /** This device's own: it signs the last of them anew. */
  readonly own: boolean;
  /** No history of the site has shown them. */
  readonly isNew: boolean;
  /** Number of the first of them. */
  readonly first: number;
  /** JSON of a list of `WireOp`, as it is sent: printed once, where it is read. */
  readonly text: string;
  /** How many they are. */
  readonly count: number;
  /** Of the last of them. */
  readonly last: { readonly devSeq: number; readonly hash: string };
  /** Another device's word for them. */
  readonly signed: SignedHead | null;
  /** The key that proves it, as a page gave it. */
  readonly publicKey: string | null;
  /** The site's word for the role that it judged them by. */
  readonly receipt?: Receipt | null;
}

export type Offering =
  | { readonly kind: 'none' }
  | ({ readonly kind: 'offer' } & Offer)
  /** Nothing here proves this device's operations. */
  | { readonly kind: 'unproved'; readonly device: string };

/** An operation of a page, checked: its hash and commitment are right, the page is dense and comes to the site's hash. */
export interface CheckedOp {
  readonly seq: number;
  readonly verdict: Verdict;
  readonly text: string;
  readonly hash: string;
  readonly content: OpContent | null;
  /** Where there is no content: the operation that erased it, where it was erased. */
  readonly erased?: string | undefined;
}

export type KnownHead = PageEnd['heads'][number];

/** A page, or a part of one. */
export interface CheckedPage {
  readonly site: string;
  readonly epoch: number;
  /** Dense; the first follows the cursor. */
  readonly ops: readonly CheckedOp[];
  /** The site's hash after the last of them. */
  readonly siteHash: string;
  /** May be of operations that come with a later part. */
  readonly heads: readonly KnownHead[];
}

export type TakenIn =
  | {
      readonly kind: 'taken';
      readonly position: SyncPosition;
      /** Invoices that others changed, or whose verdict changed: each has a waiting job. */
      readonly roots: readonly string[];
      /** Operations that this database did not have, or whose content it did not have. */
      readonly fresh: number;
      /** This device's own that were refused. */
      readonly refused: number;
      /** Others' that the log has no place for any more: written once more under this device, to be offered ([Note: Displaced] in core/sync/pull.ts). */
      readonly written: number;
    }
  /** The page does not follow what was taken in: nothing was done. */
  | { readonly kind: 'elsewhere'; readonly position: SyncPosition | undefined }
  /** An operation does not continue its device's chain, or another one has its number: nothing was done. */
  | {
      readonly kind: 'broken';
      readonly what: 'chain' | 'forked';
      readonly device: string;
      readonly devSeq: number;
      readonly seq: number;
    };

/** All operations of an invoice, checked, as the site has them. */
export interface GoneOps {
  readonly root: string;
  readonly epoch: number;
  /** `at`: when the site received it. */
  readonly ops: readonly (CheckedOp & { readonly at: string })[];
}

export interface CompactWish {
  readonly site: string;
  /** ISO instant: what was touched since stays. */
  readonly before: string;
  /** Where the last call ended; 0 to begin. */
  readonly after: number;
  /** Invoices to be looked at. */
  readonly limit: number;
}

export interface Compacted {
  readonly invoices: number;
  /** Blobs that are not needed here any more. */
  readonly bytes: readonly string[];
  /** Where the next call begins; null at the end. */
  readonly after: number | null;
}

export interface SnapshotWish {
  /** A file with the bytes as they were fetched. */
  readonly file: string;
  readonly manifest: SnapshotManifest;
  readonly progress: (done: number, total: number) => void;
}

/** `unfit`: this database cannot begin with it; `busy`: not just now; `wrong`: the bytes are not those of the manifest. */
export type TakenSnapshot = 'joined' | 'unfit' | 'busy' | 'wrong';

export interface PushResults {
  readonly device: string;
  readonly epoch: number;
  readonly results: readonly { readonly op_id: string; readonly seq: number; readonly verdict: Verdict }[];
}

export interface SyncCounts {
  /** Never offered to a site, or not acknowledged. */
  readonly unsent: number;
  /** Of an older history of the site, its own and others': to be offered again. */
  readonly again: number;
  /** Of a newer version of this program: kept, not shown. */
  readonly deferred: number;
  /** Own ones that the site refused and nobody has looked at. */
  readonly refused: number;
  /** Invoices with a decision that the site has not numbered; the first thousand of them by name. */
  readonly undecided: { readonly n: number; readonly invoices: readonly string[] };
  /** Bytes that others have not sent to the site yet are not counted. */
  readonly uploads: number;
  readonly downloads: number;
  /** Given up: not what their names say, or lost here. */
  readonly wrongBlobs: number;
}

export interface RefusedOp {
  readonly op: string;
  readonly code: string;
  readonly kind: string;
  readonly root: string;
  readonly field: string | null;
  readonly value: string | null;
  /** When this device wrote it (ISO instant). */
  readonly at: string;
}

export interface ConflictCount {
  readonly cells: number;
  readonly invoices: number;
  /** The oldest of them, at most twenty. */
  readonly first: readonly { readonly invoice: string; readonly name: string }[];
}

export interface BlobTask {
  readonly sha256: string;
  readonly purpose: 'document' | 'reading';
  /** The invoice of a reading; the document itself. */
  readonly root: string;
  /** Who has it. */
  readonly device: string;
  readonly tries: number;
}

/** `late`: not at the site yet; `wrong`: bytes that are not what their name says. */
export type BlobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly why: 'late' | 'failed'; readonly afterMs: number }
  | { readonly kind: 'wrong'; readonly reason: string };

/** What is known of a document whose bytes are not here. */
export interface MissingBlob {
  readonly sha256: string;
  readonly device: string;
  readonly state: 'waiting' | 'late' | 'wrong';
}

export interface StationSyncStore {
  readonly device: string;
  /** Of the database that this program knows. */
  readonly version: number;
  position(site: string): Promise<SyncPosition | undefined>;
  /**
   * Begins with a site, or begins anew where its history is of another epoch: everything is kept, the log is read from its start, and every operation here
   * counts as not shown.
   */
  begin(site: string, epoch: number): Promise<SyncPosition>;
  /**
   * What is to be offered next, by the order of core/sync/offer.ts, without the devices named. `after`: own new operations up to this number are on their way, and
   * what follows them is meant.
   */
  offer(site: string, limits: OfferLimits, except?: readonly string[], after?: number): Promise<Offering>;
  /** Which of these operations are not held here, or are of these devices. */
  unheld(ops: readonly string[], except: readonly string[]): Promise<readonly string[]>;
  /** The site lacks what it was believed to hold: own operations from this number on are offered again. */
  goBack(devSeq: number): Promise<void>;
  acknowledged(results: PushResults): Promise<{ readonly roots: readonly string[]; readonly refused: number }>;
  takeIn(page: CheckedPage): Promise<TakenIn>;
  /** Of how many operations of an invoice only the site has the texts. */
  goneOps(root: string): Promise<number>;
  /** Invoices to which something came while their texts are not here; in the order of their ids, after one. */
  goneWanted(limit: number, after?: string): Promise<readonly string[]>;
  /** All operations of an invoice are here again. False where they were. */
  fillIn(ops: GoneOps): Promise<boolean>;
  /** Gives up texts of old operations that the site has; a handful of invoices. */
  compact(wish: CompactWish): Promise<Compacted>;
  /** Operations up to here are in a verified backup of the site. */
  keepDurable(site: string, seq: number): Promise<void>;
  /** Whether it could begin with a snapshot: it has nothing of the site, and little of its own. */
  mayJoin(site: string): Promise<boolean>;
  /** Begins with the site's snapshot in place of its log; everything of its own stays. Saves wait while it is put in place, and no longer. */
  join(wish: SnapshotWish): Promise<TakenSnapshot>;
  /** Operations of a newer version that this one understands by now are applied. Their number. */
  replayDeferred(): Promise<number>;
  /**
   * What this database wrote as another device (it was copied, or that device was removed) and no site has numbered is written again as the device of today.
   * The number of operations.
   */
  reissue(): Promise<number>;
  counts(site: string): Promise<SyncCounts>;
  /** As `Store.conflictTotals`. */
  conflicts(): Promise<ConflictCount>;
  refused(): Promise<readonly RefusedOp[]>;
  /** A person has looked at them. */
  sawRefused(ops: readonly string[]): Promise<void>;
  /** Readings first, then documents, those named last first. */
  uploads(limit: number): Promise<readonly BlobTask[]>;
  downloads(limit: number): Promise<readonly BlobTask[]>;
  /** When the next one that waits for its time is due (ms), undefined where none is. */
  nextBlobAt(): Promise<number | undefined>;
  uploaded(sha256: string, outcome: BlobOutcome): Promise<void>;
  /** Bytes that have arrived are shown: each of these aggregates, a document or the invoice of a reading, has a waiting job. */
  downloaded(sha256: string, outcome: BlobOutcome): Promise<readonly string[]>;
  /** For whoever has not found them on the disk: where they are awaited from, nobody (`''`) where only the site is known to have them; undefined of bytes that no document names. */
  missing(sha256: string): Promise<MissingBlob | undefined>;
  /** Hears of every commit of this database that wrote operations. */
  onSaved(listener: () => void): () => void;
  /** Hears of every commit that changed how invoices are shown: what others did has come to the screens. */
  onShown(listener: () => void): () => void;
}
