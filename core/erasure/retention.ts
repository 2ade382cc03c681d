/** How long an exported invoice belongs to the books. No legal advice: the longest of the usual terms in the countries that this program reads invoices of (docs/erasure.md). */
const YEARS = 10;

/** Last day of the term, which begins with the end of the year of the invoice: a date. `issued`: a date, or text that begins with one. */
export const retainedUntil = (issued: string): string => `${Number(issued.slice(0, 4)) + YEARS}-12-31`;
