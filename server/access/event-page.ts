/** Security events a page at a time, newest first, of some kinds where only those are wanted. */
import { parseEvent } from '../../core/access/audit-event.ts';
import type { SecurityEvent } from '../../core/contract/access.ts';
import type { AccessStore } from './store/access-store.ts';

interface Wanted {
  readonly before?: number | undefined;
  readonly limit: number;
  readonly kind?: readonly string[] | undefined;
}

export interface EventPage {
  readonly items: SecurityEvent[];
  readonly next: number | null;
}

/** Rows are looked at in steps of this many, and not more than this many for one page: the kind stands within the text that is hashed. */
const STEP = 500;
const LONGEST_LOOK = 5_000;

export async function eventPage(
  store: Pick<AccessStore, 'events'>,
  site: string,
  { before, limit, kind }: Wanted,
): Promise<EventPage> {
  const items: SecurityEvent[] = [];
  let from = before;
  for (let looked = 0; looked < LONGEST_LOOK;) {
    const step = kind === undefined ? limit : STEP;
    const rows = await store.events(site, { limit: step, ...(from === undefined ? {} : { before: from }) });
    for (const { text, hash, seq } of rows) {
      from = seq;
      const event = parseEvent(text);
      if (kind !== undefined && !kind.includes(event.kind)) continue;
      const { at, actor, data } = event;
      items.push({ seq, at, kind: event.kind, actor, data, hash });
      if (items.length === limit) return { items, next: seq > 1 ? seq : null };
    }
    if (rows.length < step) return { items, next: null };
    looked += rows.length;
  }
  return { items, next: from !== undefined && from > 1 ? from : null };
}
