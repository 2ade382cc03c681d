/** Pairs of invoices that may be one: all that wait for a person, or those of one invoice. */
import { createStore } from 'zustand/vanilla';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { DuplicatePair } from '../../core/contract/settling-http.ts';
import type { HistoryEntry } from '../../core/contract/http.ts';
import { ApiError, isAway, isStale } from '../api.ts';
import { STAND_MS } from '../conflicts/use-standing.ts';
import type { Client } from '../api.ts';

export interface Decided {
  readonly pair: DuplicatePair;
  readonly kind: 'merge' | 'not';
  /** The one that was closed. */
  readonly closed: string;
  /** As it was right after: whatever came later is not taken back with it, unless that was told. */
  readonly digest: string;
  /** What it was said by, and what takes it back: sent again it is the same request. */
  readonly ops: readonly string[];
  readonly back: readonly [string, string];
}

/** `left` would be closed, `right` would stay. */
export interface Compared {
  readonly key: string;
  readonly left: Invoice;
  readonly right: Invoice;
  /** Since when they stand there like this, by `now`. */
  readonly since: number;
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
  /** The one the keyboard stands on was settled meanwhile, and is left where it was: somebody is at it. */
  readonly gone: boolean;
  readonly swapped: boolean;
  readonly compared: Compared | null;
  readonly compareError: ApiError | null;
  readonly onlyDifferences: boolean;
  /** A decision came sooner than anybody can have read what stands there: nothing was done. */
  readonly early: boolean;
  /** Why they are two, while it is being written. */
  readonly reason: string | null;
  readonly undo: readonly Decided[];
}

export interface DuplicatesDeps {
  readonly client: Pick<
    Client,
    'listDuplicates' | 'getDuplicates' | 'getInvoice' | 'getHistory' | 'mergeDuplicate' | 'notDuplicate' | 'transition'
  >;
  readonly newId: () => string;
  readonly isOpen: () => boolean;
  /** Whether the keyboard is in the card itself. */
  readonly isInCard: () => boolean;
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
  readonly onDecided: (done: Decided) => void;
  /** Nothing was taken back: this came to the closed one since. Asked for again it is taken back with it. */
  readonly onMoved: (done: Decided, since: readonly HistoryEntry[]) => void;
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
  gone: false,
  swapped: false,
  compared: null,
  compareError: null,
  onlyDifferences: true,
  early: false,
  reason: null,
  undo: [],
};

export function createDuplicatesStore(deps: DuplicatesDeps) {
  const { client, newId } = deps;
  const store = createStore<DuplicatesState>(() => EMPTY);
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let loading: Promise<void> | undefined;

  /** Settled here: the next one may follow. */
  let own: string | null = null;
  let undoing = false;

  /** As far as there are `wanted`. */
  const ask = async (of: string | null, wanted: number) => {
    if (of !== null) {
      const { items } = await client.getDuplicates({ params: { id: of } });
      return { items, next: null, total: items.length };
    }
    const items: DuplicatePair[] = [];
    let page = await client.listDuplicates({ query: { limit: PAGE } });
    items.push(...page.items);
    while (page.next !== null && items.length < wanted) {
      page = await client.listDuplicates({ query: { limit: PAGE, after: page.next } });
      items.push(...page.items);
    }
    return { items, next: page.next, total: page.total };
  };

  /** Where the keyboard stands in what the server has now: what somebody is at stays under their hands, though it is settled. */
  function placed(items: readonly DuplicatePair[]): Pick<DuplicatesState, 'pairs' | 'active' | 'gone'> {
    const { pairs, active, reason } = store.getState();
    const keys = items.map(keyOfPair);
    if (own !== null && keys.includes(own)) own = null;
    if (active !== null && keys.includes(active)) return { pairs: items, active, gone: false };
    const was = pairs.findIndex((pair) => keyOfPair(pair) === active);
    const held = pairs[was];
    if (held !== undefined && active !== own && (reason !== null || deps.isInCard()))
      return { pairs: items.toSpliced(Math.min(was, items.length), 0, held), active, gone: true };
    return { pairs: items, active: keys[Math.min(Math.max(was, 0), keys.length - 1)] ?? null, gone: false };
  }

  /** What belongs to the pair that the keyboard leaves. */
  const LEFT = { swapped: false, compared: null, compareError: null, reason: null, early: false, gone: false } as const;

  async function reload(): Promise<void> {
    const mine = ++generation;
    clearTimeout(timer);
    timer = undefined;
    try {
      const { of, pairs } = store.getState();
      const { items, next, total } = await ask(of, pairs.length);
      if (mine !== generation) return;
      const now = placed(items);
      const isLeft = now.active !== store.getState().active;
      store.setState({ ...(isLeft ? LEFT : {}), phase: 'ready', error: null, next, total, ...now });
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
      const was = now.compared;
      const isSame = was?.key === active && was?.left.digest === one.digest && was.right.digest === other.digest;
      const since = isSame ? was.since : deps.now();
      store.setState({ compared: { key: active ?? '', left: one, right: other, since }, compareError: null });
    } catch (error) {
      if (store.getState().active === active) store.setState({ compared: null, compareError: known(error) });
    }
  }

  function select(key: string): void {
    const { active, gone } = store.getState();
    if (active === key) return;
    const isLeft = (pair: DuplicatePair): boolean => !gone || keyOfPair(pair) !== active;
    store.setState((s) => ({ ...LEFT, active: key, pairs: s.pairs.filter(isLeft) }));
    void look();
  }

  /** The two that stand on the screen, where a decision now is one about them. */
  function steady(): Compared | undefined {
    const { compared, active, gone } = store.getState();
    if (compared === null || compared.key !== active || gone) return undefined;
    if (deps.now() - compared.since >= STAND_MS) return compared;
    store.setState({ early: true });
    return undefined;
  }

  /** Runs what decides, says so, and looks again: others may have decided, too. */
  async function decide(wish: Omit<Decided, 'digest' | 'back'>, work: () => Promise<Invoice>): Promise<void> {
    try {
      const { digest } = await work();
      const done: Decided = { ...wish, digest, back: [newId(), newId()] };
      store.setState((s) => ({ undo: [...s.undo.slice(-99), done], reason: null }));
      own = keyOfPair(wish.pair);
      deps.onDecided(done);
    } catch (error) {
      deps.onFailed(error);
    }
    await reload();
  }

  /** Whether it is over and done with: without an answer it may be asked for again. Nothing is said where `work` has said why it did nothing. */
  async function back(pair: DuplicatePair, work: () => Promise<Invoice | undefined>): Promise<boolean> {
    let isDone = true;
    try {
      if ((await work()) !== undefined) {
        own = keyOfPair(pair);
        deps.onTakenBack(pair);
      }
    } catch (error) {
      isDone = !isAway(error);
      deps.onFailed(error);
    }
    await reload();
    return isDone;
  }

  const reopen = (id: string, digest: string, opId: string): Promise<Invoice> =>
    client.transition({ params: { id }, body: { opId, to: 'received', digest } });
  /** `of`: what was said here; all that anybody said of the two where it is left out. */
  const askAgain = (
    { invoice, other }: DuplicatePair,
    opIds: readonly [string, string] = [newId(), newId()],
    of?: readonly string[],
  ): Promise<Invoice> => {
    const body = { opIds: [...opIds] as [string, string], other: other.id, not: false };
    return client.notDuplicate({
      params: { id: invoice.id },
      body: of === undefined ? body : { ...body, of: [...of] },
    });
  };
  const takeBack = (done: Decided): Promise<Invoice> =>
    done.kind === 'merge' ? reopen(done.closed, done.digest, done.back[0]) : askAgain(done.pair, done.back, done.ops);

  /** Whatever came to the closed one since: it would be opened over what nobody has seen. Told, it may be the next time. */
  async function moved(done: Decided): Promise<Decided | undefined> {
    const params = { id: done.closed };
    const { digest, state } = await client.getInvoice({ params });
    // Somebody else opened it, and perhaps decided.
    if (state !== 'duplicate' || digest === done.digest) return undefined;
    const { entries } = await client.getHistory({ params });
    const at = entries.find(({ op }) => op === done.ops[0])?.at ?? '';
    const since = entries.filter((entry) => entry.at > at);
    deps.onMoved(done, since);
    return { ...done, digest, back: [newId(), newId()] };
  }

  const actions = {
    reload,
    look,
    select,
    activePair,
    forgetEarly: (): void => store.setState({ early: false }),
    async show(of: string | null): Promise<void> {
      if (store.getState().of !== of) store.setState({ ...EMPTY, of, undo: store.getState().undo });
      await reload();
    },
    move: (step: number): void => {
      const { pairs, active } = store.getState();
      const at = pairs.findIndex((pair) => keyOfPair(pair) === active);
      // From the end of the list there is one way out of what is settled.
      const isStuck = store.getState().gone && step > 0 && at === pairs.length - 1;
      const pair = pairs[Math.max(0, Math.min(pairs.length - 1, isStuck ? at - 1 : at + step))];
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
      const compared = steady();
      if (pair === undefined || compared === undefined) return;
      const { left, right } = compared;
      const body = { opId: newId(), kept: right.id, digest: left.digest };
      await decide({ pair, kind: 'merge', closed: left.id, ops: [body.opId] }, () =>
        client.mergeDuplicate({ params: { id: left.id }, body }),
      );
    },
    /** Whether it was sent. */
    async apart(reason: string): Promise<boolean> {
      const pair = activePair();
      if (pair === undefined || steady() === undefined || reason.trim() === '') return false;
      const body = { opIds: [newId(), newId()] as [string, string], other: pair.other.id, not: true, reason };
      await decide({ pair, kind: 'not', closed: '', ops: body.opIds }, () =>
        client.notDuplicate({ params: { id: pair.invoice.id }, body }),
      );
      return true;
    },
    /** What was being written is given up. */
    stopWriting(): void {
      store.setState({ reason: null });
      // Nothing holds what was settled meanwhile any more.
      if (store.getState().gone) void reload();
    },
    /** Of what was closed, or called two. */
    async takeBack(): Promise<void> {
      const pair = activePair();
      const { compared, active } = store.getState();
      if (pair?.link == null || compared?.key !== active) return;
      const { kind } = pair.link;
      // As it stood on the screen: an approval that came since is not taken back with it.
      const seen = compared?.left.id === pair.invoice.id ? compared.left : compared?.right;
      await back(pair, () => (kind === 'not' ? askAgain(pair) : reopen(pair.invoice.id, seen?.digest ?? '', newId())));
    },
    /** Somebody else called it two; it is one all the same. */
    async insist(): Promise<void> {
      const pair = activePair();
      if (pair !== undefined) await back(pair, () => askAgain(pair));
    },
    async undo(): Promise<void> {
      const last = store.getState().undo.at(-1);
      if (last === undefined || undoing) return;
      undoing = true;
      let next: readonly Decided[] = [];
      const isDone = await back(last.pair, async () => {
        try {
          const invoice = await takeBack(last);
          store.setState({ ...LEFT, active: keyOfPair(last.pair) });
          return invoice;
        } catch (error) {
          const again = last.kind === 'merge' && isStale(error) ? await moved(last) : undefined;
          if (again === undefined) throw error;
          next = [again];
          return undefined;
        }
      });
      undoing = false;
      if (isDone) store.setState((s) => ({ undo: s.undo.flatMap((one) => (one === last ? next : [one])) }));
    },
    onChanged(): void {
      if (deps.isOpen()) timer ??= setTimeout(() => void reload(), LOOK_MS);
    },
  };
  return { ...store, ...actions };
}
