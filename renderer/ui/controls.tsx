/** Buttons and tool buttons over the component library; those made from an action carry its label, key and state. */
import { memo } from 'react';
import type { ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger } from 'react-aria-components';
import type { ButtonProps } from 'react-aria-components';
import { useStore } from 'zustand';
import { actionById, isEnabled, isOffered } from '../actions.ts';
import type { ConflictsState } from '../conflicts/conflicts-store.ts';
import type { DuplicatesState } from '../duplicates/duplicates-store.ts';
import { keyCaps } from '../keys.ts';
import { useStation } from '../station.ts';
import type { Station } from '../station.ts';
import { say, t } from '../text.ts';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

type Look = 'plain' | 'primary' | 'quiet' | 'danger';

export function Button({ look = 'plain', className, ...props }: ButtonProps & { look?: Look; className?: string }) {
  return <AriaButton {...props} className={`button button-${look} ${className ?? ''}`} />;
}

/** A tooltip that says what a thing does and which key does it. */
export function Hint({ text, keys, children }: { text: string; keys?: string | undefined; children: ReactNode }) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <Tooltip className="tooltip" offset={6}>
        {text}
        {keys === undefined ? null : <Keys chord={keys} />}
      </Tooltip>
    </TooltipTrigger>
  );
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export function Keys({ chord }: { readonly chord: string }) {
  const caps = keyCaps(chord, isMac, (key) => {
    const name = say(`ui.key.${key}`);
    return name.startsWith('ui.key.') ? key : name;
  });
  return (
    <span className="keys">
      {caps.map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}

/** Whether an action is possible now; follows the stores it may look at. */
function useEnabled(id: string): boolean {
  const station = useStation();
  const enabled = () => isEnabled(actionById(id)!, station);
  useStore(station.app, (s) => s.route);
  useStore(station.app, (s) => s.me);
  useStore(station.inbox, (s) => s.rows);
  useStore(station.together, (s) => s.byInvoice);
  useStore(station.conflicts, conflictSignal);
  useStore(station.duplicates, duplicateSignal);
  useStore(station.duplicates, (s) => s.pairs);
  const review = useStore(station.review, reviewSignal);
  return review !== undefined && enabled();
}

/** Everything of the review that the buttons depend on, and nothing that changes with every key. */
function reviewSignal(s: ReturnType<Station['review']['getState']>): string {
  const doc = s.id === null ? undefined : s.docs[s.id];
  return `${s.id} ${doc?.server.revision} ${doc?.shown.findings.length} ${s.undo.length} ${s.redo.length} ${s.focus?.startsWith('line')}`;
}

const conflictSignal = ({ active, shown, undo }: ConflictsState): string =>
  `${active} ${shown?.key} ${shown?.detail != null} ${shown?.gone} ${shown?.invoice?.state} ${undo.length}`;

const duplicateSignal = ({ active, compared, gone, undo }: DuplicatesState): string =>
  `${active} ${compared?.key} ${compared?.left.state} ${gone} ${undo.length}`;

interface ActionButtonProps {
  readonly id: string;
  readonly icon?: IconName;
  readonly look?: Look;
  /** Shows the label; without it the label is the accessible name and the tooltip. */
  readonly labelled?: boolean;
  readonly label?: string;
  readonly showKeys?: boolean;
  readonly pressed?: boolean;
  readonly domId?: string;
}

/** Memoised: the component library's buttons are dear, and most of what surrounds them changes with every key. */
export const ActionButton = memo(function ActionButton({
  id,
  icon,
  look = 'quiet',
  labelled,
  label,
  showKeys,
  pressed,
  domId,
}: ActionButtonProps) {
  const station = useStation();
  const action = actionById(id)!;
  const enabled = useEnabled(id);
  if (!isOffered(action, station)) return null;
  const name = label ?? t(action.label);
  const button = (
    <Button
      look={look}
      className={labelled ? '' : 'button-icon'}
      isDisabled={!enabled}
      {...(domId === undefined ? {} : { id: domId })}
      {...(labelled ? {} : { 'aria-label': name })}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      onPress={() => {
        if (isEnabled(action, station)) action.run(station);
      }}
    >
      {icon ? <Icon name={icon} /> : null}
      {labelled ? name : null}
      {showKeys && action.keys[0] ? <Keys chord={action.keys[0]} /> : null}
    </Button>
  );
  return labelled && (showKeys || action.keys.length === 0) ? (
    button
  ) : (
    <Hint text={name} keys={action.keys[0]}>
      {button}
    </Hint>
  );
});
