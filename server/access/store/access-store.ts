/**
 * Where accounts, devices, sign-ins, keys and security events are kept. Like the store: read, decide, commit. Implementations: SQLite for a site on one
 * machine, Postgres; `access-store.contract.test.ts` runs both. Secrets arrive sealed or hashed: a copy of the database signs nobody in.
 */
import type { EventHead, KeptEvent, NewEvent } from '../../../core/access/audit-event.ts';
import type { ThrottlePolicy } from '../../../core/access/throttle.ts';
import type { Account, StoredDevice } from '../account.ts';

/** `expect`: the version that was read, 0 where it must not exist; `account.version` is one more. */
export interface AccessChange {
  readonly accounts?: readonly { readonly expect: number; readonly account: Account }[];
  readonly devices?: readonly { readonly expect: number; readonly device: StoredDevice }[];
  /** Kept in the same transaction as what they tell of. */
  readonly events?: readonly NewEvent[];
}

/** What the provider keeps: sessions, codes, grants, refresh tokens; also this program's own browser sessions. Ids are digests, payloads sealed. */
export interface AccessRecord {
  readonly model: string;
  readonly id: string;
  readonly grant: string | null;
  readonly userCode: string | null;
  readonly uid: string | null;
  readonly payload: string;
  /** Epoch milliseconds, null where it never ends. */
  readonly expiresAt: number | null;
}

export interface FoundRecord {
  readonly payload: string;
  /** Epoch milliseconds at which it was used up, null where it was not. */
  readonly consumedAt: number | null;
}

export type RecordKey = { readonly id: string } | { readonly userCode: string } | { readonly uid: string };

export interface SigningKey {
  /** 1, 2, 3 ...: the newest has the highest. */
  readonly seq: number;
  readonly kid: string;
  readonly createdAt: number;
  /** The private JWK, sealed. */
  readonly sealed: string;
}

export interface AccessStore {
  account(site: string, id: string): Promise<Account | undefined>;
  accountByLogin(site: string, login: string): Promise<Account | undefined>;
  accountBySubject(site: string, subject: string): Promise<Account | undefined>;
  accountByInvitation(site: string, digest: string): Promise<Account | undefined>;
  /** By login. */
  accounts(site: string): Promise<Account[]>;
  device(site: string, id: string): Promise<StoredDevice | undefined>;
  deviceByKey(site: string, publicKey: string): Promise<StoredDevice | undefined>;
  /** Oldest first; of one account where given. */
  devices(site: string, account?: string): Promise<StoredDevice[]>;
  /** The account of a token and the device that its sign-in belongs to: one round trip, asked with every request. */
  bearer(
    site: string,
    account: string,
    grant: string | null,
  ): Promise<{ account: Account; device: StoredDevice | undefined } | undefined>;
  /** `conflict`: a version was stale, or a login, subject or key is taken. Nothing of the change was done then. */
  commit(site: string, change: AccessChange): Promise<'ok' | 'conflict'>;

  /** Newest first. */
  events(site: string, page: { readonly before?: number; readonly limit: number }): Promise<KeptEvent[]>;
  /** Oldest first, for the audit. */
  eventsAfter(site: string, seq: number, limit: number): Promise<KeptEvent[]>;
  eventHead(site: string): Promise<EventHead>;

  /** Counts a try and answers how long to wait, 0 where it may be looked at. Atomic: tries at the same moment count each. */
  tryNow(key: string, policy: ThrottlePolicy, nowMs: number): Promise<number>;
  clearTries(keys: readonly string[]): Promise<void>;
  /** Takes one try back: it was no guess. */
  forgiveTry(key: string): Promise<void>;

  putRecord(record: AccessRecord): Promise<void>;
  /** A new payload and end for one that is still there, used up or not; false where it is gone: nothing comes back to life. */
  touchRecord(record: Pick<AccessRecord, 'model' | 'id' | 'payload' | 'expiresAt'>): Promise<boolean>;
  /** Ones that have ended are not found. */
  record(model: string, key: RecordKey, nowMs: number): Promise<FoundRecord | undefined>;
  /** Uses it up: false where that had happened before, or it is gone. */
  consumeRecord(model: string, id: string, nowMs: number): Promise<boolean>;
  dropRecord(model: string, id: string): Promise<void>;
  /** Everything of a sign-in: its grant, codes and tokens. */
  dropGrant(grant: string): Promise<void>;

  /** Newest first. */
  signingKeys(): Promise<SigningKey[]>;
  /** False where another process made that number first. */
  addSigningKey(key: SigningKey): Promise<boolean>;
  dropSigningKeys(belowSeq: number): Promise<void>;

  /** Removes what has ended: records, and tries that are forgotten. */
  tidy(nowMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Tries are kept a day after the last; every policy forgets earlier. */
export const TRIES_KEPT_MS = 24 * 3_600_000;
