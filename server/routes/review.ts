/** Changing invoices. Every answer is the whole invoice after the change, judged anew. */
import { api } from '../../core/contract/http.ts';
import type { On } from '../endpoint.ts';

export function installReviewRoutes(on: On): void {
  on(api.correctFields, ({ review }, { params, body }) => review.correct(params.id, body.corrections));
  on(api.addLine, ({ review }, { params, body }) => review.addLine(params.id, body));
  on(api.deleteLine, ({ review }, { params, body }) => review.deleteLine(params.id, params.line, body));
  on(api.restoreLine, ({ review }, { params, body }) => review.restoreLine(params.id, params.line, body));
  on(api.transition, ({ review }, { params, body }) => review.transition(params.id, body));
}
