import type { Action } from '../actions.ts';
import { settleAction } from '../conflicts/settle-action.ts';
import type { Station } from '../station.ts';

/** Whether the left one of the pair can be closed as things stand. */
export const canMerge = ({ duplicates }: Pick<Station, 'duplicates'>): boolean => {
  const { compared } = duplicates.getState();
  const kind = duplicates.activePair()?.link?.kind;
  return isShown(duplicates) && compared?.left.state === 'received' && (kind === undefined || kind === 'suspected');
};

/** The two that are compared are those of the pair that the keyboard stands on, and nobody has settled it. */
const isShown = ({ getState }: Station['duplicates']): boolean => {
  const { compared, active, gone } = getState();
  return compared !== null && compared.key === active && !gone;
};

export const canPart = ({ duplicates }: Pick<Station, 'duplicates'>): boolean => {
  const kind = duplicates.activePair()?.link?.kind;
  return isShown(duplicates) && (kind === undefined || kind === 'suspected');
};

const pair = settleAction('duplicates');

export const duplicateActions: readonly Action[] = [
  pair({
    id: 'duplicate.merge',
    label: 'ui.action.duplicateMerge',
    keys: ['M'],
    enabled: canMerge,
    run: ({ duplicates }) => void duplicates.merge(),
    once: true,
    needs: 'invoice.resolve',
  }),
  pair({
    id: 'duplicate.not',
    label: 'ui.action.duplicateNot',
    keys: ['N'],
    enabled: canPart,
    run: ({ duplicates }) => duplicates.setState({ reason: '' }),
    needs: 'invoice.resolve',
  }),
  pair({
    id: 'duplicate.swap',
    label: 'ui.action.duplicateSwap',
    keys: ['S'],
    enabled: canPart,
    run: ({ duplicates }) => duplicates.swap(),
  }),
  pair({
    id: 'duplicate.differences',
    label: 'ui.action.duplicateDifferences',
    keys: ['D'],
    run: ({ duplicates }) => duplicates.setState((s) => ({ onlyDifferences: !s.onlyDifferences })),
  }),
  pair({
    id: 'duplicate.next',
    label: 'ui.action.conflictNext',
    keys: ['J', 'Down'],
    run: ({ duplicates }) => duplicates.move(1),
    keyOnly: true,
  }),
  pair({
    id: 'duplicate.previous',
    label: 'ui.action.conflictPrevious',
    keys: ['K', 'Up'],
    run: ({ duplicates }) => duplicates.move(-1),
    keyOnly: true,
  }),
  pair({
    id: 'duplicate.undo',
    label: 'ui.action.duplicateUndo',
    keys: ['Ctrl+Z'],
    enabled: (s) => s.duplicates.getState().undo.length > 0,
    run: ({ duplicates }) => void duplicates.undo(),
    once: true,
    needs: 'invoice.resolve',
  }),
];
