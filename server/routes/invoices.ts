/** Reading invoices: the queue, one invoice, its history, its words, its tree; reading again and cancelling. */
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { tagged } from '../conditions.ts';
import { type On, printed } from '../endpoint.ts';
import { historyOf } from '../history.ts';

export function installInvoiceRoutes(on: On): void {
  on(api.listInvoices, ({ store }, { query }) => store.invoices(query));
  on(api.getInvoice, async ({ model }, { params, reply }) => {
    const { json } = tagged(reply, ({ tag }) => tag, await model.invoiceJson(params.id));
    return printed(json);
  });
  on(api.getHistory, async ({ store, model }, { params }) => {
    const ops = await store.opsOf(params.id);
    if (ops.length === 0) throw new AppError('not_found', 'There is no such invoice.');
    return { entries: historyOf(ops, await model.everyReading(ops)) };
  });
  on(api.getTree, async ({ model }, { params }) => {
    const reading = await model.readingOf(await model.invoice(params.id));
    return { tree: reading?.tree ?? null };
  });
  on(api.getWords, async ({ model }, { params }) => {
    const reading = await model.readingOf(await model.invoice(params.id));
    const page = reading?.pages.find((candidate) => candidate.page === params.page);
    if (page === undefined) throw new AppError('not_found', `Page ${params.page} was not read.`);
    return { words: page.words };
  });
  on(api.reprocess, async ({ review }, { params, body }) => ({
    job: await review.reprocess(params.id, body.languages),
  }));
  on(api.cancelReading, async ({ review }, { params }) => ({ cancelled: await review.cancelReading(params.id) }));
}
