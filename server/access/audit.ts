/** `verify-audit` for the security events of a site: streams them, in the report's shape of the operation log. */
import { createHash } from 'node:crypto';
import { createEventVerifier, type EventProblem, FIRST_HEAD } from '../../core/access/audit-event.ts';
import type { AccessStore } from './store/access-store.ts';

export interface EventReport {
  readonly events: number;
  readonly problems: readonly EventProblem[];
}

const PAGE = 1_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export async function verifyEvents(
  store: Pick<AccessStore, 'eventsAfter' | 'eventHead'>,
  site: string,
): Promise<EventReport> {
  // Before the rows: what is added meanwhile stands behind it and is left to the next audit.
  const head = await store.eventHead(site);
  const verifier = createEventVerifier(site, sha256);
  const problems: EventProblem[] = [];
  let after = FIRST_HEAD.seq;
  while (after < head.seq) {
    const rows = await store.eventsAfter(site, after, PAGE);
    const wanted = rows.filter(({ seq }) => seq <= head.seq);
    for (const row of wanted) problems.push(...verifier.add(row));
    const last = wanted.at(-1);
    if (last === undefined || wanted.length < rows.length) break;
    after = last.seq;
  }
  problems.push(...verifier.finish(head));
  return { events: verifier.events, problems };
}
