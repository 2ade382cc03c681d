/** Findings while the server has not answered yet. */
import type { Settings } from '../../core/contract/http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { keyOf } from './cells.ts';

const SETTLED_BY_A_VALUE: ReadonlySet<string> = new Set(['LOW_CONFIDENCE', 'MISSING_REQUIRED_FIELD']);

/** A doubt about a cell that a person has set is gone; rules wait for the server's word. */
export function createJudge(_settings: () => Settings | null): (invoice: Invoice) => Invoice {
  return (invoice) => {
    const open = new Set(invoice.attention.map(keyOf));
    return {
      ...invoice,
      findings: invoice.findings.filter(
        (f) => !SETTLED_BY_A_VALUE.has(f.code) || f.cells.some((ref) => open.has(keyOf(ref))),
      ),
    };
  };
}
