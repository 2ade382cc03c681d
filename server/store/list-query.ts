/** Parts of the queue's list that do not depend on the database: cursors, words of a search. */
import { z } from 'zod';
import { AppError } from '../../core/contract/errors.ts';
import type { InvoiceQuery } from '../../core/contract/http.ts';
import { foldText } from '../../core/invoice/summary.ts';

/** An invoice that was confirmed today and is in one of these was not taken back since. */
export const DONE_STATES = ['confirmed', 'approved', 'staged', 'exported'] as const;

/** The column a list is sorted by, in the table of every database. */
export const SORT_COLUMNS = {
  createdAt: 'createdAt',
  updatedAt: 'updatedAt',
  issueDate: 'sortIssued',
  dueDate: 'sortDue',
  vendorName: 'sortVendor',
  invoiceNumber: 'sortNumber',
  grossTotal: 'sortGross',
  attention: 'attention',
} as const satisfies Record<InvoiceQuery['sort'], string>;

/** Where the page before ended: value of the sort column and row number, which makes the order total. */
const Cursor = z.tuple([z.string(), z.union([z.string(), z.number()]), z.int()]);

const encodeCursor = (query: InvoiceQuery, value: string | number, row: number): string =>
  Buffer.from(JSON.stringify([`${query.sort} ${query.order}`, value, row])).toString('base64url');

export function decodeCursor(query: InvoiceQuery, cursor: string): { value: string | number; row: number } {
  try {
    const [sort, value, row] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (sort === `${query.sort} ${query.order}`) return { value, row };
  } catch {
    // told below: a cursor is opaque, so that all that can be said is that it does not fit
  }
  throw new AppError('bad_request', 'The cursor does not belong to this sort order. Start again without a cursor.');
}

/** Of the rows of a page and the one after it: the page, and the cursor of the next. */
export function pageOf<R extends { readonly value: string | number; readonly row: number }>(
  query: InvoiceQuery,
  rows: readonly R[],
): { page: R[]; next: string | null } {
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  return { page, next: more ? encodeCursor(query, last.value, last.row) : null };
}

/** Folded as the text that is searched. */
export const searchWords = (q: string): string[] => foldText(q).split(/\s+/u).filter(Boolean);

/** For LIKE with the backslash as escape. */
export const likePattern = (word: string): string => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
