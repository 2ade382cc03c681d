/** OpenAPI 3.1 from the same contracts that the server parses by. */
import { z } from 'zod';
import * as http from '../core/contract/http.ts';
import { IntakeResult } from '../core/contract/intake.ts';
import { Cell, Finding, Invoice, InvoiceSummary, Line, TaxRow } from '../core/contract/invoice.ts';
import { JobView } from '../core/contract/jobs.ts';
import { TermNode, Word } from '../core/contract/reading.ts';
import { Settings } from '../core/contract/settings.ts';
import { PresignedUpload } from '../core/contract/uploads-http.ts';
import { Vendor } from '../core/contract/vendors.ts';
import type { Endpoint } from './endpoint.ts';

const NAMED = {
  Cell,
  Correction: http.Correction,
  Counters: http.Counters,
  ExportBatch: http.ExportBatch,
  Finding,
  HistoryEntry: http.HistoryEntry,
  IntakeResult,
  Invoice,
  InvoiceSummary,
  JobView,
  Line,
  PresignedUpload,
  Problem: http.Problem,
  Settings,
  StationEvent: http.StationEvent,
  StationStatus: http.StationStatus,
  TaxRow,
  TermNode,
  Vendor,
  Word,
} as const;

type Json = Record<string, unknown>;
const registry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });

const REF = /#\/\$defs\/([A-Za-z]+)/g;
const uri = (id: string): string => `#/components/schemas/${id}`;

/** JSON Schema 2020-12 of a schema; named parts become references to the components. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const id = registry.get(schema)?.id;
  if (id !== undefined) return { $ref: uri(id) };
  const made = z.toJSONSchema(schema, { metadata: registry, io, unrepresentable: 'any' }) as Json;
  const { $defs: _defs, $schema: _schema, ...rest } = made;
  return JSON.parse(JSON.stringify(rest).replace(REF, uri('$1'))) as Json;
}

function components(): Json {
  const { schemas } = z.toJSONSchema(registry, { uri, io: 'output', unrepresentable: 'any' });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => {
      const { $schema: _schema, $id: _id, ...rest } = schema as Json;
      return [id, rest];
    }),
  );
}

function parameters(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  const made = jsonSchema(schema, 'input');
  const properties = (made['properties'] ?? {}) as Record<string, Json>;
  const required = new Set((made['required'] ?? []) as string[]);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: property,
  }));
}

const MULTIPART = {
  type: 'object',
  properties: { file: { type: 'array', items: { type: 'string', format: 'binary' }, maxItems: 50 } },
  required: ['file'],
};

function requestBody(body: Endpoint['body']): Json | undefined {
  if (body === null) return undefined;
  const content =
    body === 'multipart'
      ? { 'multipart/form-data': { schema: MULTIPART } }
      : body === 'stream'
        ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
        : { 'application/json': { schema: jsonSchema(body, 'input') } };
  return { required: true, content };
}

function replyContent(reply: Endpoint['reply']): Json {
  if (reply === 'bytes') return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  if (reply === 'events') return { 'text/event-stream': { schema: { $ref: uri('StationEvent') } } };
  return { 'application/json': { schema: jsonSchema(reply, 'output') } };
}

const SAYS_PROBLEM = { 'application/problem+json': { schema: { $ref: uri('Problem') } } };

const refused = (description: string): Json => ({ description, content: SAYS_PROBLEM });
const header = (name: string, description: string, required = false): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
});

function requestHeaders({ method, keyed, ifMatch, tagged }: Endpoint): Json[] {
  const key = 'Names this request: sent again with the same key and files it gets the same answer. Visible ASCII.';
  return [
    ...(keyed === true
      ? [{ ...header('Idempotency-Key', key), schema: { type: 'string', minLength: 1, maxLength: 200 } }]
      : []),
    ...(ifMatch === undefined
      ? []
      : [header('If-Match', 'The ETag of what was seen: nothing else is changed.', ifMatch === 'must')]),
    ...(tagged === true && method === 'GET'
      ? [header('If-None-Match', 'An ETag: 304 while nothing has changed.')]
      : []),
  ];
}

/** What else can come than success, where the contract says more about it than that it is a problem. */
function responses({ method, reply, keyed, perFile, ifMatch, tagged }: Endpoint): Json {
  const etag = { ETag: { description: 'For If-Match and If-None-Match.', schema: { type: 'string' } } };
  const headers = tagged === true ? { headers: etag } : {};
  return {
    200: { description: 'Done.', ...headers, content: replyContent(reply) },
    ...(perFile === true ? { 207: { description: 'Some files were refused.', content: replyContent(reply) } } : {}),
    ...(tagged === true && method === 'GET' ? { 304: { description: 'Not changed.', ...headers } } : {}),
    ...(keyed === true ? { 409: refused('The Idempotency-Key was used for other files.') } : {}),
    ...(ifMatch === undefined ? {} : { 412: refused('Something else stands there than If-Match says was seen.') }),
    ...(ifMatch === undefined ? {} : { 428: refused('Nothing was said of what was seen, and it has to be.') }),
    default: refused('Refused, with the reason.'),
  };
}

function operation(name: string, endpoint: Endpoint): Json {
  const body = requestBody(endpoint.body);
  return {
    operationId: name,
    tags: [endpoint.path.split('/')[3] ?? 'station'],
    parameters: [
      ...parameters(endpoint.params, 'path'),
      ...parameters(endpoint.query, 'query'),
      ...requestHeaders(endpoint),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responses(endpoint),
    security: endpoint.open === true ? [] : [{ token: [] }],
  };
}

export function openApiDocument(api: Readonly<Record<string, Endpoint>>, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, endpoint] of Object.entries(api)) {
    const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(name, endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'AP Intake Station',
      version,
      description:
        'The local interface of the station. Every request but /health needs the bearer token of this start.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { schemas: components(), securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}
