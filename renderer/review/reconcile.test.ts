import { describe, expect, it } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import { agrees, reconcile } from './reconcile.ts';

const invoice = (header: Record<string, string>, totals: readonly string[]) =>
  ({
    header: Object.fromEntries(Object.entries(header).map(([k, value]) => [k, { value }])),
    lines: totals.map((value) => ({ cells: { lineTotal: { value } } })),
  }) as unknown as Pick<Invoice, 'header' | 'lines'>;

describe('reconcile', () => {
  it('adds lines, allowances, charges and tax', () => {
    const [net, gross] = reconcile(
      invoice({ allowanceTotal: '5', chargeTotal: '2.5', netTotal: '97.5', taxTotal: '18.53', grossTotal: '116.03' }, [
        '60',
        '40',
      ]),
    );
    expect(net).toMatchObject({ sum: '97.5', says: '97.5', difference: '0' });
    expect(agrees(net!) && agrees(gross!)).toBe(true);
  });

  it('shows the difference, and nothing where a part is missing', () => {
    const [net, gross] = reconcile(invoice({ netTotal: '100' }, ['60', '30']));
    expect(net).toMatchObject({ sum: '90', difference: '-10' });
    expect(agrees(net!)).toBe(false);
    expect(gross).toMatchObject({ sum: undefined, says: undefined, difference: undefined });
  });

  it('checks the amount due only where it differs from the total', () => {
    const header = { netTotal: '100', taxTotal: '19', grossTotal: '119' };
    expect(reconcile(invoice({ ...header, amountDue: '119' }, []))).toHaveLength(2);
    const due = reconcile(invoice({ ...header, prepaid: '19', amountDue: '100' }, []))[2];
    expect(due).toMatchObject({ what: 'due', sum: '100', difference: '0' });
  });
});
