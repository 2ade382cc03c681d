/** What a site's database does for snapshots: reads all of one moment into a file, and knows which files there are. Beside `HubStore`. */
import type { KnownHead } from './station-sync-store.ts';
import type { LogRow, SiteHistory } from './hub-store.ts';

/** Takes rows by the names of the station's tables and columns. */
export interface SnapshotSink {
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Each row in the order of `columns`. */
  add(table: string, rows: readonly (readonly unknown[])[]): Promise<void>;
}

export interface SnapshotWish {
  /** Closed invoices without a change since this instant are carried without their operations. */
  readonly since: string;
  /** A new file; once more where the reading has to begin again. */
  readonly begin: () => Promise<SnapshotSink>;
  /** What proves these operations, so that whoever holds them can offer them again. */
  readonly headsOf: (rows: readonly SignedRow[]) => Promise<readonly KnownHead[]>;
  readonly progress: (share: number) => void;
  readonly signal: AbortSignal;
}

export type SignedRow = Pick<LogRow, 'device' | 'devSeq' | 'hash' | 'headSig' | 'role'> & { readonly bytes: number };

export interface ReadSnapshot {
  readonly history: SiteHistory;
  /** Of the newest operation. */
  readonly opSchema: number;
  readonly invoices: number;
  readonly ops: number;
}

export interface KeptSnapshot {
  readonly sha256: string;
  readonly epoch: number;
  readonly seq: number;
  /** As it was signed. */
  readonly manifest: string;
  readonly signature: string;
  /** ISO instant. */
  readonly madeAt: string;
}

/** Of one root, in the order of the log. */
export interface OpsOfRoot {
  readonly epoch: number;
  readonly ops: readonly (Pick<LogRow, 'seq' | 'body' | 'verdict' | 'content' | 'erasedBy'> & {
    /** When the site received it (ISO instant). */
    readonly at: string;
  })[];
  /** There are more, after this number. */
  readonly next: number | null;
}

export interface HubSnapshots {
  /** For stations that keep the texts of old invoices here: those after a number, as many as an answer takes. */
  opsOf(root: string, after?: number): Promise<OpsOfRoot>;
  /** One moment of the site; nobody waits for it. */
  read(wish: SnapshotWish): Promise<ReadSnapshot>;
  newest(): Promise<KeptSnapshot | undefined>;
  /** Before its bytes are written: whatever becomes of them, somebody will find them. It is not given out yet. */
  announce(snapshot: KeptSnapshot): Promise<void>;
  /**
   * Its bytes are there. Gives back those that are not needed any more: of others of its history all but the one before it, which somebody may be fetching; and whatever has what
   * was erased since, itself included.
   */
  keep(snapshot: KeptSnapshot): Promise<readonly string[]>;
  /** The bytes of all of them, also of those that are given to nobody. */
  all(): Promise<readonly string[]>;
  /** The bytes of these are gone. Said after it, so that a removal that failed is done again. */
  forget(sha256s: readonly string[]): Promise<void>;
}
