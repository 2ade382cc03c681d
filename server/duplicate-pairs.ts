/** Pairs of invoices that may be one: those that wait for a person, and all of one invoice. */
import type { DuplicateLink, Invoice } from '../core/contract/invoice.ts';
import type { DuplicatePair } from '../core/contract/settling-http.ts';
import { likenessOf } from '../core/invoice/duplicate-pair.ts';
import { duplicateKeys, summaryOf, suspectsOf } from '../core/invoice/summary.ts';
import type { Model } from './model.ts';
import type { Store } from './store/store.ts';

export interface Duplicates {
  list(query: { after?: string | undefined; limit: number }): Promise<{
    items: DuplicatePair[];
    next: string | null;
    total: number;
  }>;
  of(invoice: string): Promise<DuplicatePair[]>;
}

type Asked = Pick<Store, 'invoices' | 'invoice' | 'duplicateCandidates'>;

export function createDuplicates(store: Asked, model: Pick<Model, 'invoice'>): Duplicates {
  /** Nothing where the other one is not here (any more). */
  const pairs = async (invoice: Invoice, others: readonly string[]): Promise<DuplicatePair[]> => {
    const found = await Promise.all([...new Set(others)].map((id) => store.invoice(id)));
    return found.flatMap((other) => (other === undefined ? [] : [pairOf(invoice, other)]));
  };
  return {
    async list({ after, limit }) {
      const page = await store.invoices({
        only: 'duplicate',
        sort: 'createdAt',
        order: 'desc',
        limit,
        ...(after === undefined ? {} : { cursor: after }),
      });
      const invoices = await Promise.all(page.items.map(({ id }) => store.invoice(id)));
      const found = await Promise.all(
        invoices.map(async (invoice) => (invoice === undefined ? [] : pairs(invoice, suspectsOf(invoice)))),
      );
      return { items: eachOnce(found.flat()), next: page.next, total: page.total };
    },
    async of(id) {
      const invoice = await model.invoice(id);
      const named = (invoice.duplicates ?? []).map(({ other }) => other);
      const candidates = await store.duplicateCandidates(id, duplicateKeys(invoice));
      const found = await pairs(invoice, [...suspectsOf(invoice), ...named, ...candidates.map((one) => one.id)]);
      const told = new Set([...suspectsOf(invoice), ...named]);
      return found.filter(({ other, invoice: one, link, why }) => {
        const theirs = one.id === id ? other.id : one.id;
        return told.has(theirs) || link !== null || why !== 'alike';
      });
    },
  };
}

/** The closed one of two first, or else the one that was asked for. */
function pairOf(asked: Invoice, found: Invoice): DuplicatePair {
  const own = linkTo(asked, found.id);
  const theirs = linkTo(found, asked.id);
  const isTurned = isClosing(theirs) && !isClosing(own);
  const [invoice, other] = isTurned ? [found, asked] : [asked, found];
  return {
    invoice: summaryOf(invoice),
    other: summaryOf(other),
    why: likenessOf(asked, found),
    link: (isTurned ? theirs : own) ?? theirs ?? null,
  };
}

const linkTo = (invoice: Invoice, other: string): DuplicateLink | undefined =>
  invoice.duplicates?.find((link) => link.other === other);

const isClosing = (link: DuplicateLink | undefined): boolean => link?.kind === 'merged' || link?.kind === 'disputed';

const key = ({ invoice, other }: DuplicatePair): string => [invoice.id, other.id].toSorted().join(' ');

/** Where each suspects the other. */
function eachOnce(found: readonly DuplicatePair[]): DuplicatePair[] {
  return [...new Map(found.toReversed().map((pair) => [key(pair), pair])).values()].toReversed();
}
