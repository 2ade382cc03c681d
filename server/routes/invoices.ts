/** Reading invoices: the queue, one invoice, its history, its words, its tree; reading again and cancelling. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';
import { historyOf } from '../history.ts';

export function installInvoiceRoutes(app: FastifyInstance, context: Context): void {
  const { store, model, review } = context;
  serve(app, api.listInvoices, ({ query }) => store.invoices(query));
  serve(app, api.getInvoice, ({ params }) => model.invoice(params.id));
  serve(app, api.getHistory, async ({ params }) => {
    const ops = await store.opsOf(params.id);
    if (ops.length === 0) throw new AppError('not_found', 'There is no such invoice.');
    return { entries: historyOf(ops, await model.everyReading(ops)) };
  });
  serve(app, api.getTree, async ({ params }) => {
    const reading = await model.readingOf(await model.invoice(params.id));
    return { tree: reading?.tree ?? null };
  });
  serve(app, api.getWords, async ({ params }) => {
    const reading = await model.readingOf(await model.invoice(params.id));
    const page = reading?.pages.find((candidate) => candidate.page === params.page);
    if (page === undefined) throw new AppError('not_found', `Page ${params.page} was not read.`);
    return { words: page.words };
  });
  serve(app, api.reprocess, async ({ params, body }) => ({ job: await review.reprocess(params.id, body.languages) }));
  serve(app, api.cancelReading, async ({ params }) => ({ cancelled: await review.cancelReading(params.id) }));
}
