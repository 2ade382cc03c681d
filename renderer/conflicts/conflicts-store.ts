/** The conflicts of all invoices: a list that is settled one after the other, by number, by another value, or not now. */
import { createStore } from 'zustand/vanilla';
import type { Invoice } from '../../core/contract/invoice.ts';
import { cellIn } from '../../core/invoice/status.ts';
import type { ConflictDetail, ConflictRow } from '../../core/contract/settling-http.ts';
import { ApiError, isAway } from '../api.ts';
import type { Client } from '../api.ts';
import { STAND_MS } from './use-standing.ts';

/** What a settlement can be taken back by. */
export interface Settled {
  readonly row: ConflictRow;
  readonly op: string;
  /** One for each of the sides there were: sent again it is the same request. */
  readonly back: readonly string[];
}

export interface Shown {
  readonly key: string;
  /** Null while it is asked for. */
  readonly detail: ConflictDetail | null;
  readonly invoice: Invoice | null;
  readonly error: ApiError | null;
  /** It was settled meanwhile; what was known of it stays where somebody is at it. */
  readonly gone: boolean;
  /** Since when its sides stand there like this, by `now`. */
  readonly since: number;
}

export interface ConflictsState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: ApiError | null;
  readonly rows: readonly ConflictRow[];
  readonly next: string | null;
  readonly totals: { readonly cells: number; readonly invoices: number };
  readonly active: string | null;
  readonly shown: Shown | null;
  /** What is being typed instead of the values there are; null where nothing is. */
  readonly typing: string | null;
  readonly refusal: string | null;
  /** A decision came sooner than anybody can have read what stands there: nothing was done. */
  readonly early: boolean;
  /** Written by a person; empty: the usual one is taken. */
  readonly reason: string;
  readonly undo: readonly Settled[];
}

export interface ConflictsDeps {
  readonly client: Pick<
    Client,
    'listConflicts' | 'getConflicts' | 'getInvoice' | 'correctFields' | 'settleRow' | 'unsettle' | 'transition'
  >;
  readonly newId: () => string;
  /** Whether the list is on the screen: only then it follows what happens. */
  readonly isOpen: () => boolean;
  /** Whether the keyboard is in the card itself. */
  readonly isInCard: () => boolean;
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
  /** Somebody has set something else meanwhile. */
  readonly onStill: (row: ConflictRow, actor: string) => void;
  readonly onSettled: (row: ConflictRow, left: number) => void;
  readonly onUnsettled: (row: ConflictRow) => void;
  readonly onFailed: (error: unknown) => void;
}

export type Settlement =
  | { readonly kind: 'value'; readonly value: string | null; readonly reason: string }
  | { readonly kind: 'row'; readonly keep: boolean; readonly reason: string };

export interface ConflictsStore extends ReturnType<typeof createConflictsStore> {}

export const keyOfConflict = ({ invoice, entity, field }: Pick<ConflictRow, 'invoice' | 'entity' | 'field'>): string =>
  `${invoice} ${entity.type}:${entity.id} ${field ?? ''}`;

const PAGE = 100;
/** Many changes come at once; one look is enough. */
const LOOK_MS = 300;

const known = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('internal', String(error));

const EMPTY: ConflictsState = {
  phase: 'loading',
  error: null,
  rows: [],
  next: null,
  totals: { cells: 0, invoices: 0 },
  active: null,
  shown: null,
  typing: null,
  refusal: null,
  early: false,
  reason: '',
  undo: [],
};

export function createConflictsStore(deps: ConflictsDeps) {
  const { client, newId } = deps;
  const store = createStore<ConflictsState>(() => EMPTY);
  /** Rises with every reload: answers to an older one are dropped. */
  let generation = 0;
  let loading: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Settled here and perhaps still in the answer to an older question. */
  const settling = new Set<string>();

  const open = (rows: readonly ConflictRow[]) => rows.filter((row) => !settling.has(keyOfConflict(row)));
  let undoing = false;

  /** Somebody is at this one: what they type next must not reach another. */
  function isBusy(): boolean {
    const { typing, reason, active } = store.getState();
    return active !== null && (typing !== null || reason !== '' || deps.isInCard());
  }

  /** What the server has, with the row in its place that somebody is at though it is settled. */
  function withHeld(left: readonly ConflictRow[]): readonly ConflictRow[] {
    const { rows, active } = store.getState();
    const at = rows.findIndex((row) => keyOfConflict(row) === active);
    const held = rows[at];
    if (held === undefined || !isBusy() || left.some((row) => keyOfConflict(row) === active)) return left;
    return left.toSpliced(Math.min(at, left.length), 0, held);
  }

  async function reload(): Promise<void> {
    const mine = ++generation;
    clearTimeout(timer);
    timer = undefined;
    const wanted = store.getState().rows.length;
    try {
      const rows: ConflictRow[] = [];
      let page = await client.listConflicts({ query: { limit: PAGE } });
      rows.push(...page.items);
      while (page.next !== null && rows.length < wanted) {
        page = await client.listConflicts({ query: { limit: PAGE, after: page.next } });
        rows.push(...page.items);
      }
      if (mine !== generation) return;
      const left = withHeld(open(rows));
      const active = stay(store.getState(), left);
      store.setState({ phase: 'ready', error: null, rows: left, next: page.next, totals: page.totals, active });
      await look();
    } catch (error) {
      if (mine === generation)
        store.setState((s) => ({ error: known(error), phase: s.rows.length === 0 ? 'failed' : s.phase }));
    }
  }

  async function more(): Promise<void> {
    const { next } = store.getState();
    const mine = generation;
    if (next === null) return;
    const page = await client.listConflicts({ query: { limit: PAGE, after: next } });
    if (mine !== generation) return;
    store.setState((s) => ({ rows: [...s.rows, ...open(page.items)], next: page.next, totals: page.totals }));
  }

  const activeRow = (): ConflictRow | undefined => {
    const { rows, active } = store.getState();
    return rows.find((row) => keyOfConflict(row) === active);
  };

  /** Asks for everything about the conflict that the keyboard stands on; what is typed stays. */
  async function look(): Promise<void> {
    const row = activeRow();
    if (row === undefined) return store.setState({ shown: null, typing: null, refusal: null });
    const key = keyOfConflict(row);
    const before = store.getState().shown;
    if (before?.key !== key)
      store.setState({
        shown: { key, detail: null, invoice: null, error: null, gone: false, since: deps.now() },
        typing: null,
        refusal: null,
        early: false,
        reason: '',
      });
    const params = { id: row.invoice };
    try {
      const [{ items }, invoice] = await Promise.all([client.getConflicts({ params }), client.getInvoice({ params })]);
      if (store.getState().active !== key) return;
      const found = items.find((one) => keyOfConflict({ ...one, invoice: row.invoice }) === key) ?? null;
      const was = store.getState().shown;
      const isSame = found !== null && was?.detail?.parents.join(' ') === found.parents.join(' ');
      const since = was !== null && isSame ? was.since : deps.now();
      // What is being typed keeps its place, though it can go nowhere any more.
      const detail = found ?? (isBusy() ? (was?.detail ?? null) : null);
      store.setState({ shown: { key, detail, invoice, error: null, gone: found === null, since } });
    } catch (error) {
      if (store.getState().active !== key) return;
      store.setState((s) => ({
        shown: {
          key,
          detail: s.shown?.detail ?? null,
          invoice: s.shown?.invoice ?? null,
          error: known(error),
          gone: s.shown?.gone ?? false,
          since: s.shown?.since ?? deps.now(),
        },
      }));
    }
  }

  function select(key: string | null): void {
    const { active, shown } = store.getState();
    if (active === key) return;
    const isLeft = (row: ConflictRow): boolean => shown?.gone !== true || keyOfConflict(row) !== shown.key;
    store.setState((s) => ({ active: key, rows: s.rows.filter(isLeft) }));
    void look();
  }

  function move(step: number): void {
    const { rows, active, shown } = store.getState();
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => keyOfConflict(row) === active);
    // From the end of the list there is one way out of what is settled.
    const isStuck = shown?.gone === true && step > 0 && at === rows.length - 1;
    const to = Math.max(0, Math.min(rows.length - 1, isStuck ? at - 1 : at + step));
    const row = rows[to];
    if (row !== undefined) select(keyOfConflict(row));
    if (to > rows.length - 20) actions.ensure();
  }

  /** Out of the list at once, and the next one follows; back where it was if it did not work. */
  function takeOut(row: ConflictRow): void {
    const key = keyOfConflict(row);
    settling.add(key);
    store.setState((s) => {
      const at = s.rows.findIndex((one) => keyOfConflict(one) === key);
      const rows = s.rows.toSpliced(at, at < 0 ? 0 : 1);
      const next = rows[at] ?? rows.at(-1);
      return {
        rows,
        active: next === undefined ? null : keyOfConflict(next),
        totals: { ...s.totals, cells: Math.max(0, s.totals.cells - 1) },
      };
    });
    void look();
  }

  const send = (row: ConflictRow, detail: ConflictDetail, opId: string, what: Settlement): Promise<Invoice> => {
    const params = { id: row.invoice };
    const parents = [...detail.parents];
    if (what.kind === 'row') {
      const entity = {
        type: row.entity.type === 'taxRow' ? ('taxRow' as const) : ('line' as const),
        id: row.entity.id,
      };
      return client.settleRow({ params, body: { opId, entity, keep: what.keep, parents, reason: what.reason } });
    }
    const correction = {
      entity: { type: typeOf(row), id: row.entity.id },
      field: row.field ?? '',
      value: what.value,
      parents,
      source: 'manual' as const,
      reason: what.reason,
      opId,
    };
    return client.correctFields({ params, body: { corrections: [correction] } });
  };

  /** Whether a decision now is one about what stands on the screen. */
  function isSteady(): boolean {
    const { shown, active } = store.getState();
    return shown?.detail != null && !shown.gone && shown.key === active && deps.now() - shown.since >= STAND_MS;
  }

  /** Says so where it is only too soon. */
  function isTooSoon(): boolean {
    if (isSteady()) return false;
    const { shown, active } = store.getState();
    if (shown?.detail != null && !shown.gone && shown.key === active) store.setState({ early: true });
    return true;
  }

  async function settle(what: Settlement): Promise<void> {
    const row = activeRow();
    const detail = store.getState().shown?.detail;
    if (row === undefined || detail == null || isTooSoon()) return;
    const op = newId();
    const back = detail.sides.map(() => newId());
    takeOut(row);
    try {
      const after = await send(row, detail, op, what);
      store.setState((s) => ({ undo: [...s.undo.slice(-99), { row, op, back }] }));
      const still = stillBy(after, row, op);
      settling.delete(keyOfConflict(row));
      if (still === undefined) return deps.onSettled(row, store.getState().totals.cells);
      deps.onStill(row, still);
    } catch (error) {
      settling.delete(keyOfConflict(row));
      deps.onFailed(error);
    }
    await reload();
  }

  const actions = {
    reload,
    look,
    select,
    move,
    settle,
    isTooSoon,
    forgetEarly: (): void => store.setState({ early: false }),
    activeRow,
    /** Loads on, where there is more. */
    ensure: (): void => {
      if (store.getState().next === null || loading) return;
      loading = more()
        .catch((error: unknown) => store.setState({ error: known(error) }))
        .finally(() => {
          loading = undefined;
        });
    },
    type(text: string | null): void {
      store.setState({ typing: text, refusal: null });
      // Nothing holds what was settled meanwhile any more.
      if (text === null && store.getState().shown?.gone === true) void reload();
    },
    async undo(): Promise<void> {
      const last = store.getState().undo.at(-1);
      if (last === undefined || undoing) return;
      undoing = true;
      const done = () => store.setState((s) => ({ undo: s.undo.filter((one) => one !== last) }));
      try {
        await client.unsettle({ params: { id: last.row.invoice }, body: { settled: last.op, opIds: [...last.back] } });
        done();
        deps.onUnsettled(last.row);
        store.setState({ active: keyOfConflict(last.row) });
      } catch (error) {
        if (!isAway(error)) done();
        deps.onFailed(error);
      } finally {
        undoing = false;
      }
      await reload();
    },
    async reopen(): Promise<void> {
      const { shown } = store.getState();
      if (shown?.invoice == null) return;
      const { id, digest } = shown.invoice;
      try {
        await client.transition({ params: { id }, body: { opId: newId(), to: 'received', digest } });
      } catch (error) {
        deps.onFailed(error);
      }
      await look();
    },
    /** Somebody changed an invoice: the list may be another one now. */
    onChanged(): void {
      if (deps.isOpen()) timer ??= setTimeout(() => void reload(), LOOK_MS);
    },
  };
  return { ...store, ...actions };
}

const TYPES = ['invoice', 'line', 'taxRow'] as const;
const typeOf = ({ entity }: ConflictRow) => TYPES.find((type) => type === entity.type) ?? 'invoice';

/** The keyboard stays where it stands; where that one is gone, on the one that took its place. */
function stay({ rows, active }: ConflictsState, left: readonly ConflictRow[]): string | null {
  const keys = left.map(keyOfConflict);
  if (active !== null && keys.includes(active)) return active;
  const at = rows.findIndex((row) => keyOfConflict(row) === active);
  return keys[Math.min(Math.max(at, 0), keys.length - 1)] ?? null;
}

/** Who has set something that the settlement had not seen, '' where that is not known; undefined where nobody has. */
function stillBy(invoice: Invoice, { entity, field }: ConflictRow, own: string): string | undefined {
  if (field === null) {
    const rows = [...invoice.lines, ...invoice.taxRows];
    return rows.find((row) => row.id === entity.id)?.deleteConflict === true ? '' : undefined;
  }
  const { type, id } = entity;
  if (type !== 'invoice' && type !== 'line' && type !== 'taxRow') return undefined;
  const heads = cellIn(invoice, { entity: { type, id }, field })?.conflict;
  return heads === undefined ? undefined : (heads.find(({ op }) => op !== own)?.actor ?? '');
}
