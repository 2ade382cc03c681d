/** Where a value that came without a place (from the XML of an e-invoice, typed by a person) is printed on the page. */
import type { FieldInfo } from '../../core/invoice/fields.ts';
import { fold } from './suggest.ts';
import type { Phrase } from './suggest.ts';
import { typedValue } from '../../core/invoice/typed-value.ts';
import type { Habits } from '../../core/invoice/typed-value.ts';

const MEASURED: ReadonlySet<FieldInfo['type']> = new Set(['amount', 'decimal', 'percent', 'date']);
const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');
/** IBANs and ids are printed in groups. */
const bare = (text: string): string => fold(text).replaceAll(/[^\p{L}\p{N}]/gu, '');

export function locate(
  phrases: readonly Phrase[],
  field: { readonly type: FieldInfo['type']; readonly name: string },
  value: string,
  habits: Habits,
): Phrase | undefined {
  if (value.length < 2 || field.type === 'code') return undefined;
  if (!MEASURED.has(field.type)) {
    const wanted = bare(value.split('\n')[0]!);
    return wanted.length < 2 ? undefined : phrases.find((phrase) => bare(phrase.key) === wanted);
  }
  // Parsing every word of a long document would be felt: only those with the value's first digit are looked at.
  const first = field.type === 'date' ? value.slice(2, 4) : digitsOf(value).slice(0, 1);
  return phrases.find((phrase) => {
    if (phrase.words > 3 || !digitsOf(phrase.key).includes(first)) return false;
    const read = typedValue(field, phrase.text.replace(/^[^\p{L}\p{N}(-]+|[^\p{L}\p{N})%-]+$/gu, ''), habits);
    return read.kind === 'value' && read.value === value;
  });
}
