/** Every action a person can take, once: keyboard, palette, toolbars, help sheet and the native menu are views of this list. */
import type { TextKey } from '../core/text/text.ts';
import type { Action as AccessAction } from '../core/access/actions.ts';
import { atSite, may } from './access.ts';
import { adminActions } from './admin/admin-actions.ts';
import { conflictActions } from './conflicts/conflict-actions.ts';
import { duplicateActions } from './duplicates/duplicate-actions.ts';
import { inboxActions } from './inbox/inbox-actions.ts';
import { chordOf } from './keys.ts';
import type { KeyLike } from './keys.ts';
import { areaActions } from './review/area-actions.ts';
import { fieldActions } from './review/field-actions.ts';
import { reviewActions } from './review/review-actions.ts';
import { routeHash } from './route.ts';
import type { Station } from './station.ts';
import { viewerActions } from './viewer/viewer-actions.ts';

export const ACTION_GROUPS = ['general', 'queue', 'conflicts', 'document', 'field', 'lines', 'page'] as const;

export interface Action {
  readonly id: string;
  readonly label: TextKey;
  readonly group: (typeof ACTION_GROUPS)[number];
  /** Chords of keys.ts; the first is the one that is shown. */
  readonly keys: readonly string[];
  /** `free`: a plain key that must stay a letter while someone types. */
  readonly when: 'anywhere' | 'free';
  readonly enabled: (station: Station) => boolean;
  readonly run: (station: Station) => void;
  /** A decision: a key that is held down decides once, not about whatever comes next. */
  readonly once?: true;
  /** Left out of the palette: makes sense with its key only. */
  readonly keyOnly?: true;
  /** What the role must allow: without it the action is not offered anywhere. */
  readonly needs?: AccessAction;
  /** Makes no sense at a station alone; of a station that is connected to a site. */
  readonly siteOnly?: true;
  readonly stationOnly?: true;
}

/** Whether there is such an action for the person at this window at all; `enabled` says whether it is possible now. */
export function isOffered({ needs, siteOnly, stationOnly }: Action, { app }: Station): boolean {
  if (needs === undefined && siteOnly === undefined) return true;
  const state = app.getState();
  if (stationOnly && (state.sync === null || state.sync.state === 'off')) return false;
  return (needs === undefined || may(state, needs)) && (siteOnly === undefined || atSite(state));
}

export const isEnabled = (action: Action, station: Station): boolean =>
  isOffered(action, station) && action.enabled(station);

const GO_KEYS: Readonly<Record<string, readonly string[]>> = {
  settings: ['Ctrl+,'],
  conflicts: ['Alt+C'],
  duplicates: ['Alt+D'],
};

const general: readonly Action[] = [
  {
    id: 'app.palette',
    label: 'ui.action.palette',
    group: 'general',
    keys: ['Ctrl+K'],
    when: 'anywhere',
    enabled: () => true,
    run: ({ app }) => app.open({ kind: 'palette' }),
    keyOnly: true,
  },
  {
    id: 'app.help',
    label: 'ui.action.help',
    group: 'general',
    keys: ['Shift+?', '?'],
    when: 'free',
    enabled: () => true,
    run: ({ app }) => app.open({ kind: 'help' }),
  },
  {
    id: 'edit.undo',
    label: 'ui.action.undo',
    group: 'general',
    keys: ['Ctrl+Z'],
    when: 'anywhere',
    enabled: ({ review }) => review.getState().undo.length > 0 && !isTyping(review),
    run: ({ control }) => void control.reverse('undo'),
    needs: 'invoice.correct',
  },
  {
    id: 'edit.redo',
    label: 'ui.action.redo',
    group: 'general',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    when: 'anywhere',
    enabled: ({ review }) => review.getState().redo.length > 0 && !isTyping(review),
    run: ({ control }) => void control.reverse('redo'),
    needs: 'invoice.correct',
  },
  ...(['inbox', 'conflicts', 'duplicates', 'vendors', 'exports', 'settings', 'about'] as const).map(
    (screen): Action => ({
      id: `go.${screen}`,
      label: `ui.action.go.${screen}`,
      group: 'general',
      keys: GO_KEYS[screen] ?? [],
      when: 'anywhere',
      enabled: ({ app }) => routeHash(app.getState().route) !== routeHash({ screen }),
      run: ({ navigate }) => navigate({ screen }),
      ...(screen === 'exports' ? { needs: 'export.read' } : {}),
    }),
  ),
];

/** While a field holds unsaved text, undo belongs to the text. */
const isTyping = (review: Station['review']): boolean => {
  const { focus, drafts } = review.getState();
  return focus !== null && drafts[focus] !== undefined && isTextField(document.activeElement);
};

export const ACTIONS: readonly Action[] = [
  // Before the others: on these screens their keys mean something of their own.
  ...conflictActions,
  ...duplicateActions,
  ...general,
  ...adminActions,
  ...inboxActions,
  ...areaActions,
  ...reviewActions,
  ...fieldActions,
  ...viewerActions,
];

export const actionById = (id: string): Action | undefined => ACTIONS.find((action) => action.id === id);

export function runAction(station: Station, id: string): void {
  const action = actionById(id);
  if (action && isEnabled(action, station)) action.run(station);
}

function isTextField(element: Element | null): boolean {
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(element.type)) ||
    element?.getAttribute('contenteditable') === 'true'
  );
}

/** The action a key means here and now. */
export function actionForKey(
  station: Station,
  event: KeyLike,
  typing: boolean,
  actions: readonly Action[] = ACTIONS,
): Action | undefined {
  const chord = chordOf(event);
  return actions.find(
    (action) => action.keys.includes(chord) && (action.when === 'anywhere' || !typing) && isEnabled(action, station),
  );
}

/** One listener for the whole window. A widget that used a key has called preventDefault; a dialog keeps all keys to itself. */
export function installKeyboard(station: Station, target: Window): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || station.app.getState().overlay.kind !== 'none') return;
    // An open menu or list handles its own keys.
    if (event.target instanceof Element && event.target.closest('[role=menu],[role=listbox],[role=dialog]')) return;
    const action = actionForKey(station, event, isTextField(document.activeElement));
    if (!action) return;
    event.preventDefault();
    if (!(event.repeat && action.once)) action.run(station);
  };
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}
