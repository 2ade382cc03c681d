/** What the corner of the screen says of sync. It never stands in the way of work. */
import type { Closed, Session, Stopped } from './session.ts';

/** What needs a person. */
export interface Attention {
  /** The person's own operations that the site refused and nobody has looked at yet. */
  readonly refused: number;
  readonly conflicts: number;
  /** Changes that only a newer version can show. */
  readonly deferred: number;
}

export type AttentionReason = 'refused' | 'conflicts' | 'deferred' | Closed | Stopped;

export type ShownState =
  /** Not connected to a site. */
  | { readonly kind: 'local' }
  | { readonly kind: 'offline'; readonly left: number }
  | { readonly kind: 'syncing'; readonly left: number }
  /** `at`: when the site was last heard. */
  | { readonly kind: 'up-to-date'; readonly at: string }
  | { readonly kind: 'attention'; readonly reasons: readonly AttentionReason[]; readonly left: number };

export interface ShownFacts {
  readonly enrolled: boolean;
  readonly cursor: number;
  readonly unshown: number;
  readonly blobs: number;
  readonly attention: Attention;
  /** ISO instant; null before the first answer. */
  readonly heardAt: string | null;
}

function reasonsOf(session: Session, { refused, conflicts, deferred }: Attention): AttentionReason[] {
  const counted = { refused, conflicts, deferred } as const;
  const open = (Object.keys(counted) as (keyof typeof counted)[]).filter((reason) => counted[reason] > 0);
  const ended = [session.closed, session.stopped].filter((reason) => reason !== null);
  return [...ended, ...open];
}

/** What is in the way of sync itself comes first, then being offline, then what waits for a person. */
export function shownState(session: Session, facts: ShownFacts): ShownState {
  if (!facts.enrolled) return { kind: 'local' };
  const left = facts.unshown + facts.blobs + Math.max(0, (session.head ?? facts.cursor) - facts.cursor);
  const reasons = reasonsOf(session, facts.attention);
  if (session.closed !== null || session.stopped !== null) return { kind: 'attention', reasons, left };
  if (session.failures > 0 || !session.greeted || facts.heardAt === null) return { kind: 'offline', left };
  if (left > 0) return { kind: 'syncing', left };
  return reasons.length > 0 ? { kind: 'attention', reasons, left } : { kind: 'up-to-date', at: facts.heardAt };
}
