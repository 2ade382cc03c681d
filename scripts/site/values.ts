/** Values of a JSON schema, as far as OpenAPI documents of this program use it, for fast-check. */
import fc from 'fast-check';
import type { Schema } from './openapi.ts';

const DEEPEST = 6;
const MOST_LETTERS = 60;
const MOST_ITEMS = 3;
/** What no schema limits is drawn from so far around zero, and from its ends. */
const USUAL = 1e6;

/** No valid file of any kind: a reading of it is short. */
export const NO_PDF = '%PDF-1.4 no more of it';

interface Keywords {
  readonly $ref?: string;
  readonly anyOf?: Schema[];
  readonly oneOf?: Schema[];
  readonly allOf?: Schema[];
  readonly type?: string | string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly items?: Schema | false;
  readonly prefixItems?: Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

type Inner = (schema: Schema) => fc.Arbitrary<unknown>;

const dates = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

function byPattern(pattern: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  // Classes of letters by their names would be drawn from all there are, which takes seconds.
  if (pattern.includes('\\p{')) return fc.stringMatching(/^[a-z0-9.-]{3,20}$/);
  const made = fc.stringMatching(new RegExp(pattern, 'u'));
  return made.filter((one) => one.length >= minLength && one.length <= maxLength);
}

function texts({ pattern, format, minLength = 0, maxLength = 500 }: Keywords): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return dates;
  if (format === 'uri') return fc.webUrl();
  if (format === 'binary') return fc.constant(NO_PDF);
  if (pattern !== undefined) return byPattern(pattern, minLength, maxLength);
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, MOST_LETTERS)) });
}

function numbers({ type, minimum = -USUAL, maximum = USUAL, exclusiveMinimum }: Keywords): fc.Arbitrary<number> {
  const min = Math.max(minimum, exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1);
  if (type !== 'integer') return fc.double({ min, max: maximum, noNaN: true });
  const usual = fc.integer({ min: Math.max(min, -USUAL), max: Math.min(maximum, USUAL) });
  return fc.oneof({ weight: 4, arbitrary: usual }, fc.constantFrom(min, maximum));
}

function arrays({ items, prefixItems, minItems = 0, maxItems = MOST_ITEMS }: Keywords, inner: Inner) {
  if (prefixItems !== undefined) return fc.tuple(...prefixItems.map(inner));
  const maxLength = Math.max(minItems, Math.min(maxItems, MOST_ITEMS));
  return fc.array(typeof items === 'object' ? inner(items) : fc.jsonValue(), { minLength: minItems, maxLength });
}

function objects({ properties = {}, required = [], additionalProperties }: Keywords, inner: Inner) {
  const entries = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inner(one)]));
  const own = fc.record(entries, { requiredKeys: required.filter((name) => Object.hasOwn(properties, name)) });
  if (typeof additionalProperties !== 'object') return own;
  const more = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), inner(additionalProperties), { maxKeys: 3 });
  return fc.tuple(own, more).map(([mine, others]) => ({ ...others, ...mine }));
}

/** `named`: what `#/components/schemas/NAME` means. */
export function createValues(named: Readonly<Record<string, Schema>>): (schema: Schema) => fc.Arbitrary<unknown> {
  function value(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (depth > DEEPEST) return fc.constant(null);
    const inner: Inner = (one) => value(one, depth + 1);
    const keywords = schema as Keywords;
    const { $ref, anyOf, oneOf, allOf, type } = keywords;
    if ($ref !== undefined) return inner(named[$ref.split('/').at(-1) ?? ''] ?? {});
    if ('const' in schema) return fc.constant(schema['const']);
    if ('enum' in schema) return fc.constantFrom(...(schema['enum'] as unknown[]));
    const choices = anyOf ?? oneOf;
    if (choices !== undefined) return fc.oneof(...choices.map(inner));
    if (allOf !== undefined)
      return fc.tuple(...allOf.map(inner)).map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
    if (Array.isArray(type)) return fc.oneof(...type.map((one) => inner({ ...schema, type: one })));
    const byType: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
      string: () => texts(keywords),
      integer: () => numbers(keywords),
      number: () => numbers(keywords),
      boolean: () => fc.boolean(),
      null: () => fc.constant(null),
      array: () => arrays(keywords, inner),
      object: () => objects(keywords, inner),
    };
    return (byType[type ?? ''] ?? (() => fc.jsonValue({ maxDepth: 2 })))();
  }
  return (schema) => value(schema, 0);
}
