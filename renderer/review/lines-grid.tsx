/** The lines as a grid that is moved through by arrow keys and edited in place. */
import { memo, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Cell, Finding, Invoice, Line } from '../../core/contract/invoice.ts';
import { LINE_FIELD_NAMES, LINE_FIELDS } from '../../core/invoice/fields.ts';
import type { FieldInfo, LineField } from '../../core/invoice/fields.ts';
import { useReview, useStation } from '../station.ts';
import type { Station } from '../station.ts';
import { editable, findingWords, labelOf, shown, t } from '../text.ts';
import { ActionButton } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { EMPTY_CELL, keyOf, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { certaintyText } from './certainty-text.ts';
import { FieldCard } from './field-card.tsx';
import { isRule } from './progress.ts';
import { ReconcileRow } from './reconcile-row.tsx';

const NUMERIC: ReadonlySet<FieldInfo['type']> = new Set(['amount', 'decimal', 'percent']);
/** Width of a column in the grid's template. */
const WIDTHS: Partial<Record<LineField, string>> = {
  position: '44px',
  articleNumber: '84px',
  description: 'minmax(150px, 1fr)',
  quantity: '64px',
  unit: '52px',
  unitPrice: '84px',
  taxRate: '52px',
  lineTotal: '96px',
};

/** Columns that every invoice has, and those that a line of this one uses. */
export function lineColumns(lines: readonly Line[]): LineField[] {
  return LINE_FIELD_NAMES.filter(
    (name) =>
      (LINE_FIELDS[name] as FieldInfo).core ||
      lines.some((line, i) => {
        const value = line.cells[name]?.value ?? null;
        // Numbers that only repeat the place of the line say nothing.
        return value !== null && !(name === 'position' && value === String(i + 1));
      }),
  );
}

type Alert = Finding['severity'] | 'doubtful';

function lineAlerts(invoice: Invoice, attention: ReadonlySet<CellKey>): ReadonlyMap<CellKey, Alert> {
  const alerts = new Map<CellKey, Alert>();
  for (const key of attention) if (key.startsWith('line:')) alerts.set(key, 'doubtful');
  // Errors come last and win.
  for (const finding of invoice.findings.filter(isRule).toReversed())
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
  const alerts = useMemo(() => lineAlerts(invoice, attention), [invoice, attention]);
  const template = `28px ${columns.map((c) => WIDTHS[c] ?? '88px').join(' ')}`;
  const currency = invoice.header.currency?.value ?? null;
  const first = lines[0] ? `line:${lines[0].id}:${columns[0]}` : null;
  // Exactly one cell can be reached by Tab: the one last stood on, else the first.
  const stop = useReview((s) => (s.focus?.startsWith('line:') && onGrid(lines, s.focus) ? s.focus : first));
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
                <span key={name} role="columnheader" className={NUMERIC.has(LINE_FIELDS[name].type) ? 'numeric' : ''}>
                  {labelOf({ entity: { type: 'line', id: '' }, field: name })}
                </span>
              ))}
            </div>
            {lines.map((line, i) => (
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

const LineRow = memo(function LineRow({ line, index, columns, currency, alerts, stop, locked }: RowProps) {
  return (
    <div role="row" className={`line ${line.deleteConflict ? 'line-conflict' : ''}`} aria-rowindex={index + 2}>
      <span role="rowheader" className="line-number">
        {index + 1}
      </span>
      {columns.map((field) => {
        const key = `line:${line.id}:${field}`;
        return (
          <GridCell
            key={key}
            cellKey={key}
            cell={line.cells[field] ?? EMPTY_CELL}
            currency={currency}
            alert={alerts.get(key)}
            tabStop={stop === key}
            locked={locked}
          />
        );
      })}
    </div>
  );
});

interface CellProps {
  readonly cellKey: CellKey;
  readonly cell: Cell;
  readonly currency: string | null;
  /** Why it is on the list of work: a rule's severity, or a doubt of the reading. */
  readonly alert: Alert | undefined;
  readonly tabStop: boolean;
  readonly locked: boolean;
}

const GridCell = memo(function GridCell({ cellKey, cell, currency, alert, tabStop, locked }: CellProps) {
  const station = useStation();
  const { review, control } = station;
  const [editing, setEditing] = useState(false);
  const draft = useReview((s) => s.drafts[cellKey]);
  const refused = useReview((s) => s.refusals[cellKey]);
  const focused = useReview((s) => s.focus === cellKey);
  const ref = refOf(cellKey);
  const numeric = NUMERIC.has(LINE_FIELDS[ref.field as LineField].type);
  const about = refused?.message ?? certaintyText(cell);
  const begin = (text?: string) => {
    if (locked) return;
    if (text !== undefined) review.draft(cellKey, text);
    setEditing(true);
  };
  const end = (stay: boolean) => {
    setEditing(false);
    if (stay) requestAnimationFrame(() => cellElement(cellKey)?.focus());
  };
  if (editing)
    return (
      <span
        role="gridcell"
        className={`line-cell line-cell-editing ${numeric ? 'numeric' : ''}`}
        aria-selected={focused}
      >
        <input
          className="input"
          // The cell was just entered by key or double click: its editor takes over.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          data-cell={cellKey}
          aria-label={labelOf(ref)}
          aria-invalid={refused !== undefined || undefined}
          value={draft ?? editable(ref, cell.value, currency)}
          onChange={(event) => review.typed(cellKey, event.target.value)}
          onFocus={() => review.focusOn(cellKey)}
          onBlur={() => {
            if (control.commitDraft(cellKey)) end(false);
            review.setState({ suggest: null });
          }}
          onKeyDown={(event) => onEditKey(event, station, cellKey, end)}
        />
        {focused ? <LineCard cellKey={cellKey} cell={cell} currency={currency} /> : null}
      </span>
    );
  return (
    <span
      role="gridcell"
      className={`line-cell ${numeric ? 'numeric' : ''} ${alert ? `line-cell-attention line-cell-${alert}` : ''} ${refused ? 'line-cell-refused' : ''}`}
      data-cell={cellKey}
      tabIndex={tabStop ? 0 : -1}
      aria-selected={focused}
      title={alert || refused ? about : undefined}
      onFocus={() => review.focusOn(cellKey)}
      onDoubleClick={() => begin()}
      onKeyDown={(event) => onCellKey(event, station, cellKey, begin)}
    >
      <span className="line-text">{draft ?? shown(ref, cell.value, currency)}</span>
      {alert || refused ? <Mark kind={refused ? 'error' : alert!} /> : null}
      {alert ? <span className="visually-hidden">{about}</span> : null}
      {focused ? <LineCard cellKey={cellKey} cell={cell} currency={currency} /> : null}
    </span>
  );
});

/** Below a cell of the grid: its print, and what the rules say about it. */
function LineCard({ cellKey, cell, currency }: Pick<CellProps, 'cellKey' | 'cell' | 'currency'>) {
  const findings = useReview((s) => (s.id === null ? undefined : s.docs[s.id]?.shown.findings));
  const refused = useReview((s) => s.refusals[cellKey]);
  const messages = (findings ?? [])
    .filter((f) => isRule(f) && f.cells.some((ref) => keyOf(ref) === cellKey))
    .map((f) => ({ severity: f.severity as string, text: findingWords(f).sentence }));
  if (refused) messages.unshift({ severity: 'error', text: refused.message });
  return <FieldCard cellKey={cellKey} cell={cell} snippet currency={currency} messages={messages} />;
}

const cellElement = (key: CellKey): HTMLElement | null =>
  document.querySelector<HTMLElement>(`.lines-grid [data-cell="${CSS.escape(key)}"]`);

const clip = (n: number, length: number) => Math.max(0, Math.min(length - 1, n));

/** The cell `rows` down and `columns` to the right, clipped to the grid. */
function neighbour({ review }: Station, key: CellKey, rows: number, columns: number): CellKey | undefined {
  const lines = review.current()?.shown.lines ?? [];
  const names = lineColumns(lines);
  const ref = refOf(key);
  const line = lines[clip(lines.findIndex((l) => l.id === ref.entity.id) + rows, lines.length)];
  const field = names[clip(names.indexOf(ref.field as LineField) + columns, names.length)];
  return line && field ? `line:${line.id}:${field}` : undefined;
}

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -99],
  End: [0, 99],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};

function onCellKey(event: KeyboardEvent, station: Station, key: CellKey, begin: (text?: string) => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { why, suggest } = station.review.getState();
  const arrow = why || suggest !== null ? undefined : ARROWS[event.key];
  if (arrow) {
    const to = neighbour(station, key, arrow[0], arrow[1]);
    if (to) cellElement(to)?.focus();
  } else if (event.key === 'F2') begin();
  else if (event.key === 'Delete' || event.key === 'Backspace') begin('');
  else if (event.key.length === 1 && event.key !== ' ' && !(why && /\d/.test(event.key))) begin(event.key);
  else return;
  event.preventDefault();
}

function onEditKey(event: KeyboardEvent, station: Station, key: CellKey, end: (stay: boolean) => void): void {
  const { review, control } = station;
  const { suggest } = review.getState();
  if ((suggest ?? -1) >= 0 && (event.key === 'Enter' || event.key === 'Tab')) return;
  if (event.key === 'Escape' && suggest === null) {
    review.draft(key, null);
    review.clearRefusal(key);
    end(true);
  } else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab') {
    // In a grid Enter goes down and Tab to the side; a cell on the list of work goes on with that list instead.
    const doubted = review.current()?.shown.attention.some((r) => `line:${r.entity.id}:${r.field}` === key);
    if (event.key === 'Enter' && doubted) return;
    if (!control.commitDraft(key)) return event.preventDefault();
    const step = event.shiftKey ? -1 : 1;
    const to = event.key === 'Enter' ? neighbour(station, key, step, 0) : neighbour(station, key, 0, step);
    end(to === key);
    if (to && to !== key) cellElement(to)?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
