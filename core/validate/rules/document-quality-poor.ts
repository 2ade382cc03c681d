import { MINIMUM_QUALITY, qualityOf } from '../page-quality.ts';
import { says } from '../read.ts';
import type { Rule } from '../rule.ts';

/** Pages that were not read, or only in part: what is missing there, no other rule can see. */
export const documentQualityPoor: Rule = {
  code: 'DOCUMENT_QUALITY_POOR',
  version: 1,
  needs: [],
  judge(invoice) {
    if (invoice.reading === null || invoice.reading.unreadable !== undefined) return [];
    return invoice.reading.pages.flatMap(({ page, problem, ...seen }) => {
      const found = fault(problem, qualityOf(seen));
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

function fault(problem: string | undefined, quality: number | undefined) {
  // A blank page (the back of a sheet) has lost nothing.
  if (problem === 'blank-page') return undefined;
  if (problem !== undefined) return { variant: 'page', reason: problem };
  if (quality === undefined || quality >= MINIMUM_QUALITY) return undefined;
  return { variant: 'coverage', coverage: String(quality) };
}
