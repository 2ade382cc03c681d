/** What people are told of sync: put together of the loop, the connection and the database. */
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { shownState } from '../../../core/sync/shown-state.ts';
import type { SiteLink, SiteLinkState } from '../../enrol/site-link.ts';
import type { StationSyncStore } from '../../store/station-sync-store.ts';
import type { JoinProgress } from './joining.ts';
import type { LoopState } from './loop.ts';

/** A clock that is off by less harms nobody. */
const CLOCK_MS = 2 * 60_000;

export interface ViewParts {
  readonly link: Pick<SiteLink, 'state'>;
  readonly store: StationSyncStore;
  readonly loop: () => LoopState;
  /** Bytes that came could not be kept. */
  readonly isFull: () => boolean;
  readonly joining: () => JoinProgress | null;
  readonly clockAheadMs: () => number;
}

export type View = () => Promise<SyncView>;

const OFF: SyncView = {
  state: 'off',
  site: null,
  left: 0,
  waiting: { send: 0, fetch: 0, uploads: 0, downloads: 0 },
  heardAt: null,
  retryAt: null,
  attention: [],
  undecided: { n: 0, invoices: [] },
  refused: [],
  conflicts: { cells: 0, invoices: 0, first: [] },
  deferred: 0,
  joining: null,
  clockOffMs: null,
};

export function createView({ link, store, loop, isFull, joining, clockAheadMs }: ViewParts): View {
  async function viewOf(state: Extract<SiteLinkState, { enrolled: true }>): Promise<SyncView> {
    const { site, trouble } = state;
    const { session, heardAt, retryAt, untrusted, full } = loop();
    const noSpace = full || isFull();
    const [counts, position, refused, conflicts] = await Promise.all([
      store.counts(site),
      store.position(site),
      store.refused(),
      store.conflicts(),
    ]);
    const cursor = position?.cursor ?? 0;
    const unshown = counts.unsent + counts.again;
    const blobs = counts.uploads + counts.downloads;
    const attention = { refused: counts.refused, conflicts: conflicts.cells, deferred: counts.deferred };
    const shown = shownState(session, { enrolled: true, cursor, unshown, blobs, attention, heardAt });
    const reasons: SyncView['attention'] = [
      ...(trouble === null ? [] : [trouble.kind]),
      ...(untrusted ? (['untrusted'] as const) : []),
      ...(noSpace ? (['disk-full'] as const) : []),
      ...(shown.kind === 'attention' ? shown.reasons : openReasons(attention)),
      ...(counts.wrongBlobs > 0 ? (['blobs'] as const) : []),
    ];
    const needsPerson = trouble !== null || untrusted || noSpace || shown.kind === 'attention';
    const calm = shown.kind === 'local' || shown.kind === 'attention' ? 'up-to-date' : shown.kind;
    const quiet = calm === 'up-to-date' && reasons.length > 0;
    const ahead = clockAheadMs();
    return {
      state: needsPerson || quiet ? 'attention' : calm,
      site,
      left: 'left' in shown ? shown.left : 0,
      waiting: {
        send: unshown,
        fetch: Math.max(0, (session.head ?? cursor) - cursor),
        uploads: counts.uploads,
        downloads: counts.downloads,
      },
      heardAt,
      retryAt,
      attention: [...new Set(reasons)],
      undecided: { n: counts.undecided.n, invoices: [...counts.undecided.invoices] },
      refused: refused.map(({ root, ...one }) => ({ ...one, invoice: root })),
      conflicts: { ...conflicts, first: [...conflicts.first] },
      deferred: counts.deferred,
      joining: joining(),
      clockOffMs: Math.abs(ahead) > CLOCK_MS ? ahead : null,
    };
  }

  return async () => {
    const state = link.state();
    return state.enrolled ? viewOf(state) : OFF;
  };
}

const openReasons = (counts: Record<'refused' | 'conflicts' | 'deferred', number>) =>
  (['refused', 'conflicts', 'deferred'] as const).filter((reason) => counts[reason] > 0);
