/** What a reviewer's gestures mean: typing, clicking words, accepting, lines, verbs, undo. Called by the actions and the form. */
import type { Correction } from '../../core/contract/http.ts';
import type { Cell, Line } from '../../core/contract/invoice.ts';
import type { Candidate, Word } from '../../core/contract/reading.ts';
import { orderBetween } from '../../core/sync/order.ts';
import { may } from '../access.ts';
import type { AppStore } from '../app-store.ts';
import { isOpen } from '../inbox/inbox-store.ts';
import type { InboxStore } from '../inbox/inbox-store.ts';
import type { Route } from '../route.ts';
import { currentLanguage, editable, labelOf, nameOf, t } from '../text.ts';
import type { DeskKeeper } from '../together/desk-keeper.ts';
import type { TogetherStore } from '../together/together-store.ts';
import type { Documents } from '../viewer/documents.ts';
import { textOf } from '../../core/region/words.ts';
import { union } from '../viewer/geometry.ts';
import type { ViewerStore } from '../viewer/viewer-store.ts';
import { cellAt, cellsOf, headerKey, infoOf, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { isBlank, isClean, leftOf, nextAttention, openCells } from './progress.ts';
import type { Doc, ReviewStore } from './review-store.ts';
import { conflictSides } from './conflict-sides.ts';
import { commandsFor, madeBy, placeOf } from './steps.ts';
import type { Direction, Edit, Step } from './steps.ts';
import { fold, placeOfValue } from './suggest.ts';
import type { Phrase } from './suggest.ts';
import { habitsOf, typedValue } from '../../core/invoice/typed-value.ts';

/** Asked for at once, where others may be faster. */
const CANDIDATES = 12;

export interface ControlDeps {
  readonly app: AppStore;
  readonly inbox: InboxStore;
  readonly review: ReviewStore;
  readonly viewer: ViewerStore;
  readonly documents: Documents;
  readonly together: TogetherStore;
  readonly desks: DeskKeeper;
  readonly newId: () => string;
  readonly navigate: (route: Route) => void;
}

export interface ReviewControl extends ReturnType<typeof createReviewControl> {}

export function createReviewControl(deps: ControlDeps) {
  const { app, review, newId } = deps;
  /** Cells looked at in the open invoice: Enter does not come back to what only a rule keeps on the list. */
  let visited = new Set<CellKey>();
  let visitedOf = '';

  const seen = (doc: Doc): Set<CellKey> => {
    if (visitedOf !== doc.id) [visited, visitedOf] = [new Set(), doc.id];
    return visited;
  };

  /** The first of its operations; undefined where it may not be. */
  function perform(doc: Doc, edits: readonly Edit[], reason?: string): string | undefined {
    // The form is locked then; this is for the ways that do not lead through it.
    if (!may(app.getState(), 'invoice.correct')) return undefined;
    const corrections = edits.map((edit): Correction => {
      const cell = cellAt(review.current()!.shown, edit.key);
      return {
        ...refOf(edit.key),
        value: edit.after,
        parents: [...(edit.seen ?? cell.parents)],
        source: 'manual',
        opId: newId(),
        ...(reason === undefined ? {} : { reason }),
        ...(edit.afterAt === undefined ? {} : { evidence: edit.afterAt }),
      };
    });
    review.execute(doc.id, { kind: 'correct', corrections });
    return corrections[0]?.opId;
  }

  /** Writes a value. The same value again confirms the cell; a cell that a person has set already needs no second word. */
  function set(
    key: CellKey,
    value: string | null,
    at: Correction['evidence'],
    saw?: readonly string[],
    reason?: string,
  ): void {
    const doc = review.current();
    if (!doc) return;
    const cell = cellAt(doc.shown, key);
    const same = cell.value === value;
    if (same && (cell.actor !== undefined || value === null) && !cell.conflict) return;
    const edit: Edit = { key, before: cell.value, after: value, beforeAt: placeOf(cell), afterAt: at };
    const op = perform(doc, [saw === undefined ? edit : { ...edit, seen: saw }], reason);
    if (cell.conflict !== undefined && saw === undefined && op !== undefined) {
      const sides = conflictSides(cell.conflict).length;
      return review.remember({ invoice: doc.id, kind: 'settle', edit, op, sides, reason });
    }
    // Taking back a mere "yes" would change nothing that can be seen.
    if (!same) review.remember({ invoice: doc.id, kind: 'edits', edits: [edit] });
  }

  /** Where somebody else has set the cell since typing began: what was typed follows what its author saw, and both stand until one is chosen. */
  function unseenBy(key: CellKey, cell: Cell): readonly string[] | undefined {
    const saw = review.getState().seen[key];
    const self = app.getState().status?.actor;
    // Of what stands against each other the own value may be the one that is shown.
    const isForeign = (cell.conflict ?? [cell]).some(({ actor }) => actor !== undefined && actor !== self);
    return isForeign && saw !== undefined && saw.join(' ') !== cell.parents.join(' ') ? saw : undefined;
  }

  /** Reads what was typed. false: it is no value of the field; the reason stands below it. */
  function commit(key: CellKey, text: string, by?: { place?: Phrase; language?: string | undefined }): boolean {
    const doc = review.current();
    if (!doc) return true;
    const ref = refOf(key);
    const typed = typedValue(
      { type: infoOf(ref).type, name: ref.field },
      text,
      habitsOf(by?.language ?? currentLanguage()),
    );
    if (typed.kind === 'invalid') {
      review.draft(key, text);
      const message = t(`ui.invalid.${typed.problem}`, { text });
      review.setState((s) => ({ suggest: null, refusals: { ...s.refusals, [key]: { value: text, message } } }));
      app.announce(`${labelOf(ref)}: ${message}`);
      return false;
    }
    const cell = cellAt(doc.shown, key);
    const saw = unseenBy(key, cell);
    review.draft(key, null);
    review.clearRefusal(key);
    const phrases = by?.place ? [] : deps.documents.phrases(doc.shown, () => undefined);
    const place = by?.place ?? (typed.value === cell.value ? undefined : placeOfValue(phrases, text));
    set(
      key,
      typed.value,
      place ? { page: place.page, box: place.box } : typed.value === null ? undefined : placeOf(cell),
      saw,
    );
    return true;
  }

  /** The draft of a cell, if any; unchanged text is no edit. */
  function commitDraft(key: CellKey): boolean {
    const doc = review.current();
    const draft = review.getState().drafts[key];
    if (!doc || draft === undefined) return true;
    const cell = cellAt(doc.shown, key);
    const before = editable(refOf(key), cell.value, doc.shown.header.currency?.value);
    if (draft.trim() === before.trim()) {
      review.draft(key, null);
      review.clearRefusal(key);
      return true;
    }
    return commit(key, draft);
  }

  function advance(step: 1 | -1): void {
    const doc = review.current();
    if (!doc) return;
    const { focus } = review.getState();
    const next = nextAttention(openCells(doc.shown), focus, seen(doc), step);
    if (next !== undefined) return review.requestFocus(next);
    const left = leftOf(doc.shown);
    app.announce(isClean(left) ? t('ui.review.allDone') : t('ui.review.onlyRules', { n: left.rules + left.fields }));
    document.getElementById('review-confirm')?.focus();
  }

  function acceptNext(): void {
    const doc = review.current();
    const { focus } = review.getState();
    if (!doc) return;
    // The order of work as it was: the accepted cell may leave the list.
    const attention = openCells(doc.shown);
    if (focus !== null) {
      if (!commitDraft(focus)) return;
      const cell = cellAt(review.current()!.shown, focus);
      if (attention.includes(focus)) set(focus, cell.value, placeOf(cell));
      seen(doc).add(focus);
    }
    const still = new Set(openCells(review.current()!.shown));
    const rest = attention.filter((key) => key === focus || still.has(key));
    const next = nextAttention(rest, focus, seen(doc), 1);
    if (next === undefined) advance(1);
    else review.requestFocus(next);
  }

  /** A cell of another invoice. A row that nobody shows may be one that was deleted here while it was typed in. */
  function isElsewhere({ id, shown: invoice }: Doc, key: CellKey): boolean {
    const ref = refOf(key);
    if (ref.entity.type === 'invoice') return ref.entity.id !== id;
    const others = Object.values(review.getState().docs).filter((other) => other.id !== id);
    return cellsOf(invoice, ref) === undefined && others.some(({ shown }) => cellsOf(shown, ref) !== undefined);
  }

  async function transition(to: string, reason?: string): Promise<boolean> {
    const doc = review.current();
    if (!doc) return false;
    // What is being typed elsewhere is none of this invoice's business.
    for (const key of Object.keys(review.getState().drafts))
      if (!isElsewhere(doc, key) && !commitDraft(key)) return false;
    const from = doc.server.state;
    const row = { id: doc.id, name: doc.shown.header.invoiceNumber?.value ?? doc.shown.document.name };
    review.execute(doc.id, { kind: 'transition', opId: newId(), to, ...(reason === undefined ? {} : { reason }) });
    const after = await review.settled(doc.id);
    if (!after || after.server.state === from) return false;
    const { digest } = after.server;
    const why = reason === undefined ? {} : { reason };
    review.remember({ invoice: doc.id, kind: 'transition', from, to, digest, ...why });
    app.say(t('ui.review.transitioned', { name: row.name, status: after.server.status }), 'success', 'edit.undo');
    return true;
  }

  /** Leaves for the next invoice that waits for a person; back to the queue where there is none. */
  async function goOn(): Promise<void> {
    const { id } = review.getState();
    if (id === null) return;
    const free = await deps.inbox.following(id, CANDIDATES, (row) => deps.together.isLeftOut(row));
    // The answer counts, not what the list shows: two who ask together get two.
    const next = await deps.desks.next(free.map((row) => row.id));
    if (review.getState().id !== id) return;
    if (next !== undefined) deps.navigate({ screen: 'review', id: next });
    else {
      const isAll = deps.inbox.firstOpen(id) === undefined;
      app.say(t(isAll ? 'ui.review.queueDone' : 'ui.together.next.away'), isAll ? 'success' : 'info');
      deps.navigate({ screen: 'inbox' });
    }
  }

  async function reverse(way: Direction): Promise<void> {
    const state = review.getState();
    const step = state[way].at(-1);
    if (!step) return;
    review.setState({ [way]: state[way].slice(0, -1) });
    if (state.id !== step.invoice) {
      deps.navigate({ screen: 'review', id: step.invoice });
      await review.open(step.invoice);
    }
    const doc = await review.settled(step.invoice);
    if (!doc) return;
    // As it is now: another step may have been taken back while this one waited.
    const shown = review.getState().docs[doc.id]?.shown ?? doc.shown;
    const commands = commandsFor(step, way, shown, newId, app.getState().status?.actor);
    if (commands.length === 0) return app.say(t('ui.undo.moved', { what: stepName(step) }), 'error');
    const other = way === 'undo' ? 'redo' : 'undo';
    for (const command of commands) review.execute(doc.id, command);
    const keep = (made: Step): void => review.setState((s) => ({ [other]: [...s[other], made] }));
    if (step.kind !== 'transition') keep(madeBy(step, commands));
    app.announce(t(way === 'undo' ? 'ui.undo.done' : 'ui.redo.done', { what: stepName(step) }));
    const key = keyOfStep(step);
    if (key !== undefined) review.requestFocus(key);
    if (step.kind !== 'transition') return;
    // A decision is made again, or taken back, over the invoice as this one leaves it.
    const after = await review.settled(step.invoice);
    if (after !== undefined && after.server.digest !== shown.digest) keep({ ...step, digest: after.server.digest });
  }

  function takePhrase(key: CellKey, phrase: Phrase): void {
    const language = review.current()?.shown.reading?.language;
    if (commit(key, phrase.text, { place: phrase, language })) review.setState({ suggest: null });
  }

  const lineOf = (key: CellKey | null): Line | undefined => {
    const ref = key === null ? undefined : refOf(key);
    return ref?.entity.type === 'line' ? review.current()?.shown.lines.find((l) => l.id === ref.entity.id) : undefined;
  };

  /** A new line below `after`, with copies of `cells`. */
  function insertLine(after: Line | undefined, cells: Line['cells']): void {
    const doc = review.current();
    if (!doc) return;
    const { lines } = doc.shown;
    const at = after ? lines.findIndex((l) => l.id === after.id) : lines.length - 1;
    const order = orderBetween(lines[at]?.order ?? null, lines[at + 1]?.order ?? null);
    const line: Line = { id: newId(), order, cells: {} };
    review.execute(doc.id, { kind: 'addLine', opId: newId(), lineId: line.id, order });
    const edits = Object.entries(cells).flatMap(([field, cell]): Edit[] =>
      cell.value === null || field === 'position'
        ? []
        : [{ key: `line:${line.id}:${field}`, before: null, after: cell.value, afterAt: placeOf(cell) }],
    );
    if (edits.length > 0) perform(doc, edits);
    review.remember({ invoice: doc.id, kind: 'addLine', line, edits });
    review.requestFocus(`line:${line.id}:description`);
  }

  return {
    set,
    commit,
    commitDraft,
    acceptNext,
    back: () => advance(-1),
    advance,
    transition,
    goOn,
    reverse,
    takePhrase,
    takeCandidate(key: CellKey, candidate: Candidate): void {
      review.draft(key, null);
      review.clearRefusal(key);
      const at =
        candidate.box && candidate.page !== undefined ? { page: candidate.page, box: candidate.box } : undefined;
      set(key, candidate.value, at);
      review.setState({ why: false });
    },
    /** A value that was read from an area of the page. */
    takeArea(key: CellKey, value: string, at: NonNullable<Correction['evidence']>): void {
      review.draft(key, null);
      review.clearRefusal(key);
      set(key, value, at);
    },
    settleConflict(key: CellKey, value: string | null): void {
      const cell = cellAt(review.current()!.shown, key);
      const said = cell.conflict?.filter((head) => head.value === value).map(({ actor }) => nameOf(actor)) ?? [];
      const actor = [...new Set(said)].join(', ');
      set(key, value, placeOf(cell), undefined, t('ui.conflicts.reason.take', { actor }));
    },
    /** Words of the page become the value of the focused cell; `append` puts them behind what stands there. */
    capture(page: number, words: readonly Word[], append: boolean): void {
      const { focus, drafts } = review.getState();
      const doc = review.current();
      if (!doc || focus === null || words.length === 0) return;
      const ref = refOf(focus);
      const text = infoOf(ref).type === 'multiline' ? textOf(words) : textOf(words).replaceAll('\n', ' ');
      const place: Phrase = { text, page, box: union(words.map((w) => w.box)), key: fold(text), words: words.length };
      const language = doc.shown.reading?.language;
      if (!append) return void commit(focus, text, { place, language });
      const cell = cellAt(doc.shown, focus);
      const standing = drafts[focus] ?? cell.value ?? '';
      const box = cell.box && cell.page === page ? union([cell.box, place.box]) : place.box;
      commit(focus, `${standing} ${text}`.trim(), { place: { ...place, box }, language });
    },
    async confirm(reason?: string): Promise<void> {
      const { focus } = review.getState();
      if (focus !== null && !commitDraft(focus)) return;
      const doc = review.current();
      if (!doc) return;
      if (isBlank(doc.shown)) {
        app.say(t('ui.review.blank'), 'error');
        return review.requestFocus(headerKey(doc.shown, 'invoiceNumber'));
      }
      const left = leftOf(doc.shown);
      const unseen = nextAttention(openCells(doc.shown), null, seen(doc), 1);
      if (reason === undefined && left.fields > 0 && unseen !== undefined) {
        app.say(t('ui.review.fieldsFirst', { n: left.fields }), 'info');
        return review.requestFocus(unseen);
      }
      // What was looked at and stays open is confirmed with a reason, or not at all.
      if (reason === undefined && !isClean(left)) return app.open({ kind: 'reason', to: 'confirmed', required: true });
      if (await transition('confirmed', reason)) await goOn();
    },
    addLine(): void {
      insertLine(lineOf(review.getState().focus), {});
    },
    duplicateLine(): void {
      const line = lineOf(review.getState().focus);
      if (line) insertLine(line, line.cells);
    },
    deleteLine(id?: string): void {
      const doc = review.current();
      const line = id === undefined ? lineOf(review.getState().focus) : doc?.shown.lines.find((l) => l.id === id);
      if (!doc || !line) return;
      const at = doc.shown.lines.findIndex((l) => l.id === line.id);
      const neighbour = doc.shown.lines[at + 1] ?? doc.shown.lines[at - 1];
      const step: Step = { invoice: doc.id, kind: 'deleteLine', line };
      for (const command of commandsFor(step, 'redo', doc.shown, newId)) review.execute(doc.id, command);
      review.remember(step);
      const field = refOf(review.getState().focus ?? '::').field;
      if (neighbour) review.requestFocus(`line:${neighbour.id}:${field || 'description'}`);
    },
    /** Next or previous invoice of the queue, whatever its state. */
    async turnTo(step: 1 | -1): Promise<void> {
      const { id } = review.getState();
      const other = id === null ? undefined : await deps.inbox.neighbour(id, step, false);
      if (other) deps.navigate({ screen: 'review', id: other.id });
      else app.announce(t(step === 1 ? 'ui.review.lastDocument' : 'ui.review.firstDocument'));
    },
    isOpen: (): boolean => isOpen(review.current()?.server.status ?? 'reading'),
  };
}

const keyOfStep = (step: Step): CellKey | undefined =>
  step.kind === 'edits' ? step.edits[0]!.key : step.kind === 'settle' ? step.edit.key : undefined;

function stepName(step: Step): string {
  if (step.kind === 'edits') return labelOf(refOf(step.edits[0]!.key));
  if (step.kind === 'settle') return labelOf(refOf(step.edit.key));
  return t(`ui.step.${step.kind}`);
}
