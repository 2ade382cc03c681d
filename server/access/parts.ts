/** What the parts of access share. */
import type { EventKind, NewEvent } from '../../core/access/audit-event.ts';
import type { Role } from '../../core/access/roles.ts';
import { AppError } from '../../core/contract/errors.ts';
import type { Log } from '../log.ts';
import type { Account, StoredDevice } from './account.ts';
import type { Passwords } from './passwords.ts';
import type { Secrets } from './secrets.ts';
import type { AccessChange, AccessStore } from './store/access-store.ts';

export interface Parts {
  readonly store: AccessStore;
  readonly secrets: Secrets;
  readonly passwords: Passwords;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  /** Scheme, host and port under which people and desktops reach the site. */
  readonly origin: string;
  readonly sites: readonly string[];
}

/** Who asks, as far as the guard could tell. */
export interface Principal {
  readonly account: string;
  readonly site: string;
  readonly role: Role;
  readonly name: string;
  readonly limits: Account['limits'];
  /** The enrolled device that the sign-in belongs to. */
  readonly device: string | null;
  /** The sign-in itself at the built-in provider; null for browser sessions. */
  readonly grant: string | null;
  readonly via: 'token' | 'session';
  /** As operations and events name them. */
  readonly actor: string;
}

export const actorOf = (account: string): string => `user:${account}`;
/**
 * From which second on a sign-in counts, when all before are ended now. Tokens know whole seconds: the second that runs belongs to those that are ended, and
 * whoever signs in within it does so again.
 */
export const endsSignIns = (nowMs: number): number => Math.floor(nowMs / 1_000) + 1;

/** Subject of the built-in provider's tokens: tells the site too, so that one look finds the account. */
export const subjectOf = (site: string, account: string): string => `${site}:${account}`;
export function parseSubject(subject: string): { site: string; account: string } | undefined {
  const at = subject.indexOf(':');
  return at <= 0 ? undefined : { site: subject.slice(0, at), account: subject.slice(at + 1) };
}

export function event(
  parts: Pick<Parts, 'now'>,
  kind: EventKind,
  actor: string,
  data: Readonly<Record<string, string>> = {},
): NewEvent {
  return { kind, at: new Date(parts.now()).toISOString(), actor, data };
}

const TRIES = 5;

/** Reads, decides and commits; again where somebody else was faster. */
export async function decide<T>(
  { store }: Pick<Parts, 'store'>,
  site: string,
  look: () => Promise<{ readonly change?: AccessChange; readonly result: T }>,
): Promise<T> {
  for (let left = TRIES; left > 0; left -= 1) {
    const { change, result } = await look();
    if (change === undefined || (await store.commit(site, change)) === 'ok') return result;
  }
  throw new AppError('conflict', 'Others changed the same at the same time. Try again.');
}

export const changed = (
  before: Account,
  wanted: Partial<Omit<Account, 'id' | 'version'>>,
): { expect: number; account: Account } => ({
  expect: before.version,
  account: { ...before, ...wanted, version: before.version + 1 },
});

export const changedDevice = (
  before: StoredDevice,
  wanted: Partial<Omit<StoredDevice, 'id' | 'version'>>,
): { expect: number; device: StoredDevice } => ({
  expect: before.version,
  device: { ...before, ...wanted, version: before.version + 1 },
});
