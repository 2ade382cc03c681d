/** The description that a running site gives of itself, as far as requests are made from it. */
import { type Ask, expectStatus } from './http.ts';

export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With names in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Of the body; undefined where there is none. */
  readonly body: { readonly type: string; readonly schema: Schema } | undefined;
  readonly isOpen: boolean;
  readonly isStream: boolean;
}

export interface Description {
  readonly operations: readonly Operation[];
  /** What `#/components/schemas/NAME` means. */
  readonly named: Readonly<Record<string, Schema>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
  readonly security?: readonly unknown[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

function operationOf(path: string, method: string, raw: RawOperation): Operation {
  const [content] = Object.entries(raw.requestBody?.content ?? {});
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    parameters: raw.parameters ?? [],
    body: content === undefined ? undefined : { type: content[0], schema: content[1].schema },
    isOpen: (raw.security ?? []).length === 0,
    isStream: Object.hasOwn(raw.responses['200']?.content ?? {}, 'text/event-stream'),
  };
}

export function readDescription(document: Document): Description {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operationOf(path, method, raw)),
  );
  return { operations, named: document.components.schemas };
}

export async function fetchDescription(ask: Ask): Promise<Description> {
  return readDescription(
    expectStatus(await ask('/docs/json'), 200, '/docs/json').json<Document & Record<string, unknown>>(),
  );
}
