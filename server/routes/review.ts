/** Changing invoices. Every answer is the whole invoice after the change, judged anew, with its tag. */
import { api } from '../../core/contract/http.ts';
import { invoiceTag, tagged } from '../conditions.ts';
import type { On } from '../endpoint.ts';

export function installReviewRoutes(on: On): void {
  on(api.correctFields, async ({ review }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await review.correct(params.id, body.corrections)),
  );
  on(api.addLine, async ({ review }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await review.addLine(params.id, body)),
  );
  on(api.deleteLine, async ({ review }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await review.deleteLine(params.id, params.line, body)),
  );
  on(api.restoreLine, async ({ review }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await review.restoreLine(params.id, params.line, body)),
  );
  on(api.transition, async ({ review }, { params, body, match, reply }) =>
    tagged(reply, invoiceTag, await review.transition(params.id, body, match)),
  );
}
