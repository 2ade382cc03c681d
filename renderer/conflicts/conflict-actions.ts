import type { Action } from '../actions.ts';
import type { Station } from '../station.ts';
import { canSettle, takeSide } from './settle.ts';
import { settleAction } from './settle-action.ts';
import { refOfConflict } from './words.ts';

const shown = (station: Station) => station.conflicts.getState().shown;

const conflict = settleAction('conflicts');

export const conflictActions: readonly Action[] = [
  ...Array.from({ length: 9 }, (_, i) =>
    conflict({
      id: `conflict.takeCandidate${i + 1}`,
      label: 'ui.action.conflictTake',
      keys: [String(i + 1)],
      enabled: (s) => canSettle(s) && shown(s)?.detail?.sides[i] !== undefined,
      run: (station) => takeSide(station, i),
      once: true,
      keyOnly: true,
      needs: 'invoice.correct',
    }),
  ),
  conflict({
    id: 'conflict.edit',
    label: 'ui.action.conflictEdit',
    keys: ['E'],
    enabled: (s) => canSettle(s) && shown(s)?.detail?.kind === 'values' && isKnown(s),
    run: ({ conflicts }) => conflicts.type(''),
    needs: 'invoice.correct',
  }),
  conflict({
    id: 'conflict.reason',
    label: 'ui.action.conflictReason',
    keys: ['R'],
    enabled: canSettle,
    run: () => document.getElementById('conflict-reason')?.focus(),
    needs: 'invoice.correct',
  }),
  conflict({
    id: 'conflict.next',
    label: 'ui.action.conflictNext',
    keys: ['J', 'Down'],
    run: ({ conflicts }) => conflicts.move(1),
    keyOnly: true,
  }),
  conflict({
    id: 'conflict.previous',
    label: 'ui.action.conflictPrevious',
    keys: ['K', 'Up'],
    run: ({ conflicts }) => conflicts.move(-1),
    keyOnly: true,
  }),
  conflict({
    id: 'conflict.open',
    label: 'ui.action.conflictOpen',
    keys: ['O'],
    enabled: (s) => s.conflicts.activeRow() !== undefined,
    run: ({ conflicts, navigate }) => {
      const row = conflicts.activeRow();
      if (row !== undefined) navigate({ screen: 'review', id: row.invoice });
    },
  }),
  conflict({
    id: 'conflict.undo',
    label: 'ui.action.conflictUndo',
    keys: ['Ctrl+Z'],
    enabled: (s) => s.conflicts.getState().undo.length > 0,
    run: ({ conflicts }) => void conflicts.undo(),
    once: true,
    needs: 'invoice.correct',
  }),
  conflict({
    id: 'conflict.refresh',
    label: 'ui.action.refresh',
    keys: [],
    run: ({ conflicts }) => void conflicts.reload(),
  }),
];

function isKnown(station: Station): boolean {
  const row = station.conflicts.activeRow();
  return row !== undefined && refOfConflict(row) !== undefined;
}
