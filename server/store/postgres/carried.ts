/**
 * Jobs that are brought to the workers by the process that makes them, once they are committed (`Queue.carry`): they are marked as handed out as they are made, so that
 * nobody has to find, lock and mark them once more.
 */
import type { NewJob } from '../../../core/contract/jobs.ts';
import type { Due } from '../../queue/queue.ts';

export type SiteDue = Due & { readonly site: string };

export interface Carried {
  readonly listeners: Set<(made: readonly SiteDue[]) => void>;
  /** Whether jobs that are made now are carried. */
  readonly isOn: () => boolean;
  /** These are committed. `inserted`: those that are new; the others only changed one that waits already. */
  readonly tell: (site: string, made: readonly NewJob[], inserted: ReadonlySet<string>, isCarried: boolean) => void;
}

const dueOf =
  (site: string) =>
  ({ id, name, priority }: NewJob): SiteDue => ({
    site,
    id,
    name,
    priority,
    again: false,
    untouched: true,
  });

/** `wake`: there is something to hand out. */
export function createCarried(wake: () => void): Carried {
  const listeners = new Set<(made: readonly SiteDue[]) => void>();
  return {
    listeners,
    isOn: () => listeners.size > 0,
    tell(site, made, inserted, isCarried) {
      const fresh = isCarried ? made.filter(({ id }) => inserted.has(id)) : [];
      const due = fresh.map(dueOf(site));
      if (due.length > 0) for (const listener of listeners) listener(due);
      if (made.length > due.length || listeners.size === 0) wake();
    },
  };
}
