import type { Action } from '../actions.ts';
import type { Station } from '../station.ts';
import { editable } from '../text.ts';
import { cellAt, infoOf, refOf } from './cells.ts';
import { conflictSides } from './conflict-sides.ts';
import { suggestions } from './suggest.ts';
import type { Phrase } from './suggest.ts';

const onField = ({ app, review }: Station): boolean =>
  app.getState().route.screen === 'review' &&
  review.getState().focus !== null &&
  document.activeElement instanceof HTMLElement &&
  document.activeElement.dataset['cell'] !== undefined;

const listOpen = (s: Station): boolean => onField(s) && s.review.getState().suggest !== null;

/** The matches shown for the focused cell: what is typed, or everything where the list was opened by hand. */
export function currentSuggestions({ review, documents }: Station, onMore: () => void): readonly Phrase[] {
  const doc = review.current();
  const { focus, drafts } = review.getState();
  if (!doc || focus === null) return [];
  const ref = refOf(focus);
  const typed = drafts[focus] ?? editable(ref, cellAt(doc.shown, focus).value);
  return suggestions(documents.phrases(doc.shown, onMore), typed, infoOf(ref).type);
}

const nothing = () => undefined;

function moveSuggestion(station: Station, step: 1 | -1): void {
  const count = currentSuggestions(station, nothing).length;
  const at = station.review.getState().suggest ?? -1;
  if (count > 0) station.review.setState({ suggest: (at + step + count + (at < 0 && step < 0 ? 1 : 0)) % count });
}

function takeCandidate({ review, control }: Station, index: number): void {
  const doc = review.current();
  const { focus } = review.getState();
  if (!doc || focus === null) return;
  const cell = cellAt(doc.shown, focus);
  // While two values stand against each other, the numbers are theirs.
  if (cell.conflict !== undefined) {
    const side = conflictSides(cell.conflict)[index];
    if (side !== undefined) control.settleConflict(focus, side.value);
    return;
  }
  const candidate = cell.candidates[index];
  if (candidate) control.takeCandidate(focus, candidate);
}

export const fieldActions: readonly Action[] = [
  {
    id: 'field.takeSuggestion',
    label: 'ui.action.takeSuggestion',
    group: 'field',
    keys: ['Enter', 'Tab'],
    when: 'anywhere',
    enabled: (s) => listOpen(s) && (s.review.getState().suggest ?? -1) >= 0,
    run: (station) => {
      const { review, control } = station;
      const { focus, suggest } = review.getState();
      const phrase = currentSuggestions(station, nothing)[suggest ?? -1];
      if (focus === null || !phrase) return;
      control.takePhrase(focus, phrase);
    },
    keyOnly: true,
    needs: 'invoice.correct',
  },
  {
    id: 'field.nextSuggestion',
    label: 'ui.action.nextSuggestion',
    group: 'field',
    keys: ['Down'],
    when: 'anywhere',
    enabled: listOpen,
    run: (station) => moveSuggestion(station, 1),
    keyOnly: true,
  },
  {
    id: 'field.previousSuggestion',
    label: 'ui.action.previousSuggestion',
    group: 'field',
    keys: ['Up'],
    when: 'anywhere',
    enabled: listOpen,
    run: (station) => moveSuggestion(station, -1),
    keyOnly: true,
  },
  {
    id: 'field.accept',
    label: 'ui.action.accept',
    group: 'field',
    keys: ['Enter'],
    when: 'anywhere',
    enabled: (s) =>
      s.app.getState().route.screen === 'review' &&
      s.review.current() !== undefined &&
      // On a button Enter presses it.
      !(document.activeElement instanceof HTMLButtonElement || document.activeElement instanceof HTMLAnchorElement),
    run: ({ control }) => control.acceptNext(),
    once: true,
    keyOnly: true,
    needs: 'invoice.correct',
  },
  {
    id: 'field.back',
    label: 'ui.action.back',
    group: 'field',
    keys: ['Shift+Enter'],
    when: 'anywhere',
    enabled: (s) => s.app.getState().route.screen === 'review' && s.review.current() !== undefined,
    run: ({ control }) => control.back(),
    keyOnly: true,
  },
  {
    id: 'field.suggest',
    label: 'ui.action.suggest',
    group: 'field',
    keys: ['Ctrl+Space'],
    when: 'anywhere',
    enabled: onField,
    run: ({ review }) => review.setState((s) => ({ suggest: s.suggest === null ? -1 : null, why: false })),
    keyOnly: true,
    needs: 'invoice.correct',
  },
  {
    id: 'field.why',
    label: 'ui.action.why',
    group: 'field',
    keys: ['Alt+Down', 'F1'],
    when: 'anywhere',
    // On a list of choices Alt+Down opens the list.
    enabled: (s) => onField(s) && !(document.activeElement instanceof HTMLSelectElement),
    run: ({ review }) => review.setState((s) => ({ why: !s.why, suggest: null })),
    keyOnly: true,
  },
  {
    id: 'field.cancel',
    label: 'ui.action.cancel',
    group: 'field',
    keys: ['Esc'],
    when: 'anywhere',
    enabled: (s) => {
      const { focus, drafts, suggest, why } = s.review.getState();
      const inReview = s.app.getState().route.screen === 'review';
      return inReview && (suggest !== null || why || (focus !== null && drafts[focus] !== undefined));
    },
    run: ({ review }) => {
      const { focus, suggest, suggested, why } = review.getState();
      const list = suggest !== null && (suggested?.phrases.length ?? 0) > 0;
      review.setState({ suggest: null, why: false });
      // A list that shows nothing is none: the same Escape takes the edit back.
      if (list || why) return;
      if (focus === null) return;
      review.draft(focus, null);
      review.clearRefusal(focus);
    },
    keyOnly: true,
  },
  ...Array.from({ length: 9 }, (_, i): Action => ({
    id: `field.candidate${i + 1}`,
    label: 'ui.action.candidate',
    group: 'field',
    keys: [`Alt+${i + 1}`],
    when: 'anywhere',
    enabled: (s) => onField(s) && hasCandidate(s, i),
    run: (station) => takeCandidate(station, i),
    once: true,
    keyOnly: true,
    needs: 'invoice.correct',
  })),
  ...Array.from({ length: 9 }, (_, i): Action => ({
    id: `field.whyCandidate${i + 1}`,
    label: 'ui.action.candidate',
    group: 'field',
    keys: [String(i + 1)],
    when: 'anywhere',
    enabled: (s) => s.review.getState().why && onField(s) && hasCandidate(s, i),
    run: (station) => takeCandidate(station, i),
    once: true,
    keyOnly: true,
    needs: 'invoice.correct',
  })),
  {
    id: 'lines.add',
    label: 'ui.action.addLine',
    group: 'lines',
    keys: ['Ctrl+Insert'],
    when: 'anywhere',
    enabled: editableDoc,
    run: ({ control }) => control.addLine(),
    needs: 'invoice.correct',
  },
  {
    id: 'lines.duplicate',
    label: 'ui.action.duplicateLine',
    group: 'lines',
    keys: ['Ctrl+D'],
    when: 'anywhere',
    enabled: onLine,
    run: ({ control }) => control.duplicateLine(),
    needs: 'invoice.correct',
  },
  {
    id: 'lines.delete',
    label: 'ui.action.deleteLine',
    group: 'lines',
    keys: ['Ctrl+Delete', 'Ctrl+Backspace'],
    when: 'anywhere',
    enabled: onLine,
    run: ({ control }) => control.deleteLine(),
    needs: 'invoice.correct',
  },
];

function hasCandidate({ review }: Station, index: number): boolean {
  const doc = review.current();
  const { focus } = review.getState();
  if (doc === undefined || focus === null) return false;
  const { conflict, candidates } = cellAt(doc.shown, focus);
  return (conflict === undefined ? candidates : conflictSides(conflict))[index] !== undefined;
}

function editableDoc({ app, review }: Station): boolean {
  const state = review.current()?.server.state;
  return (
    app.getState().route.screen === 'review' &&
    (state === 'received' || state === 'on_hold' || state === 'info_requested')
  );
}

function onLine(station: Station): boolean {
  const { focus } = station.review.getState();
  return editableDoc(station) && focus !== null && focus.startsWith('line:');
}
