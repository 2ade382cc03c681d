/** Requests from a description: valid by its schemas, or broken in one of the ways in which requests are. */
import fc from 'fast-check';
import { BREAK_PIECES, BREAK_SENT, type Pieces } from './break.ts';
import { ODD_CURSORS, ODD_VALUES } from './hostile.ts';
import type { Description, Operation, Schema } from './openapi.ts';
import { createValues, NO_PDF } from './values.ts';

export interface GeneratedRequest {
  readonly operation: Operation;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** Real ids to ask for: of a path's parameter, by its operation. */
export type KnownIds = (operation: Operation, parameter: string) => readonly string[];

const BOUNDARY = 'ap-generated-4711';
const MULTIPART = 'multipart/form-data';
/** A longer address would be a test of nginx alone. */
const LONGEST = 1_000;

const form = fc
  .array(
    fc.record({
      name: fc.constantFrom('file', 'file', 'file', 'other'),
      filename: fc.constantFrom('a.pdf', 'b.xml', '../c', ''),
      bytes: fc.oneof(fc.constant(NO_PDF), fc.string()),
    }),
    { maxLength: 3 },
  )
  .map((files) => {
    const type = 'content-type: application/octet-stream';
    const part = ({ name, filename, bytes }: (typeof files)[number]): string =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\n${type}\r\n\r\n${bytes}\r\n`;
    return `${files.map(part).join('')}--${BOUNDARY}--\r\n`;
  });

/** Half of a pair of units has no place in an address. */
const part = (text: string): string =>
  encodeURIComponent(text.slice(0, LONGEST).replaceAll(/\p{Surrogate}/gu, '\ufffd'));

function requestOf(operation: Operation, { path, query, body }: Pieces): GeneratedRequest {
  const type = operation.body?.type;
  const pairs = Object.entries(query).flatMap(([name, one]) =>
    (Array.isArray(one) ? (one as unknown[]) : [one]).map((each) => `${part(name)}=${part(String(each))}`),
  );
  const address = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => part(path[name] ?? ''));
  const isForm = type === MULTIPART && typeof body === 'string';
  return {
    operation,
    path: pairs.length === 0 ? address : `${address}?${pairs.join('&')}`,
    headers: type === undefined ? {} : { 'content-type': type === MULTIPART ? `${type}; boundary=${BOUNDARY}` : type },
    body: type === undefined ? undefined : isForm ? body : JSON.stringify(body),
  };
}

const cursors = fc.constantFrom(...ODD_CURSORS);

export function createGenerator({ named, operations }: Description) {
  const value = createValues(named);

  /** `isReal`: wherever something real is known, it is asked for. */
  function pieces(operation: Operation, known: KnownIds, isReal: boolean): fc.Arbitrary<Pieces> {
    const ofPath = operation.parameters
      .filter((one) => one.in === 'path')
      .map(({ name, schema }) => {
        const ids = known(operation, name);
        const made = value(schema).map(String);
        if (ids.length === 0) return [name, made] as const;
        const real = fc.constantFrom(...ids);
        return [name, isReal ? real : fc.oneof({ weight: 3, arbitrary: real }, made)] as const;
      });
    const ofQuery = operation.parameters.filter((one) => one.in === 'query');
    const requiredKeys = ofQuery.filter((one) => one.required).map((one) => one.name);
    // No cursor that is drawn from all letters is anywhere near one.
    const ofName = (name: string, schema: Schema): fc.Arbitrary<unknown> => {
      if (name === 'cursor' && !isReal) return cursors;
      // Of a request that waits for news: there will be none.
      return name === 'wait' ? fc.constantFrom(0, 1) : value(schema);
    };
    const query = fc.record(Object.fromEntries(ofQuery.map(({ name, schema }) => [name, ofName(name, schema)])), {
      requiredKeys,
    });
    const { body } = operation;
    const content = body === undefined ? fc.constant(undefined) : body.type === MULTIPART ? form : value(body.schema);
    return fc.record({ path: fc.record(Object.fromEntries(ofPath)), query, body: content });
  }

  /** Valid by the schema; the schema does not say everything, so it may be refused all the same. */
  const valid = (operation: Operation, known: KnownIds, isReal = false): fc.Arbitrary<GeneratedRequest> =>
    pieces(operation, known, isReal).map((made) => requestOf(operation, made));

  function broken(operation: Operation, known: KnownIds): fc.Arbitrary<GeneratedRequest> {
    const odd = fc.constantFrom(...ODD_VALUES);
    const made = pieces(operation, known, false);
    const early = fc
      .tuple(made, fc.constantFrom(...Object.values(BREAK_PIECES)), fc.nat(), odd)
      .map(([whole, breaking, at, what]) => requestOf(operation, breaking(whole, at, what)));
    const late = fc
      .tuple(made, fc.constantFrom(...Object.values(BREAK_SENT)), fc.nat())
      .map(([whole, breaking, at]) => ({ operation, ...breaking(requestOf(operation, whole), at) }));
    return fc.oneof({ weight: 2, arbitrary: early }, late);
  }

  return {
    valid,
    broken,
    /** Of all those that are wanted, as often valid as broken. */
    any: (isWanted: (operation: Operation) => boolean, known: KnownIds): fc.Arbitrary<GeneratedRequest> =>
      fc.oneof(
        ...operations.filter(isWanted).map((operation) => fc.oneof(valid(operation, known), broken(operation, known))),
      ),
  };
}
