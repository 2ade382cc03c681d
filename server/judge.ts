/**
 * The verdict on an invoice: its context from the store, the rules, the cells that then need a human.
 *
 * [Note: Where the rules run] The rules over an ordinary invoice take one to two milliseconds, the way to a worker thread and back takes five on a machine that
 * is reading documents at the same time (docs/decisions/0010-small-invoices-are-judged-at-once.md): a person's save is judged here, a long invoice in a thread.
 */
import type { Finding, Invoice } from '../core/contract/invoice.ts';
import type { Settings } from '../core/contract/settings.ts';
import { attentionOf, withFindings } from '../core/invoice/status.ts';
import { duplicateKeys } from '../core/invoice/summary.ts';
import type { RuleContext } from '../core/validate/rule.ts';
import type { Pool } from './pool.ts';
import type { Store } from './store/store.ts';
import { dateIn } from './zone.ts';

/** Rules over one invoice take milliseconds; a rule that hangs must not hold a save for ever. */
const LIMIT_MS = 10_000;
const MAX_LINES_HERE = 150;

export type Judge = (invoice: Invoice) => Promise<Invoice>;

interface Parts {
  readonly store: Pick<Store, 'duplicateCandidates'>;
  readonly pool: Pool;
  readonly settings: () => Settings;
  readonly now: () => number;
  /** Version of the rule set. */
  readonly rules: string;
}

/** Loaded when first needed: a start of the station must not wait for it. */
const here = async (invoice: Invoice, context: RuleContext): Promise<Finding[]> => {
  const { validateInvoice } = await import('../core/validate/engine.ts');
  return validateInvoice(invoice, context);
};

export function createJudge({ store, pool, settings, now, rules }: Parts): Judge {
  const inThread = async (invoice: Invoice, context: RuleContext): Promise<Finding[]> => {
    const outcome = await pool.run('validate', { invoice, context }, { timeoutMs: LIMIT_MS });
    return 'findings' in outcome ? outcome.findings : [unjudged(outcome.reason)];
  };
  return async (invoice) => {
    const { timeZone, minimumConfidence, tolerances } = settings();
    const today = dateIn(timeZone, now());
    const duplicateCandidates = await store.duplicateCandidates(invoice.id, duplicateKeys(invoice));
    const context: RuleContext = { today, duplicateCandidates, tolerances, minimumConfidence };
    const findings =
      invoice.lines.length <= MAX_LINES_HERE ? await here(invoice, context) : await inThread(invoice, context);
    return withFindings(invoice, findings, { rules, today }, attentionOf(invoice, findings, { minimumConfidence }));
  };
}

const unjudged = (reason: string): Finding => ({
  code: 'VALIDATION_ERROR',
  severity: 'error',
  cells: [],
  params: { reason },
  variant: 'stopped',
  clear: 'retry',
  version: 1,
});
