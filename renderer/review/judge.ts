/** Findings while the server has not answered yet: the same rules, as far as they need nothing but the invoice. */
import type { Settings } from '../../core/contract/settings.ts';
import type { Finding, Invoice } from '../../core/contract/invoice.ts';
import { attentionOf } from '../../core/invoice/status.ts';
import { rulesWithoutNeeds, validateInvoice } from '../../core/validate/engine.ts';

const HERE: ReadonlySet<string> = new Set(rulesWithoutNeeds.map((rule) => rule.code));
const ORDER = { error: 0, warning: 1, info: 2 } as const;
/** A key must not wait for the rules: on a very long invoice the server's answer is soon enough. */
const LINES = 150;

export function createJudge(settings: () => Settings | null): (invoice: Invoice) => Invoice {
  return (invoice) => {
    const { tolerances, minimumConfidence } = settings() ?? { tolerances: { default: '0.01' }, minimumConfidence: 0.8 };
    if (invoice.lines.length > LINES || invoice.reading === null) return invoice;
    // `today` and the candidates for duplicates are asked for by no rule that runs here.
    const context = { today: invoice.judged?.today ?? '', duplicateCandidates: [], tolerances, minimumConfidence };
    const kept = invoice.findings.filter((finding) => !HERE.has(finding.code));
    const findings: Finding[] = [...validateInvoice(invoice, context, rulesWithoutNeeds), ...kept].toSorted(
      (a, b) => ORDER[a.severity] - ORDER[b.severity],
    );
    return { ...invoice, findings, attention: attentionOf(invoice, findings, { minimumConfidence }) };
  };
}
