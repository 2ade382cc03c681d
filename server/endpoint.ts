/** `serve(app, api.x, handler)`: a route made from its contract. Whatever reaches a handler has been parsed; what leaves it is checked in development. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../core/contract/errors.ts';
import { hasAlready, type Match, matchOf, mustLook } from './conditions.ts';
import type { Context, Contexts } from './context.ts';
import { correlated } from './correlation.ts';
import { badRequest } from './problem.ts';

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** `stream`: bytes, which the handler reads itself. */
  readonly body: z.ZodType | null | 'multipart' | 'stream';
  readonly reply: z.ZodType | 'bytes' | 'events';
  /** Needs no token. */
  readonly open?: boolean;
  /** The reply has an ETag; whoever asks for what they have already gets 304. */
  readonly tagged?: boolean;
  /** Takes If-Match; with 'must' nothing goes without a tag. */
  readonly ifMatch?: 'may' | 'must';
  /** Takes an Idempotency-Key. */
  readonly keyed?: boolean;
  /** One result a file: 207 where one was refused. */
  readonly perFile?: boolean;
}

export interface Call<E extends Endpoint> {
  readonly params: z.output<E['params']>;
  readonly query: z.output<E['query']>;
  readonly body: E['body'] extends z.ZodType ? z.output<E['body']> : undefined;
  /** What of it was seen, where the caller said so (If-Match). */
  readonly match: Match | undefined;
  /** The Idempotency-Key. */
  readonly key: string | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const PRINTED = Symbol('printed');
/** An answer that is JSON already, in UTF-8: what is kept so is not read and written again for each who asks. */
export interface Printed {
  readonly [PRINTED]: () => Uint8Array;
}
export const printed = (json: () => Uint8Array): Printed => ({ [PRINTED]: json });
const isPrinted = (answer: unknown): answer is Printed =>
  typeof answer === 'object' && answer !== null && PRINTED in answer;

/** Bytes and events are sent by the handler itself. */
export type Answer<E extends Endpoint> = E['reply'] extends z.ZodType ? z.input<E['reply']> | Printed : FastifyReply;

function payload(answer: unknown, check: z.ZodType | undefined): string | Uint8Array {
  if (isPrinted(answer)) {
    const json = answer[PRINTED]();
    check?.parse(JSON.parse(Buffer.from(json).toString()));
    return json;
  }
  return JSON.stringify(check === undefined ? answer : check.parse(answer));
}

declare module 'fastify' {
  interface FastifyContextConfig {
    endpoint?: Endpoint;
    /** Needs no token: health and the static user interface. */
    open?: boolean;
  }
  interface FastifyInstance {
    /** Replies are parsed by their contract before they leave: in tests and development. */
    checkReplies: boolean;
  }
}

const isList = (type: unknown): boolean => {
  let inner = type;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap();
  return inner instanceof z.ZodArray;
};

/** `?status=a` and `?status=a&status=b` are both lists where the contract says list. */
function listsOf(schema: z.ZodObject): ReadonlySet<string> {
  return new Set(Object.keys(schema.shape).filter((name) => isList(schema.shape[name])));
}

function parse<T extends z.ZodType>(where: string, schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badRequest(where, parsed.error);
  return parsed.data;
}

const KEY = /^[\x21-\x7e]{1,200}$/;

function keyOf({ keyed }: Endpoint, { headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (keyed !== true || key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key))
    throw new AppError('bad_request', 'Idempotency-Key: 1 to 200 visible ASCII characters.');
  return key;
}

function matchFor({ ifMatch }: Endpoint, { headers }: FastifyRequest): Match | undefined {
  if (ifMatch === undefined) return undefined;
  const match = matchOf(headers['if-match']);
  if (ifMatch === 'must' && match?.any !== false) throw mustLook();
  return match;
}

export function serve<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handler: (call: Call<E>) => Promise<Answer<E>> | Answer<E>,
): void {
  const lists = listsOf(endpoint.query);
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { endpoint, open: endpoint.open === true },
    async handler(request, reply) {
      const query = Object.fromEntries(
        Object.entries(request.query as Record<string, unknown>).map(([name, value]) => [
          name,
          lists.has(name) && !Array.isArray(value) ? [value] : value,
        ]),
      );
      const answer = await correlated(request.id, () =>
        handler({
          params: parse('params', endpoint.params, request.params) as Call<E>['params'],
          query: parse('query', endpoint.query, query) as Call<E>['query'],
          body: (endpoint.body instanceof z.ZodType
            ? parse('body', endpoint.body, request.body)
            : undefined) as Call<E>['body'],
          match: matchFor(endpoint, request),
          key: keyOf(endpoint, request),
          request,
          reply,
        }),
      );
      if (!(endpoint.reply instanceof z.ZodType)) return reply;
      if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
      const isKnown = endpoint.tagged === true && endpoint.method === 'GET';
      if (isKnown && hasAlready(request.headers['if-none-match'], reply.getHeader('etag')))
        return reply.code(304).send();
      return reply
        .type('application/json; charset=utf-8')
        .send(payload(answer, app.checkReplies ? endpoint.reply : undefined));
    },
  });
}

/** The same for what belongs to a workspace: the handler gets the context of whoever asks. */
export const servingIn =
  (app: FastifyInstance, contexts: Contexts) =>
  <E extends Endpoint>(
    endpoint: E,
    handler: (context: Context, call: Call<E>) => Promise<Answer<E>> | Answer<E>,
  ): void =>
    serve(app, endpoint, async (call) => handler(await contexts(call.request), call));

export type On = ReturnType<typeof servingIn>;
