import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import { type Ask, expectStatus } from './http.ts';

/** Every invoice of a site, page by page. */
export async function allInvoices(ask: Ask, token: string): Promise<InvoiceSummary[]> {
  const found: InvoiceSummary[] = [];
  for (let more = ''; ;) {
    const answer = expectStatus(await ask(`/api/v1/invoices?limit=500${more}`, { token }), 200, 'the list');
    const { items, next } = answer.json<{ items: InvoiceSummary[]; next: string | null }>();
    found.push(...items);
    if (next === null) return found;
    more = `&cursor=${encodeURIComponent(next)}`;
  }
}
