import type { LeaseFilter } from '../../core/contract/together-http.ts';
import type { Query } from '../inbox/inbox-store.ts';

/** What is taken along is what the list shows; undefined where nothing in it waits for a person. */
export function parcelFilter({ q, status, only, sort, order }: Query): LeaseFilter | undefined {
  // Those are decided, and wait for the site.
  if (only === 'waiting') return undefined;
  return {
    ...(q.trim() === '' ? {} : { q: q.trim() }),
    status: [...status],
    ...(only == null ? {} : { only }),
    sort,
    order,
  };
}
