/** The lines as a grid that is moved through by arrow keys and edited in place. */
import { memo, startTransition, useEffect, useMemo, useState } from 'react';
import type { Invoice, Line } from '../../core/contract/invoice.ts';
import type { LineField } from '../../core/invoice/fields.ts';
import { useReview, useStation } from '../station.ts';
import { labelOf, t } from '../text.ts';
import { ActionButton } from '../ui/controls.tsx';
import { EMPTY_CELL, keyOf, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { LineCell } from './line-cell.tsx';
import { isNumeric, lineColumns, WIDTHS } from './line-columns.ts';
import type { Alert } from './line-columns.ts';
import { isRule } from './progress.ts';
import { ReconcileRow } from './reconcile-row.tsx';
import { RowChoice } from './row-choice.tsx';
import type { ReviewState } from './review-store.ts';

function lineAlerts(findings: Invoice['findings'], attention: ReadonlySet<CellKey>): ReadonlyMap<CellKey, Alert> {
  const alerts = new Map<CellKey, Alert>();
  for (const key of attention) if (key.startsWith('line:')) alerts.set(key, 'doubtful');
  // Errors come last and win.
  for (const finding of findings.filter(isRule).toReversed())
    for (const ref of finding.cells) if (ref.entity.type === 'line') alerts.set(keyOf(ref), finding.severity);
  return alerts;
}

interface LinesProps {
  readonly invoice: Invoice;
  readonly attention: ReadonlySet<CellKey>;
  readonly locked: boolean;
}

export function LinesGrid({ invoice, attention, locked }: LinesProps) {
  const { lines } = invoice;
  const columns = useMemo(() => lineColumns(lines), [lines]);
  const alerts = useMemo(() => lineAlerts(invoice.findings, attention), [invoice.findings, attention]);
  const template = `28px ${columns.map((c) => WIDTHS[c] ?? '88px').join(' ')}`;
  const currency = invoice.header.currency?.value ?? null;
  const first = lines[0] ? `line:${lines[0].id}:${columns[0]}` : null;
  // Exactly one cell can be reached by Tab: the one last stood on, else the first.
  const stop = useReview((s) => (s.focus?.startsWith('line:') && onGrid(lines, s.focus) ? s.focus : first));
  const shown = useShownRows(lines, stop);
  return (
    <section className="lines" aria-label={t('ui.lines')}>
      <header>
        <h2>
          {t('ui.lines')} <span className="count">{lines.length}</span>
        </h2>
        {locked ? null : (
          <div className="lines-tools">
            <ActionButton id="lines.add" icon="plus" />
            <ActionButton id="lines.duplicate" icon="copy" />
            <ActionButton id="lines.delete" icon="trash" />
          </div>
        )}
      </header>
      {lines.length === 0 ? (
        <p className="muted">{t('ui.lines.none')}</p>
      ) : (
        <div className="lines-scroll">
          <div
            className="lines-grid"
            role="grid"
            aria-label={t('ui.lines')}
            aria-rowcount={lines.length + 1}
            aria-colcount={columns.length + 1}
            style={{ '--columns': template } as React.CSSProperties}
          >
            <div role="row" className="line line-head" aria-rowindex={1}>
              <span role="columnheader" className="numeric">
                <span className="visually-hidden">{t('ui.lines.number')}</span>
                <span aria-hidden="true">#</span>
              </span>
              {columns.map((name) => (
                <span
                  key={name}
                  role="columnheader"
                  className={isNumeric(name) ? 'numeric' : ''}
                  title={columnName(name)}
                >
                  {columnName(name)}
                </span>
              ))}
            </div>
            {lines.slice(0, shown).map((line, i) => (
              <LineRow
                key={line.id}
                line={line}
                index={i}
                columns={columns}
                currency={currency}
                alerts={alerts}
                stop={stop !== null && refOf(stop).entity.id === line.id ? stop : null}
                locked={locked}
              />
            ))}
          </div>
        </div>
      )}
      <ReconcileRow invoice={invoice} />
    </section>
  );
}

/** A long invoice opens with its first lines; the rest follow when the window has nothing better to do. */
const AT_ONCE = 60;

function useShownRows(lines: readonly Line[], stop: CellKey | null): number {
  const [all, setAll] = useState(lines.length <= AT_ONCE);
  useEffect(() => {
    if (!all) startTransition(() => setAll(true));
  }, [all]);
  const at = stop === null ? 0 : lines.findIndex((line) => line.id === refOf(stop).entity.id);
  return all || at >= AT_ONCE ? lines.length : AT_ONCE;
}

const columnName = (field: LineField): string => labelOf({ entity: { type: 'line', id: '' }, field });

const onGrid = (lines: readonly Line[], key: CellKey): boolean => lines.some((l) => l.id === refOf(key).entity.id);

interface RowProps {
  readonly line: Line;
  readonly index: number;
  readonly columns: readonly LineField[];
  readonly currency: string | null;
  readonly alerts: ReadonlyMap<CellKey, Alert>;
  readonly stop: CellKey | null;
  readonly locked: boolean;
}

/** What of the store concerns a row, as text: one subscription a row instead of three a cell, which a long invoice would feel in every key. */
function rowSignal({ focus, drafts, refusals }: ReviewState, prefix: string): string {
  let signal = focus?.startsWith(prefix) ? focus : '';
  for (const key of Object.keys(drafts)) if (key.startsWith(prefix)) signal += `\n${key} ${drafts[key]}`;
  for (const key of Object.keys(refusals)) if (key.startsWith(prefix)) signal += `\n!${key} ${refusals[key]!.message}`;
  return signal;
}

const LineRow = memo(function LineRow({ line, index, columns, currency, alerts, stop, locked }: RowProps) {
  const { review } = useStation();
  const prefix = `line:${line.id}:`;
  useReview((s) => rowSignal(s, prefix));
  const { focus, drafts, refusals } = review.getState();
  return (
    <>
      <div role="row" className={`line ${line.deleteConflict ? 'line-conflict' : ''}`} aria-rowindex={index + 2}>
        <span role="rowheader" className="line-number">
          {index + 1}
        </span>
        {columns.map((field) => {
          const key = prefix + field;
          return (
            <LineCell
              key={key}
              cellKey={key}
              cell={line.cells[field] ?? EMPTY_CELL}
              currency={currency}
              alert={alerts.get(key)}
              tabStop={stop === key}
              locked={locked}
              focused={focus === key}
              draft={drafts[key]}
              refused={refusals[key]?.message}
            />
          );
        })}
      </div>
      {line.deleteConflict ? (
        <div role="row" className="line-choice">
          <div role="gridcell" aria-colspan={columns.length + 1}>
            <RowChoice row={{ type: 'line', id: line.id }} locked={locked} />
          </div>
        </div>
      ) : null}
    </>
  );
});
