/** Whoever is judged against an invoice is judged again when that invoice becomes, or stops being, what they were compared with. */
import type { Invoice } from '../core/contract/invoice.ts';
import type { NewJob } from '../core/contract/jobs.ts';
import { duplicateKeys, unlinkedSuspects } from '../core/invoice/summary.ts';
import type { Base } from './context.ts';

const OPEN: ReadonlySet<string> = new Set(['exception', 'ready', 'on_hold', 'info_requested']);

const compared = (invoice: Invoice): string => {
  const { vendorTaxId, issueDate, currency } = invoice.header;
  const values = [vendorTaxId?.value, issueDate?.value, currency?.value];
  return JSON.stringify([duplicateKeys(invoice), values, invoice.state]);
};

/** Jobs that go into the same commit as the change; none where nothing that is compared has changed. */
export async function judgeAgain(base: Base, before: Invoice, after: Invoice): Promise<NewJob[]> {
  const suspect = suspectJobs(base, after);
  if (compared(before) === compared(after)) return suspect;
  const found = await Promise.all(
    [before, after].map((invoice) => base.store.duplicateCandidates(after.id, duplicateKeys(invoice))),
  );
  const open = found.flat().filter((candidate) => OPEN.has(candidate.status));
  const ids = new Set(open.map((candidate) => candidate.id));
  const again = [...ids].map((invoice): NewJob => ({
    id: base.newId(),
    name: 'validate',
    data: { invoice },
    root: invoice,
    priority: 5,
  }));
  return [...suspect, ...again];
}

/** What the rules found goes into the log by a job: whether it is written here is that one's to know. */
export const suspectJobs = (base: Base, invoice: Invoice): NewJob[] =>
  unlinkedSuspects(invoice).length === 0
    ? []
    : [{ id: base.newId(), name: 'suspect', data: { invoice: invoice.id }, root: invoice.id, priority: 5 }];
