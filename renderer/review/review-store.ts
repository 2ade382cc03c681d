/** The review of one invoice at a time: what the server says, what was done since, where the reviewer stands, what can be undone. */
import { createStore } from 'zustand/vanilla';
import type { HistoryEntry } from '../../core/contract/http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { Box } from '../../core/contract/reading.ts';
import { ApiError, isAway } from '../api.ts';
import type { Client } from '../api.ts';
import { cellAt, keyOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { apply, send } from './commands.ts';
import type { Command } from './commands.ts';
import { share } from './share.ts';
import type { Step } from './steps.ts';
import type { Phrase } from './suggest.ts';

/** One invoice that is open, was open, or will be next. */
export interface Doc {
  readonly id: string;
  /** As the server last said. */
  readonly server: Invoice;
  /** With the commands that are still on their way. */
  readonly shown: Invoice;
  readonly pending: readonly Command[];
}

export interface Refusal {
  readonly value: string | null;
  readonly message: string;
}

export interface ReviewState {
  readonly id: string | null;
  readonly docs: Readonly<Record<string, Doc>>;
  readonly error: ApiError | null;
  /** Cell that has the keyboard, or had it last. */
  readonly focus: CellKey | null;
  /** Rises when the focus is to be moved by the program. */
  readonly focusRequest: number;
  /** Typed and not yet saved. */
  readonly drafts: Readonly<Record<CellKey, string>>;
  /** What the cell's author saw when they began to type: the parents of what they are typing. */
  readonly seen: Readonly<Record<CellKey, readonly string[]>>;
  /** Values that were refused, with the reason. */
  readonly refusals: Readonly<Record<CellKey, Refusal>>;
  readonly undo: readonly Step[];
  readonly redo: readonly Step[];
  readonly history: readonly HistoryEntry[] | null;
  readonly side: 'form' | 'history';
  readonly allFields: boolean;
  /** The answer to "why this value" is open for the focused cell. */
  readonly why: boolean;
  /** Place in the list of type-ahead matches; null: list closed, -1: open, none chosen. */
  readonly suggest: number | null;
  /** The matches as they stand, for their marks on the page. */
  readonly suggested: { readonly phrases: readonly Phrase[]; readonly at: number } | null;
  /** Where the focused value is printed, when the value itself does not say so. */
  readonly located: { readonly key: CellKey; readonly page: number; readonly box: Box } | null;
  /** A change is waiting because the station does not answer. */
  readonly waiting: boolean;
  /** Why a change of an invoice waits, where the station does answer. */
  readonly waits: { readonly id: string; readonly why: string } | null;
}

export interface ReviewDeps {
  readonly client: Client;
  readonly newId: () => string;
  readonly now: () => string;
  readonly actor: () => string;
  /** Findings of the rules that need no context, over the invoice as shown. */
  readonly judge: (invoice: Invoice) => Invoice;
  readonly onRefused: (message: string) => void;
  /** The open invoice was changed elsewhere. */
  readonly onRemote?: (before: Invoice, after: Invoice) => void;
  /** A refusal in the words of the screen. */
  readonly wordsOf: (error: unknown) => string;
  /** Why a change is to be sent again later, where there is more to say than that nobody answers. */
  readonly waitsFor: (error: unknown) => string | undefined;
  /** Not while the sign-in has ended: whoever signs in next may be somebody else. */
  readonly maySend: () => boolean;
}

export interface ReviewStore extends ReturnType<typeof createReviewStore> {}

/** Documents kept in memory: the open one, its neighbours, and those just done (for undo). */
const KEPT = 12;
const RETRY_MS = 2_000;
/** After the frame that shows the change. */
const JUDGE_MS = 30;

export function createReviewStore(deps: ReviewDeps) {
  const { client } = deps;
  const store = createStore<ReviewState>(() => ({
    id: null,
    docs: {},
    error: null,
    focus: null,
    focusRequest: 0,
    drafts: {},
    seen: {},
    refusals: {},
    undo: [],
    redo: [],
    history: null,
    side: 'form',
    allFields: false,
    why: false,
    suggest: null,
    suggested: null,
    located: null,
    waiting: false,
    waits: null,
  }));
  const pumping = new Set<string>();
  const wakes = new Set<() => void>();
  const loads = new Map<string, Promise<Doc>>();
  /** How often a change of it was answered: what was asked for before that may be older. */
  const answers = new Map<string, number>();
  /** Told while a change was on its way: the revision. */
  const missed = new Map<string, number>();

  const docOf = (id: string): Doc | undefined => store.getState().docs[id];
  const current = (): Doc | undefined => {
    const { id, docs } = store.getState();
    return id === null ? undefined : docs[id];
  };

  function put(doc: Doc): void {
    store.setState((s) => ({ docs: trimmed({ ...s.docs, [doc.id]: doc }, s.id) }));
  }

  /** The server's word, with what is still on its way laid over it. */
  function settle(server: Invoice, pending: readonly Command[]): void {
    const by = { actor: deps.actor(), at: deps.now() };
    const before = docOf(server.id)?.shown;
    // The findings stay as they were until the rules have run: a key must not wait for them.
    const base =
      pending.length > 0 && before ? { ...server, findings: before.findings, attention: before.attention } : server;
    const shown = pending.reduce((invoice, command) => apply(invoice, command, by), base);
    put({ id: server.id, server, pending, shown: share(before, shown) });
    if (pending.length > 0) setTimeout(() => judgeLater(server.id, pending), JUDGE_MS);
  }

  /** What the rules say about the invoice as shown, unless the server has said it meanwhile. */
  function judgeLater(id: string, pending: readonly Command[]): void {
    const doc = docOf(id);
    if (doc?.pending === pending) put({ ...doc, shown: share(doc.shown, deps.judge(doc.shown)) });
  }

  function fetchDoc(id: string): Promise<Doc> {
    let load = loads.get(id);
    if (!load) {
      load = readDoc(id).finally(() => loads.delete(id));
      loads.set(id, load);
    }
    return load;
  }

  async function readDoc(id: string): Promise<Doc> {
    for (;;) {
      const before = answers.get(id);
      const server = await client.getInvoice({ params: { id } });
      // An answer that was overtaken by one to a change would show, and be edited over, what the change has replaced.
      if (answers.get(id) !== before) continue;
      settle(server, docOf(id)?.pending ?? []);
      return docOf(id)!;
    }
  }

  async function pump(id: string): Promise<void> {
    if (pumping.has(id)) return;
    pumping.add(id);
    for (let doc = docOf(id); doc && doc.pending.length > 0; doc = docOf(id)) {
      if (!deps.maySend()) {
        store.setState({ waiting: true });
        await pause();
        continue;
      }
      const command = doc.pending[0]!;
      try {
        const server = await send(client, doc.server, command);
        answers.set(id, (answers.get(id) ?? 0) + 1);
        store.setState({ waiting: false, waits: null });
        const now = docOf(id) ?? doc;
        settle(server, now.pending.slice(1));
        // What others did meanwhile comes with the answer.
        if (command.kind === 'correct' && store.getState().id === id) deps.onRemote?.(now.server, server);
        if (command.kind === 'transition' || store.getState().side === 'history') loadHistory().catch(() => undefined);
      } catch (error) {
        if (isAway(error) || !deps.maySend()) {
          const why = deps.waitsFor(error);
          store.setState({ waiting: true, waits: why === undefined ? null : { id, why } });
          await pause();
          continue;
        }
        refuse(id, command, error);
      }
    }
    pumping.delete(id);
    const told = missed.get(id);
    missed.delete(id);
    if (told !== undefined) changedElsewhere(id, told);
  }

  /** Whoever is under way may have been asked before: the answer to a change, or another look at it. */
  function changedElsewhere(id: string, revision: number): void {
    const [doc, older] = [docOf(id), loads.get(id)];
    if (doc !== undefined && doc.server.revision >= revision) return;
    if (doc !== undefined && doc.pending.length > 0)
      return void missed.set(id, Math.max(revision, missed.get(id) ?? 0));
    const again = (): void => changedElsewhere(id, revision);
    if (older !== undefined) return void older.then(again, again);
    if (doc === undefined) return;
    fetchDoc(id).then(
      (now) => {
        if (store.getState().id === id && now.server.revision > doc.server.revision)
          deps.onRemote?.(doc.server, now.server);
      },
      () => undefined,
    );
  }

  /** Nothing is lost while the station is away: the same command, with the same operation id, is sent again. */
  const pause = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        wakes.delete(done);
        resolve();
      };
      const timer = setTimeout(done, RETRY_MS);
      wakes.add(done);
    });

  /** The row goes back to what the server has, and the reason stands beside it. */
  function refuse(id: string, command: Command, error: unknown): void {
    const message = deps.wordsOf(error);
    store.setState({ waits: null });
    const doc = docOf(id)!;
    settle(doc.server, doc.pending.slice(1));
    if (command.kind === 'correct')
      store.setState((s) => ({
        refusals: {
          ...s.refusals,
          ...Object.fromEntries(command.corrections.map((c) => [keyOf(c), { value: c.value, message }])),
        },
      }));
    deps.onRefused(message);
    // What it was refused for is most likely that the invoice moved on.
    void fetchDoc(id).catch(() => undefined);
  }

  async function loadHistory(): Promise<void> {
    const { id } = store.getState();
    if (id === null) return;
    const { entries } = await client.getHistory({ params: { id } });
    if (store.getState().id === id) store.setState({ history: entries });
  }

  return {
    ...store,
    current,
    loadHistory,
    /** Shows an invoice; at once where it was fetched ahead. */
    async open(id: string): Promise<void> {
      store.setState({ id, error: null, focus: null, history: null, why: false, suggest: null });
      try {
        await fetchDoc(id);
        if (store.getState().side === 'history') await loadHistory();
      } catch (error) {
        const known = error instanceof ApiError ? error : new ApiError('internal', String(error));
        if (store.getState().id === id && !docOf(id)) store.setState({ error: known });
      }
    },
    prefetch(id: string): Promise<Doc> {
      const doc = docOf(id);
      return doc ? Promise.resolve(doc) : fetchDoc(id);
    },
    /** What the site did not take is taken back: that raises no revision. */
    takenBack: (id: string): void => changedElsewhere(id, Infinity),
    /** Another screen, the reader or another station changed an invoice that is held here. */
    onRevision: changedElsewhere,
    /** Does it here at once and sends it; commands of one invoice go one after the other. */
    execute(id: string, command: Command): void {
      const doc = docOf(id);
      if (!doc) return;
      settle(doc.server, [...doc.pending, command]);
      void pump(id);
    },
    /** Resolves when everything that was done to the invoice has been answered. */
    async settled(id: string): Promise<Doc | undefined> {
      while ((docOf(id)?.pending.length ?? 0) > 0)
        await new Promise<void>((resolve) => {
          const stop = store.subscribe(() => {
            stop();
            resolve();
          });
        });
      return docOf(id);
    },
    retry(): void {
      for (const wake of wakes) wake();
      if (store.getState().error && store.getState().id !== null) {
        store.setState({ error: null });
        void fetchDoc(store.getState().id!).catch((error: unknown) =>
          store.setState({ error: error instanceof ApiError ? error : new ApiError('internal', String(error)) }),
        );
      }
    },
    remember(step: Step): void {
      store.setState((s) => ({ undo: [...s.undo.slice(-199), step], redo: [] }));
    },
    focusOn(key: CellKey | null): void {
      if (store.getState().focus !== key) store.setState({ focus: key, why: false, suggest: null });
    },
    requestFocus(key: CellKey): void {
      store.setState((s) => ({
        focus: key,
        focusRequest: s.focusRequest + 1,
        why: false,
        suggest: null,
        side: 'form',
      }));
    },
    /** A letter was typed: one change of the store, whatever follows from it. From the second letter on the page's words are offered. */
    typed(key: CellKey, text: string): void {
      const doc = current();
      store.setState((s) => ({
        drafts: { ...s.drafts, [key]: text },
        seen: key in s.drafts || !doc ? s.seen : { ...s.seen, [key]: cellAt(doc.shown, key).parents },
        suggest: text.trim().length >= 2 ? -1 : null,
        why: false,
      }));
    },
    draft(key: CellKey, text: string | null): void {
      store.setState((s) => {
        if (text === null) {
          if (!(key in s.drafts)) return s;
          const { [key]: _done, ...drafts } = s.drafts;
          const { [key]: _seen, ...seen } = s.seen;
          return { drafts, seen };
        }
        return { drafts: { ...s.drafts, [key]: text } };
      });
    },
    clearRefusal(key: CellKey): void {
      store.setState((s) => {
        if (!(key in s.refusals)) return s;
        const { [key]: _seen, ...refusals } = s.refusals;
        return { refusals };
      });
    },
  };
}

/** Forgets the documents opened longest ago; never the open one or one with changes on their way. */
function trimmed(docs: Readonly<Record<string, Doc>>, open: string | null): Readonly<Record<string, Doc>> {
  const ids = Object.keys(docs);
  if (ids.length <= KEPT) return docs;
  const oldest = ids.find((id) => id !== open && docs[id]!.pending.length === 0 && id !== ids.at(-1));
  if (oldest === undefined) return docs;
  const { [oldest]: _gone, ...rest } = docs;
  return rest;
}
