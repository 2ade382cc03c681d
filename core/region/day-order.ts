/** Which of day and month stands first in a document's numeric dates, by those that were read already. */
import type { Reading } from '../contract/reading.ts';
import { isIsoDate } from '../invoice/date.ts';
import { HEADER_FIELD_NAMES, HEADER_FIELDS } from '../invoice/fields.ts';

const NUMERIC = /\b(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})\b/;

export function dayFirstIn({ header }: Pick<Reading, 'header'>): boolean | null {
  for (const field of HEADER_FIELD_NAMES) {
    const cell = header[field];
    const [, first, second] = NUMERIC.exec(cell?.text ?? '') ?? [];
    if (HEADER_FIELDS[field].type !== 'date' || cell === undefined || !isIsoDate(cell.value) || first === second)
      continue;
    const day = Number(cell.value.slice(8));
    if (Number(first) === day) return true;
    if (Number(second) === day) return false;
  }
  return null;
}
