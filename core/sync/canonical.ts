/** Canonical JSON: the subset of RFC 8785 that operations need. Hashes are taken over this text, so one value has exactly one text. */

export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue };

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Replaces lone surrogates, which no UTF-8 text (a database column, a file) can hold: the bytes kept would not be the bytes hashed. */
export const wellFormed = (text: string): string => text.replace(LONE_SURROGATE, '\uFFFD');

/**
 * Keys sorted by UTF-16 code units, no blanks, properties that are undefined left out. Fractions are refused (amounts are decimal strings: two
 * languages print a float in two ways), so are lone surrogates.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`no canonical form: ${value} is not a safe integer`);
    return Object.is(value, -0) ? '0' : String(value);
  }
  if (typeof value === 'string') {
    const text = JSON.stringify(value);
    // Printed as an escape: a control character, or what has no UTF-8 form.
    if (text.includes('\\ud') && value.search(LONE_SURROGATE) >= 0) {
      throw new RangeError('no canonical form: text with a lone surrogate');
    }
    return text;
  }
  if (value === undefined) throw new RangeError('no canonical form: undefined');
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let parts = '';
  // Without a comparison keys are sorted by their code units.
  for (const key of Object.keys(value).toSorted()) {
    const part = value[key];
    if (part !== undefined) parts += `${parts === '' ? '' : ','}${canonicalJson(key)}:${canonicalJson(part)}`;
  }
  return `{${parts}}`;
}

const isList = (value: object): value is readonly CanonicalValue[] => Array.isArray(value);
