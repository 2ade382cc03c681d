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

/** Undefined where the text is no JSON. */
export function parseJson(text: string): CanonicalValue | undefined {
  try {
    return JSON.parse(text) as CanonicalValue;
  } catch {
    return undefined;
  }
}

/**
 * Whether `text`, which parses to `json`, is its canonical form. The engine's own printer is several times as fast as `canonicalJson`: where it prints the same
 * text, sorted keys and whole numbers are all that is left to see. It may print another one (keys that look like numbers): then the form is made.
 */
export function isCanonical(json: CanonicalValue, text: string): boolean {
  try {
    if (!text.includes('\\ud') && JSON.stringify(json) === text) return isInOrder(json);
    return canonicalJson(json) === text;
  } catch {
    return false; // a fraction, a lone surrogate, or deeper than anybody can follow
  }
}

function isInOrder(value: CanonicalValue): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (isList(value)) return value.every(isInOrder);
  let before: string | undefined;
  for (const key of Object.keys(value)) {
    if ((before !== undefined && key < before) || !isInOrder(value[key])) return false;
    before = key;
  }
  return true;
}
