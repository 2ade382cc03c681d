/** What the pages' routes share: a form that was sent, a page that is sent. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../../core/contract/errors.ts';
import { pageHeaders, STYLE, STYLE_PATH } from './layout.ts';

export function form<T extends z.ZodType>(schema: T, request: FastifyRequest): z.output<T> {
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) throw new AppError('bad_request', 'The form is not complete.');
  return parsed.data;
}

export const send = (reply: FastifyReply, page: string, formTo?: readonly string[], status = 200): FastifyReply =>
  reply.code(status).headers(pageHeaders(formTo)).send(page);

export function installStyle(app: FastifyInstance): void {
  app.get(STYLE_PATH, { config: { open: true } }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(STYLE),
  );
}
