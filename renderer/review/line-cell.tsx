/** A cell of the lines: shown as text, edited in place, moved through by arrow keys. */
import { memo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Cell } from '../../core/contract/invoice.ts';
import type { LineField } from '../../core/invoice/fields.ts';
import { useReview, useStation } from '../station.ts';
import type { Station } from '../station.ts';
import { editable, findingWords, labelOf, shown } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import { keyOf, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { certaintyText } from './certainty-text.ts';
import { FieldCard } from './field-card.tsx';
import { isNumeric, lineColumns } from './line-columns.ts';
import type { Alert } from './line-columns.ts';
import { isRule } from './progress.ts';

interface CellProps {
  readonly cellKey: CellKey;
  readonly cell: Cell;
  readonly currency: string | null;
  /** Why it is on the list of work: a rule's severity, or a doubt of the reading. */
  readonly alert: Alert | undefined;
  readonly tabStop: boolean;
  readonly locked: boolean;
  readonly focused: boolean;
  /** Typed and not yet saved. */
  readonly draft: string | undefined;
  /** Why its value was refused. */
  readonly refused: string | undefined;
}

export const LineCell = memo(function LineCell(props: CellProps) {
  const { cellKey, cell, currency, alert, tabStop, locked, focused, draft, refused } = props;
  const station = useStation();
  const { review, control } = station;
  const [editing, setEditing] = useState(false);
  const ref = refOf(cellKey);
  const numeric = isNumeric(ref.field as LineField);
  const about = refused ?? certaintyText(cell);
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
        {focused ? <LineCard cellKey={cellKey} cell={cell} currency={currency} refused={refused} /> : null}
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
      {focused ? <LineCard cellKey={cellKey} cell={cell} currency={currency} refused={refused} /> : null}
    </span>
  );
});

/** Below a cell of the grid: its print, and what the rules say about it. */
function LineCard({ cellKey, cell, currency, refused }: Pick<CellProps, 'cellKey' | 'cell' | 'currency' | 'refused'>) {
  const findings = useReview((s) => (s.id === null ? undefined : s.docs[s.id]?.shown.findings));
  const messages = (findings ?? [])
    .filter((f) => isRule(f) && f.cells.some((ref) => keyOf(ref) === cellKey))
    .map((f) => ({ severity: f.severity as string, text: findingWords(f).sentence }));
  if (refused !== undefined) messages.unshift({ severity: 'error', text: refused });
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
