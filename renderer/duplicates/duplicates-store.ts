/** Pairs of invoices that may be one: all that wait for a person, or those of one invoice. */
import { createStore } from 'zustand/vanilla';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { DuplicatePair } from '../../core/contract/settling-http.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';

export interface Decided {
  readonly pair: DuplicatePair;
  readonly kind: 'merge' | 'not';
  /** The one that was closed. */
  readonly closed: string;
}

/** `left` would be closed, `right` would stay. */
export interface Compared {
  readonly key: string;
  readonly left: Invoice;
  readonly right: Invoice;
}

export interface DuplicatesState {
  /** The invoice whose pairs are shown; null for all that wait. */
  readonly of: string | null;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: ApiError | null;
  readonly pairs: readonly DuplicatePair[];
  readonly next: string | null;
  readonly total: number;
  readonly active: string | null;
  readonly swapped: boolean;
  readonly compared: Compared | null;
  readonly compareError: ApiError | null;
  readonly onlyDifferences: boolean;
  /** Why they are two, while it is being written. */
  readonly reason: string | null;
  readonly undo: readonly Decided[];
}

export interface DuplicatesDeps {
  readonly client: Pick<
    Client,
    'listDuplicates' | 'getDuplicates' | 'getInvoice' | 'mergeDuplicate' | 'notDuplicate' | 'transition'
  >;
  readonly newId: () => string;
  readonly isOpen: () => boolean;
  readonly onDecided: (done: Decided) => void;
  readonly onTakenBack: (pair: DuplicatePair) => void;
  readonly onFailed: (error: unknown) => void;
}

export interface DuplicatesStore extends ReturnType<typeof createDuplicatesStore> {}

export const keyOfPair = ({ invoice, other }: DuplicatePair): string => [invoice.id, other.id].toSorted().join(' ');

const PAGE = 100;
const LOOK_MS = 300;

const known = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('internal', String(error));

const EMPTY: DuplicatesState = {
  of: null,
  phase: 'loading',
  error: null,
  pairs: [],
  next: null,
  total: 0,
  active: null,
  swapped: false,
  compared: null,
  compareError: null,
  onlyDifferences: true,
  reason: null,
  undo: [],
};

export function createDuplicatesStore(deps: DuplicatesDeps) {
  const { client, newId } = deps;
  const store = createStore<DuplicatesState>(() => EMPTY);
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let loading: Promise<void> | undefined;

  const ask = async (of: string | null) => {
    if (of === null) return client.listDuplicates({ query: { limit: PAGE } });
    const { items } = await client.getDuplicates({ params: { id: of } });
    return { items, next: null, total: items.length };
  };

  async function reload(): Promise<void> {
    const mine = ++generation;
    clearTimeout(timer);
    timer = undefined;
    try {
      const { items, next, total } = await ask(store.getState().of);
      if (mine !== generation) return;
      const { pairs, active } = store.getState();
      const keys = items.map(keyOfPair);
      const was = pairs.findIndex((pair) => keyOfPair(pair) === active);
      const stays = active !== null && keys.includes(active);
      const at = stays ? active : (keys[Math.min(Math.max(was, 0), keys.length - 1)] ?? null);
      store.setState({ phase: 'ready', error: null, pairs: items, next, total, active: at });
      await look();
    } catch (error) {
      if (mine === generation)
        store.setState((s) => ({ error: known(error), phase: s.pairs.length === 0 ? 'failed' : s.phase }));
    }
  }

  async function more(): Promise<void> {
    const { next, of } = store.getState();
    const mine = generation;
    if (next === null || of !== null) return;
    const page = await client.listDuplicates({ query: { limit: PAGE, after: next } });
    if (mine === generation) store.setState((s) => ({ pairs: [...s.pairs, ...page.items], next: page.next }));
  }

  const activePair = (): DuplicatePair | undefined => {
    const { pairs, active } = store.getState();
    return pairs.find((pair) => keyOfPair(pair) === active);
  };

  async function look(): Promise<void> {
    const pair = activePair();
    if (pair === undefined) return store.setState({ compared: null, reason: null });
    const { swapped, active } = store.getState();
    const [left, right] = swapped ? [pair.other, pair.invoice] : [pair.invoice, pair.other];
    try {
      const both = await Promise.all([left, right].map(({ id }) => client.getInvoice({ params: { id } })));
      const [one, other] = both;
      const now = store.getState();
      if (one === undefined || other === undefined || now.active !== active || now.swapped !== swapped) return;
      store.setState({ compared: { key: active ?? '', left: one, right: other }, compareError: null });
    } catch (error) {
      if (store.getState().active === active) store.setState({ compared: null, compareError: known(error) });
    }
  }

  function select(key: string): void {
    if (store.getState().active === key) return;
    store.setState({ active: key, swapped: false, compared: null, reason: null });
    void look();
  }

  /** Runs what decides, says so, and looks again: others may have decided, too. */
  async function decide(done: Decided, work: () => Promise<Invoice>): Promise<void> {
    try {
      await work();
      store.setState((s) => ({ undo: [...s.undo.slice(-99), done], reason: null }));
      deps.onDecided(done);
    } catch (error) {
      deps.onFailed(error);
    }
    await reload();
  }

  async function back(pair: DuplicatePair, work: () => Promise<Invoice>): Promise<void> {
    try {
      await work();
      deps.onTakenBack(pair);
    } catch (error) {
      deps.onFailed(error);
    }
    await reload();
  }

  const reopen = async (id: string): Promise<Invoice> => {
    const { digest } = await client.getInvoice({ params: { id } });
    return client.transition({ params: { id }, body: { opId: newId(), to: 'received', digest } });
  };
  const askAgain = ({ invoice, other }: DuplicatePair): Promise<Invoice> =>
    client.notDuplicate({
      params: { id: invoice.id },
      body: { opIds: [newId(), newId()], other: other.id, not: false },
    });

  const actions = {
    reload,
    look,
    select,
    activePair,
    async show(of: string | null): Promise<void> {
      if (store.getState().of !== of) store.setState({ ...EMPTY, of, undo: store.getState().undo });
      await reload();
    },
    move: (step: number): void => {
      const { pairs, active } = store.getState();
      const at = pairs.findIndex((pair) => keyOfPair(pair) === active);
      const pair = pairs[Math.max(0, Math.min(pairs.length - 1, at + step))];
      if (pair !== undefined) select(keyOfPair(pair));
    },
    /** Loads on, where there is more. */
    ensure: (): void => {
      loading ??= more()
        .catch((error: unknown) => store.setState({ error: known(error) }))
        .finally(() => {
          loading = undefined;
        });
    },
    swap(): void {
      store.setState((s) => ({ swapped: !s.swapped, compared: null }));
      void look();
    },
    async merge(): Promise<void> {
      const pair = activePair();
      const { compared } = store.getState();
      if (pair === undefined || compared === null) return;
      const { left, right } = compared;
      const body = { opId: newId(), kept: right.id, digest: left.digest };
      await decide({ pair, kind: 'merge', closed: left.id }, () =>
        client.mergeDuplicate({ params: { id: left.id }, body }),
      );
    },
    async apart(reason: string): Promise<void> {
      const pair = activePair();
      if (pair === undefined || reason.trim() === '') return;
      const body = { opIds: [newId(), newId()] as [string, string], other: pair.other.id, not: true, reason };
      await decide({ pair, kind: 'not', closed: '' }, () =>
        client.notDuplicate({ params: { id: pair.invoice.id }, body }),
      );
    },
    /** Of what was closed, or called two. */
    async takeBack(): Promise<void> {
      const pair = activePair();
      if (pair?.link == null) return;
      await back(pair, () => (pair.link?.kind === 'not' ? askAgain(pair) : reopen(pair.invoice.id)));
    },
    /** Somebody else called it two; it is one all the same. */
    async insist(): Promise<void> {
      const pair = activePair();
      if (pair !== undefined) await back(pair, () => askAgain(pair));
    },
    async undo(): Promise<void> {
      const last = store.getState().undo.at(-1);
      if (last === undefined) return;
      store.setState((s) => ({ undo: s.undo.slice(0, -1), active: keyOfPair(last.pair), swapped: false }));
      await back(last.pair, () => (last.kind === 'merge' ? reopen(last.closed) : askAgain(last.pair)));
    },
    onChanged(): void {
      if (deps.isOpen()) timer ??= setTimeout(() => void reload(), LOOK_MS);
    },
  };
  return { ...store, ...actions };
}
