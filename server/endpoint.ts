/** `serve(app, api.x, handler)`: a route made from its contract. Whatever reaches a handler has been parsed; what leaves it is checked in development. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context, Contexts } from './context.ts';
import { badRequest } from './problem.ts';

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null | 'multipart';
  readonly reply: z.ZodType | 'bytes' | 'events';
  /** Needs no token. */
  readonly open?: boolean;
}

export interface Call<E extends Endpoint> {
  readonly params: z.output<E['params']>;
  readonly query: z.output<E['query']>;
  readonly body: E['body'] extends z.ZodType ? z.output<E['body']> : undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Bytes and events are sent by the handler itself. */
export type Answer<E extends Endpoint> = E['reply'] extends z.ZodType ? z.input<E['reply']> : FastifyReply;

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
      const answer = await handler({
        params: parse('params', endpoint.params, request.params) as Call<E>['params'],
        query: parse('query', endpoint.query, query) as Call<E>['query'],
        body: (endpoint.body instanceof z.ZodType
          ? parse('body', endpoint.body, request.body)
          : undefined) as Call<E>['body'],
        request,
        reply,
      });
      if (!(endpoint.reply instanceof z.ZodType)) return reply;
      if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
      return reply
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(app.checkReplies ? endpoint.reply.parse(answer) : answer));
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
