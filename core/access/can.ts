/**
 * Who may do what at a site: one table, and the facts that narrow it. The server decides by it; a desktop mirrors it to grey out what would be refused.
 * Everything that is not granted is refused, and so is whatever depends on a fact that is not given.
 */
import { assertNever } from '../assert.ts';
import type { Action } from './actions.ts';
import { ROLES, type Role } from './roles.ts';

/** An upper limit in minor units of its currency, inclusive. */
export interface Limit {
  readonly currency: string;
  readonly minor: bigint;
}

export interface Facts {
  /** What is acted on belongs to the site that the actor is of. */
  readonly ownSite: boolean;
  /** Of what is approved; `amount` null where the invoice has none that can be read. */
  readonly approval?: {
    readonly amount: Limit | null;
    readonly limits: readonly Limit[];
    /** The actor last set the amount, the vendor or a bank field of it. */
    readonly ownWork: boolean;
  };
  /** The account, device or request acted on is the actor's own. */
  readonly own?: boolean;
}

export type Refused = 'site' | 'role' | 'facts' | 'own-work' | 'own-account' | 'no-amount' | 'no-limit' | 'over-limit';
export type Decision = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly why: Refused };

/** What narrows a grant: nothing, four eyes and a limit, only one's own, or anything but one's own. */
type Narrowing = 'free' | 'approval' | 'only-own' | 'not-own';

const everyone: readonly Role[] = ROLES;
const people: readonly Role[] = ['reviewer', 'approver', 'admin', 'auditor'];
const workers: readonly Role[] = ['reviewer', 'approver', 'admin'];

interface Grant {
  readonly roles: readonly Role[];
  readonly narrowed: Narrowing;
}
const to = (roles: readonly Role[], narrowed: Narrowing = 'free'): Grant => ({ roles, narrowed });

/**
 * An admin runs the site and does not approve: who hands out limits must not use them. An auditor sees everything and changes nothing. A service brings
 * documents in and takes results out.
 */
export const GRANTS: Readonly<Record<Action, Grant>> = {
  'invoice.read': to(everyone),
  'invoice.upload': to([...workers, 'service']),
  'invoice.correct': to(workers),
  'invoice.reread': to(workers),
  'invoice.confirm': to(workers),
  'invoice.resolve': to(workers),
  'invoice.approve': to(['approver'], 'approval'),
  'document.read': to(everyone),
  'export.read': to(['approver', 'admin', 'auditor', 'service']),
  'export.create': to(['approver', 'admin', 'service']),
  'vendor.read': to(everyone),
  'vendor.teach': to(workers),
  // The second person of a changed account: not who proposed it.
  'vendor.bank': to(['approver', 'admin'], 'not-own'),
  'settings.read': to(people),
  'settings.change': to(['admin']),
  'jobs.read': to(people),
  'jobs.replay': to(['admin']),
  'user.read': to(['admin', 'auditor']),
  // Nobody raises, disables or loosens the second factor of himself: a stolen session must not, and the last admin cannot lock himself out.
  'user.change': to(['admin'], 'not-own'),
  'device.own': to(people, 'only-own'),
  'device.read': to(['admin', 'auditor']),
  'device.revoke': to(['admin']),
  'webhook.read': to(['admin', 'auditor']),
  // Who is told of what leaves the site.
  'webhook.change': to(['admin']),
  'audit.read': to(['admin', 'auditor']),
  'sync.pull': to(people),
  'sync.push': to(workers),
  'lease.release': to(['admin']),
  'release.publish': to(['admin']),
  // Legal ground and two persons: the one who asked is not the one who does it.
  'data.erase': to(['admin'], 'not-own'),
  'session.own': to(everyone),
  // Of a station alone.
  'workspace.switch': to([]),
};

const allowed: Decision = { kind: 'allowed' };
const refused = (why: Refused): Decision => ({ kind: 'refused', why });

/** By the table alone: whether the role may ever do it. What narrows the grant is decided where its facts are known. */
export const grants = (role: Role, action: Action): boolean => GRANTS[action].roles.includes(role);

export function can(role: Role, action: Action, facts: Facts): Decision {
  // Before the role: another site is not to learn what there is.
  if (!facts.ownSite) return refused('site');
  if (!grants(role, action)) return refused('role');
  const { narrowed } = GRANTS[action];
  switch (narrowed) {
    case 'free':
      return allowed;
    case 'only-own':
      return facts.own === undefined ? refused('facts') : facts.own ? allowed : refused('role');
    case 'not-own':
      return facts.own === undefined ? refused('facts') : facts.own ? refused('own-account') : allowed;
    case 'approval':
      return facts.approval === undefined ? refused('facts') : approval(facts.approval);
    default:
      return assertNever(narrowed);
  }
}

/** The amount of a credit note is negative and moves as much. */
const size = (minor: bigint): bigint => (minor < 0n ? -minor : minor);

function approval({ amount, limits, ownWork }: NonNullable<Facts['approval']>): Decision {
  if (ownWork) return refused('own-work');
  if (amount === null) return refused('no-amount');
  // Never converted: a rate that somebody sets would be a limit that somebody sets.
  const limit = limits.find(({ currency }) => currency === amount.currency);
  if (limit === undefined) return refused('no-limit');
  return size(amount.minor) <= limit.minor ? allowed : refused('over-limit');
}
