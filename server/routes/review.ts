/** Changing invoices. Every answer is the whole invoice after the change, judged anew. */
import type { FastifyInstance } from 'fastify';
import { api } from '../../core/contract/http.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';

export function installReviewRoutes(app: FastifyInstance, { review }: Context): void {
  serve(app, api.correctFields, ({ params, body }) => review.correct(params.id, body.corrections));
  serve(app, api.addLine, ({ params, body }) => review.addLine(params.id, body));
  serve(app, api.deleteLine, ({ params, body }) => review.deleteLine(params.id, params.line, body));
  serve(app, api.restoreLine, ({ params, body }) => review.restoreLine(params.id, params.line, body));
  serve(app, api.transition, ({ params, body }) => review.transition(params.id, body));
}
