/** What an erasure of an invoice takes away, and what speaks against it. */
import { assertNever } from '../../core/assert.ts';
import type { Erasure, ErasurePlan, EraseRefusal } from '../../core/contract/erasure-http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { retainedUntil } from '../../core/erasure/retention.ts';
import type { Base } from '../context.ts';
import { dateIn } from '../zone.ts';

export interface ScopeParts {
  readonly base: Pick<Base, 'store' | 'queue' | 'now'>;
  /** Nobody signs in here. */
  readonly byName: boolean;
  /** Whether another place erases what this one has, too. */
  readonly elsewhere?: (() => boolean) | undefined;
}

export interface Found {
  readonly invoices: string[];
  readonly documents: string[];
  readonly operations: number;
  readonly lessons: number;
  readonly exports: ErasurePlan['exports'];
  readonly shared: number;
  readonly retainedUntil: string | null;
  readonly refusals: readonly EraseRefusal[];
}

const isContainer = ({ reading }: Invoice): boolean =>
  reading?.notes.some(({ code }) => code === 'container-expanded') === true;

interface Reach {
  readonly invoices: Set<string>;
  readonly documents: Set<string>;
  readonly shared: number;
  readonly blocked: boolean;
}

/** A mail, or an archive, has in it what it was expanded into: it goes along, and is itself shown as a container only. */
async function reachOf({ store }: ScopeParts['base'], invoice: Invoice): Promise<Reach> {
  const reach = { invoices: new Set([invoice.id]), documents: new Set<string>(), shared: 0, blocked: false };
  const others = (await store.invoiceIds({ document: invoice.document.sha256 })).filter((id) => id !== invoice.id);
  if (others.length > 0) return { ...reach, shared: others.length };
  reach.documents.add(invoice.document.sha256);
  for (let parent = invoice.document.parent; parent !== undefined && !reach.documents.has(parent);) {
    for (const id of await store.invoiceIds({ document: parent })) {
      const holder = await store.invoice(id);
      if (holder === undefined) continue;
      if (!isContainer(holder)) return { ...reach, blocked: true };
      reach.invoices.add(id);
    }
    reach.documents.add(parent);
    parent = (await store.document(parent))?.parent;
  }
  return reach;
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

export async function scopeOf({ base, elsewhere }: ScopeParts, invoice: Invoice): Promise<Found> {
  const { store, queue } = base;
  const reach = await reachOf(base, invoice);
  const invoices = [...reach.invoices];
  const [operations, lessons, batches, jobs, settings] = await Promise.all([
    Promise.all(invoices.map(async (id) => (await store.opsOf(id)).length)),
    Promise.all(invoices.map(async (id) => (await store.lessonsFrom(id)).length)),
    store.exportBatches(),
    queue.list(),
    store.settings(),
  ]);
  const exports = batches
    .filter((batch) => batch.invoices.some((id) => reach.invoices.has(id)))
    .map(({ number, fileName }) => ({ number, fileName }));
  const until =
    invoice.state === 'exported' || exports.length > 0
      ? retainedUntil(invoice.header.issueDate?.value ?? invoice.createdAt)
      : null;
  const today = dateIn(settings.timeZone, base.now());
  const refusals: EraseRefusal[] = [
    ...(elsewhere?.() === true ? (['site-only'] as const) : []),
    ...(jobs.some(({ root, state }) => state === 'running' && reach.invoices.has(root)) ? (['busy'] as const) : []),
    ...(invoice.state === 'staged' ? (['staged'] as const) : []),
    ...(reach.blocked ? (['container'] as const) : []),
    ...(until !== null && today <= until ? (['retained'] as const) : []),
  ];
  return {
    invoices,
    documents: [...reach.documents],
    operations: sum(operations),
    lessons: sum(lessons),
    exports,
    shared: reach.shared,
    retainedUntil: until,
    refusals,
  };
}

export const planOf = (found: Found, asked: Erasure | undefined, byName: boolean): ErasurePlan => ({
  ...found,
  invoices: [...found.invoices],
  documents: found.documents.length,
  refusals: asked === undefined ? [...found.refusals] : [...found.refusals, 'asked'],
  byName,
  asked: asked ?? null,
});

export function refusalText(refusal: EraseRefusal): string {
  switch (refusal) {
    case 'site-only':
      return 'This station is connected to a site, which has this invoice, too. Erase it there: it goes from every station.';
    case 'busy':
      return 'The invoice is being worked on. Try again in a moment.';
    case 'staged':
      return 'The invoice is between approval and export. Take it back first.';
    case 'retained':
      return 'The invoice was exported, and books have to be kept. Only a ground that stands above that duty erases it now.';
    case 'container':
      return 'The invoice came in a document that is an invoice of its own. Erase that one first.';
    case 'asked':
      return 'Its erasure was asked for already.';
    default:
      return assertNever(refusal);
  }
}
