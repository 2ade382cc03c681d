/** What the second look found -> the reading: a note for each disagreement, and no confidence in the value. */
import type { ReadCell, Reading, ReadingNote } from '../contract/reading.ts';
import type { HeaderField } from '../invoice/fields.ts';
import type { TrustTarget } from './targets.ts';

export type Trust = 'agree' | 'differs' | 'unseen' | 'unsure';

export interface Looked {
  readonly verdict: Trust;
  /** What is visible at the place. */
  readonly seen: string;
}

export const TRUST_NOTE = 'TEXT_LAYER_MISMATCH';
/** No threshold of any station accepts this unseen. */
const DISTRUSTED = 0.2;

export function withTrust(reading: Reading, targets: readonly TrustTarget[], looked: readonly Looked[]): Reading {
  const header: Partial<Record<HeaderField, ReadCell>> = { ...reading.header };
  const notes: ReadingNote[] = [];
  for (const [i, target] of targets.entries()) {
    const result = looked[i];
    if (result === undefined || result.verdict === 'agree' || result.verdict === 'unsure') continue;
    notes.push(noteOf(target, result));
    const cell = header[target.field];
    if (target.passedOver || cell === undefined) continue;
    const reasons = [...cell.reasons, result.verdict === 'unseen' ? 'not-visible' : `seen:${result.seen}`];
    header[target.field] = { ...cell, confidence: Math.min(cell.confidence, DISTRUSTED), reasons };
  }
  return notes.length === 0 ? reading : { ...reading, header, notes: [...reading.notes, ...notes] };
}

function noteOf({ field, value, passedOver, parts }: TrustTarget, { verdict, seen }: Looked): ReadingNote {
  const page = parts[0]?.page;
  return {
    code: TRUST_NOTE,
    ...(page === undefined ? {} : { page }),
    params: {
      field,
      said: parts.map((part) => part.text).join(' '),
      value,
      ...(verdict === 'differs' ? { seen } : {}),
      ...(passedOver ? { passedOver: 'yes' } : {}),
    },
  };
}
