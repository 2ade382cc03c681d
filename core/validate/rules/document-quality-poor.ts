import { says } from '../read.ts';
import type { Rule } from '../rule.ts';

/** Share of text-like ink that lies inside words: pages below it had lost words even after a second pass. */
const MINIMUM_COVERAGE = 0.7;

/** Pages that were not read, or only in part: what is missing there, no other rule can see. */
export const documentQualityPoor: Rule = {
  code: 'DOCUMENT_QUALITY_POOR',
  version: 1,
  needs: [],
  judge(invoice) {
    if (invoice.reading === null || invoice.reading.unreadable !== undefined) return [];
    return invoice.reading.pages.flatMap(({ page, problem, coverage }) => {
      const found = fault(problem, coverage);
      if (found === undefined) return [];
      const { variant, ...params } = found;
      return [
        says(this, invoice, {
          severity: 'warning',
          cells: [],
          variant,
          params: { page: String(page), ...params },
          clear: 'check-page',
        }),
      ];
    });
  },
};

function fault(problem: string | undefined, coverage: number | undefined) {
  // A blank page (the back of a sheet) has lost nothing.
  if (problem === 'blank-page') return undefined;
  if (problem !== undefined) return { variant: 'page', reason: problem };
  if (coverage === undefined || coverage >= MINIMUM_COVERAGE) return undefined;
  return { variant: 'coverage', coverage: String(coverage) };
}
