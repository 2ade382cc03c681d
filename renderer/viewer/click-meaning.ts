/** What a click on the page means. Said in a hint before the click, so that nobody has to guess. */
import type { CellKey } from '../review/cells.ts';

export type Meaning =
  | { readonly kind: 'none' }
  | { readonly kind: 'goto'; readonly key: CellKey }
  | { readonly kind: 'take'; readonly append: boolean };

export interface Click {
  /** There is a word under the pointer. */
  readonly word: boolean;
  /** Field whose box is under the pointer. */
  readonly box: CellKey | undefined;
  readonly focus: CellKey | null;
  /** The focused field is empty, doubted or being typed into: the reviewer is looking for a value. */
  readonly wanting: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly editable: boolean;
}

export function meaningOf({ word, box, focus, wanting, ctrl, shift, editable }: Click): Meaning {
  const goto: Meaning = box !== undefined && box !== focus ? { kind: 'goto', key: box } : { kind: 'none' };
  if (shift || !editable || focus === null || !word) return goto;
  if (ctrl) return { kind: 'take', append: true };
  // A settled field is not overwritten by a click that meant another field.
  return goto.kind === 'goto' && !wanting ? goto : { kind: 'take', append: false };
}
