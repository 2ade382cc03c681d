import { Fragment } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import { TAX_ROW_FIELD_NAMES } from '../../core/invoice/fields.ts';
import { t } from '../text.ts';
import type { CellKey } from './cells.ts';
import { Field } from './field.tsx';
import { RowChoice } from './row-choice.tsx';

interface TaxRowsProps {
  readonly invoice: Invoice;
  readonly attention: ReadonlySet<CellKey>;
  readonly locked: boolean;
}

/** The VAT breakdown, a row a rate. */
export function TaxRows({ invoice, attention, locked }: TaxRowsProps) {
  if (invoice.taxRows.length === 0) return null;
  const currency = invoice.header.currency?.value ?? null;
  return (
    <section className="tax-rows" aria-label={t('ui.taxRows')}>
      <h2>{t('ui.taxRows')}</h2>
      {invoice.taxRows.map((row) => (
        <Fragment key={row.id}>
          <div className={`tax-row ${row.deleteConflict ? 'line-conflict' : ''}`}>
            {TAX_ROW_FIELD_NAMES.map((field) => {
              const key = `taxRow:${row.id}:${field}`;
              return (
                <Field
                  key={key}
                  cellKey={key}
                  cell={row.cells[field]}
                  currency={currency}
                  findings={invoice.findings}
                  attention={attention.has(key)}
                  locked={locked}
                />
              );
            })}
          </div>
          {row.deleteConflict ? (
            <div className="line-choice" role="group" aria-label={t('ui.conflict.taxRow')}>
              <div>
                <RowChoice row={{ type: 'taxRow', id: row.id }} locked={locked} />
              </div>
            </div>
          ) : null}
        </Fragment>
      ))}
    </section>
  );
}
