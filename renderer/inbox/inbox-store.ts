/** The queue: rows by cursor pages, loaded as far as a person has scrolled; works the same with 20 and with 100,000 invoices. */
import { createStore } from 'zustand/vanilla';
import type { InvoiceQuery } from '../../core/contract/http.ts';
import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import type { InvoiceStatus } from '../../core/invoice/states.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';

export type SortField = InvoiceQuery['sort'];
export interface Query {
  readonly q: string;
  readonly status: readonly InvoiceStatus[];
  readonly only: InvoiceQuery['only'] | null;
  readonly sort: SortField;
  readonly order: 'asc' | 'desc';
}

export interface InboxState {
  readonly query: Query;
  readonly rows: readonly InvoiceSummary[];
  readonly next: string | null;
  readonly total: number;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: ApiError | null;
  /** Row the keyboard stands on; -1 where there is none. */
  readonly active: number;
  readonly selected: ReadonlySet<string>;
  /** Other invoices came in that this list does not show yet. */
  readonly stale: boolean;
}

export interface InboxStore extends ReturnType<typeof createInboxStore> {}

export const PAGE = 200;
/** Below this many rows a change of the list is shown at once; above, a person asks for it. */
const REFRESH_LIMIT = 1_000;

const START: Query = { q: '', status: [], only: null, sort: 'createdAt', order: 'desc' };

export function createInboxStore(client: Client) {
  const store = createStore<InboxState>(() => ({
    query: START,
    rows: [],
    next: null,
    total: 0,
    phase: 'loading',
    error: null,
    active: -1,
    selected: new Set<string>(),
    stale: false,
  }));
  /** Rises with every new query: answers to an older one are dropped. */
  let generation = 0;
  let wanted = 0;
  let loading: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const request = (limit: number, cursor?: string) => {
    const { q, status, only, sort, order } = store.getState().query;
    return client.listInvoices({
      query: {
        ...(q.trim() === '' ? {} : { q: q.trim() }),
        ...(status.length === 0 ? {} : { status: [...status] }),
        ...(only == null ? {} : { only }),
        sort,
        order,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
  };

  const fail = (error: unknown) => {
    const known = error instanceof ApiError ? error : new ApiError('internal', String(error));
    store.setState((s) => ({ error: known, phase: s.rows.length === 0 ? 'failed' : s.phase }));
  };

  async function reload(limit = PAGE): Promise<void> {
    const mine = ++generation;
    clearTimeout(timer);
    timer = undefined;
    wanted = 0;
    loading = undefined;
    try {
      const { items, next, total } = await request(Math.min(500, Math.max(PAGE, limit)));
      if (mine !== generation) return;
      const current = store.getState();
      const stood = current.rows[current.active]?.id;
      store.setState({
        rows: newer(items, current.rows),
        next,
        total,
        phase: 'ready',
        error: null,
        stale: false,
        active: place(items, stood, current.active),
        selected: kept(current.selected, items, next === null),
      });
    } catch (error) {
      if (mine === generation) fail(error);
    }
  }

  async function loadOn(mine: number): Promise<void> {
    for (;;) {
      const { rows, next } = store.getState();
      if (mine !== generation || next === null || rows.length >= wanted) return;
      const page = await request(wanted - rows.length > PAGE ? 500 : PAGE, next);
      if (mine !== generation) return;
      store.setState((s) => ({ rows: [...s.rows, ...page.items], next: page.next, total: page.total, error: null }));
    }
  }

  const actions = {
    reload,
    /** Makes sure that rows up to `index` are loaded, page after page. */
    ensure(index: number): void {
      const { rows, next } = store.getState();
      wanted = Math.max(wanted, index + 1);
      if (next === null || rows.length >= wanted || loading) return;
      const mine = generation;
      loading = loadOn(mine)
        .catch(fail)
        .finally(() => {
          if (mine === generation) loading = undefined;
        });
    },
    setQuery(change: Partial<Query>): void {
      store.setState((s) => ({ query: { ...s.query, ...change }, active: s.rows.length > 0 ? 0 : -1 }));
      void reload();
    },
    toggleStatus(status: InvoiceStatus): void {
      const { query } = store.getState();
      const has = query.status.includes(status);
      actions.setQuery({ status: has ? query.status.filter((s) => s !== status) : [...query.status, status] });
    },
    toggleOnly(only: NonNullable<Query['only']>): void {
      actions.setQuery({ only: store.getState().query.only === only ? null : only });
    },
    sortBy(sort: SortField): void {
      const { query } = store.getState();
      const order = query.sort === sort ? (query.order === 'asc' ? 'desc' : 'asc') : firstOrder(sort);
      actions.setQuery({ sort, order });
    },
    move(to: number): void {
      const { total } = store.getState();
      if (total === 0) return;
      const active = Math.max(0, Math.min(total - 1, to));
      store.setState({ active });
      actions.ensure(active);
    },
    toggle(id: string): void {
      store.setState((s) => {
        const selected = new Set(s.selected);
        if (!selected.delete(id)) selected.add(id);
        return { selected };
      });
    },
    selectAll(on: boolean): void {
      store.setState((s) => ({ selected: on ? new Set(s.rows.map((r) => r.id)) : new Set<string>() }));
    },
    /** Puts the keyboard on an invoice (coming back from its review). */
    stand(id: string): void {
      const active = store.getState().rows.findIndex((r) => r.id === id);
      if (active >= 0) store.setState({ active });
    },
    /** An invoice changed: its row is replaced in place; one that is not here makes the list stale. */
    onSummary(summary: InvoiceSummary): void {
      const { rows } = store.getState();
      const at = rows.findIndex((r) => r.id === summary.id);
      if (at >= 0) {
        if (rows[at]!.revision > summary.revision) return;
        store.setState({ rows: rows.with(at, summary) });
        return;
      }
      store.setState({ stale: true });
      if (rows.length <= REFRESH_LIMIT) timer ??= setTimeout(() => void reload(store.getState().rows.length), 300);
    },
    /** The invoice after (or before) `id` in the order of the list; `open` ones are those that wait for a person. */
    async neighbour(id: string, step: 1 | -1, open: boolean): Promise<InvoiceSummary | undefined> {
      for (let at = store.getState().rows.findIndex((r) => r.id === id); ;) {
        at += step;
        if (at >= store.getState().rows.length && store.getState().next !== null) {
          actions.ensure(at);
          await loading;
        }
        const row = store.getState().rows[at];
        if (!row || !open || isOpen(row.status)) return row;
      }
    },
    /**
     * The next ones that wait for a person, after `id` and then from the top, without those left out; at most so many. Loads on for the first one only: the
     * others are for whoever finds it taken, and no reason to read the list to its end.
     */
    async following(id: string, most: number, isLeftOut: (id: string) => boolean): Promise<InvoiceSummary[]> {
      let next = await actions.neighbour(id, 1, true);
      while (next && isLeftOut(next.id)) next = await actions.neighbour(next.id, 1, true);
      const { rows } = store.getState();
      const placeOf = (of: string): number => rows.findIndex((row) => row.id === of);
      const free = (part: readonly InvoiceSummary[]) =>
        part.filter((row) => isOpen(row.status) && !isLeftOut(row.id) && row.id !== id);
      const here = Math.max(0, placeOf(id));
      const after = next === undefined ? [] : rows.slice(Math.max(here, placeOf(next.id)));
      return [...free(after), ...free(rows.slice(0, here))].slice(0, most);
    },
    /** First invoice that waits for a person, from the top. */
    firstOpen(except: string, isLeftOut: (id: string) => boolean = () => false): InvoiceSummary | undefined {
      return store.getState().rows.find((r) => r.id !== except && isOpen(r.status) && !isLeftOut(r.id));
    },
  };
  return { ...store, ...actions };
}

/** Waits for a person. */
export const isOpen = (status: InvoiceStatus): boolean => status === 'ready' || status === 'exception';

/** Newest and largest first, names from A. */
const firstOrder = (sort: SortField): 'asc' | 'desc' =>
  sort === 'vendorName' || sort === 'invoiceNumber' || sort === 'dueDate' ? 'asc' : 'desc';

function place(rows: readonly InvoiceSummary[], id: string | undefined, was: number): number {
  const at = id === undefined ? -1 : rows.findIndex((r) => r.id === id);
  return at >= 0 ? at : Math.min(Math.max(was, rows.length > 0 ? 0 : -1), rows.length - 1);
}

/** A row of which something newer was told while the list was on its way stays as that. */
function newer(items: readonly InvoiceSummary[], told: readonly InvoiceSummary[]): readonly InvoiceSummary[] {
  const known = new Map(told.map((row) => [row.id, row]));
  return items.map((item) => {
    const row = known.get(item.id);
    return row !== undefined && row.revision > item.revision ? row : item;
  });
}

/** A selection outlives a reload; what a complete list does not hold any more leaves it. */
function kept(selected: ReadonlySet<string>, rows: readonly InvoiceSummary[], complete: boolean): ReadonlySet<string> {
  if (selected.size === 0 || !complete) return selected;
  const ids = new Set(rows.map((r) => r.id));
  return new Set([...selected].filter((id) => ids.has(id)));
}
