/** What the keys of the conflicts screen do: a side by its number, or a value that was typed. */
import { habitsOf, typedValue } from '../../core/invoice/typed-value.ts';
import { infoOf } from '../review/cells.ts';
import type { Station } from '../station.ts';
import { currentLanguage, t } from '../text.ts';
import { refOfConflict, usualReason } from './words.ts';

const written = (reason: string, usual: string): string => (reason.trim() === '' ? usual : reason.trim());

export function takeSide({ conflicts }: Station, index: number): void {
  const { shown, reason } = conflicts.getState();
  const side = shown?.detail?.sides[index];
  if (shown?.detail == null || side === undefined) return;
  const why = written(reason, usualReason(shown.detail, side));
  void conflicts.settle(
    shown.detail.kind === 'deleted'
      ? { kind: 'row', keep: side.keeps === true, reason: why }
      : { kind: 'value', value: side.value, reason: why },
  );
}

/** The same reading of what is typed as in the form; false where it is no value of the field. */
export function takeTyped({ conflicts }: Station): boolean {
  const { shown, typing, reason } = conflicts.getState();
  if (shown?.detail == null || typing === null || conflicts.isTooSoon()) return false;
  const ref = refOfConflict(shown.detail);
  if (ref === undefined) return false;
  const typed = typedValue({ type: infoOf(ref).type, name: ref.field }, typing, habitsOf(currentLanguage()));
  if (typed.kind === 'invalid') {
    conflicts.setState({ refusal: t(`ui.invalid.${typed.problem}`, { text: typing }) });
    return false;
  }
  void conflicts.settle({
    kind: 'value',
    value: typed.value,
    reason: written(reason, usualReason(shown.detail, undefined)),
  });
  return true;
}

/** Whether it can be settled as things stand: here, by this person, on this invoice. */
export function canSettle({ conflicts }: Pick<Station, 'conflicts'>): boolean {
  const { shown } = conflicts.getState();
  const state = shown?.invoice?.state;
  return shown?.detail != null && !shown.gone && (state === 'exported' || isOpenState(state));
}

export const isOpenState = (state: string | undefined): boolean =>
  state === 'received' || state === 'on_hold' || state === 'info_requested';
