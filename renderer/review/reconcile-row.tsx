import { useMemo } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import { money, t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import { agrees, reconcile } from './reconcile.ts';

/** Whether lines and totals agree, and by how much they do not. */
export function ReconcileRow({ invoice }: { readonly invoice: Invoice }) {
  const balances = useMemo(() => reconcile(invoice), [invoice]);
  const currency = invoice.header.currency?.value ?? null;
  const show = (value: string | undefined) => (value === undefined ? '–' : money(value, currency));
  return (
    <dl className="reconcile" aria-label={t('ui.reconcile')}>
      {balances.map((balance) => {
        const known = balance.difference !== undefined;
        const ok = agrees(balance);
        return (
          <div key={balance.what} className={known ? (ok ? 'reconcile-ok' : 'reconcile-off') : ''}>
            <dt>{t(`ui.reconcile.${balance.what}`)}</dt>
            <dd>
              {known ? <Mark kind={ok ? 'sure' : 'error'} /> : null}
              {balance.sum === undefined ? null : <span>{show(balance.sum)}</span>}
              {known && !ok ? (
                <>
                  <span className="muted">{t('ui.reconcile.says', { amount: show(balance.says) })}</span>
                  <b>{t('ui.reconcile.difference', { amount: show(balance.difference) })}</b>
                </>
              ) : known ? (
                <span className="muted">{t('ui.reconcile.agrees')}</span>
              ) : (
                <span className="muted">{t('ui.reconcile.missing')}</span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
