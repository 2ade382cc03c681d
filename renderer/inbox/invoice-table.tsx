/** The virtual table of the queue: only the rows on the screen exist, whatever the length of the list. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import { useApp, useInbox, useStation } from '../station.ts';
import type { Station } from '../station.ts';
import { date, instant, money, reasonWords, say, statusName, t } from '../text.ts';
import { RowCompany } from '../together/company.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import type { SortField } from './inbox-store.ts';
import { ReadingProgress } from './reading-progress.tsx';
import { WaitingMark } from '../sync/waiting.tsx';

const ROW = 36;
const COLUMNS: readonly { id: string; sort?: SortField; label: Parameters<typeof t>[0]; end?: true }[] = [
  { id: 'select', label: 'ui.column.select' },
  { id: 'status', sort: 'attention', label: 'ui.column.status' },
  { id: 'vendor', sort: 'vendorName', label: 'ui.column.vendor' },
  { id: 'number', sort: 'invoiceNumber', label: 'ui.column.number' },
  { id: 'issued', sort: 'issueDate', label: 'ui.column.issued' },
  { id: 'due', sort: 'dueDate', label: 'ui.column.due' },
  { id: 'gross', sort: 'grossTotal', label: 'ui.column.gross', end: true },
  { id: 'findings', label: 'ui.column.findings' },
  { id: 'file', label: 'ui.column.file' },
  { id: 'created', sort: 'createdAt', label: 'ui.column.created' },
];

export function InvoiceTable() {
  const station = useStation();
  const { inbox } = station;
  const total = useInbox((s) => s.total);
  const phase = useInbox((s) => s.phase);
  const active = useInbox((s) => s.active);
  const activeId = useInbox((s) => s.rows[s.active]?.id);
  const scroller = useRef<HTMLDivElement>(null);
  const count = phase === 'loading' ? 12 : total;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => inbox.ensure(last + 20), [inbox, last, total]);
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active, { align: 'auto' });
  }, [virtual, active]);
  return (
    <div className="table-frame" ref={scroller}>
      <div
        id="queue-table"
        className="table"
        role="grid"
        aria-label={t('ui.nav.inbox')}
        aria-rowcount={total + 1}
        aria-colcount={COLUMNS.length}
        aria-multiselectable="true"
        aria-busy={phase === 'loading'}
        aria-activedescendant={activeId === undefined ? undefined : `row-${activeId}`}
        tabIndex={0}
        onKeyDown={(event) => onTableKey(event, station, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 2)}
        onFocus={() => {
          if (inbox.getState().active < 0) inbox.move(0);
        }}
      >
        <HeaderRow />
        <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <Row key={item.key} index={item.index} top={item.start} />
          ))}
        </div>
      </div>
    </div>
  );
}

function onTableKey(event: KeyboardEvent, station: Station, page: number): void {
  const { inbox } = station;
  const { active, rows, total } = inbox.getState();
  const row = rows[active];
  const steps: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page };
  Object.assign(steps, { PageUp: active - page, Home: 0, End: total - 1, j: active + 1, k: active - 1 });
  // The heading's own buttons keep their keys.
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = steps[event.key];
  if (to !== undefined) {
    if (event.shiftKey && row) inbox.toggle(row.id);
    inbox.move(to);
  } else if (event.key === ' ' && row) inbox.toggle(row.id);
  else if (event.key === 'Enter' && row) station.navigate({ screen: 'review', id: row.id });
  else return;
  event.preventDefault();
}

function HeaderRow() {
  const { inbox } = useStation();
  const sort = useInbox((s) => s.query.sort);
  const order = useInbox((s) => s.query.order);
  const all = useInbox((s) => s.rows.length > 0 && s.selected.size >= s.rows.length);
  return (
    <div role="rowgroup" className="table-head">
      <div role="row" className="row" aria-rowindex={1}>
        {COLUMNS.map((column) => {
          const sorted = column.sort === sort;
          const aria = sorted ? (order === 'asc' ? 'ascending' : 'descending') : undefined;
          return (
            <div
              key={column.id}
              role="columnheader"
              className={`cell cell-${column.id}`}
              {...(column.sort ? { 'aria-sort': aria ?? 'none' } : {})}
            >
              {column.id === 'select' ? (
                <input
                  type="checkbox"
                  aria-label={t('ui.action.selectAll')}
                  checked={all}
                  onChange={() => inbox.selectAll(!all)}
                />
              ) : column.sort ? (
                <button type="button" onClick={() => inbox.sortBy(column.sort!)}>
                  {t(column.label)}
                  {sorted ? <Icon name={order === 'asc' ? 'up' : 'down'} size={12} /> : null}
                </button>
              ) : (
                t(column.label)
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A row subscribes to its own invoice: a change of one never draws the others again. */
const Row = memo(function Row({ index, top }: { readonly index: number; readonly top: number }) {
  const { inbox, navigate, review } = useStation();
  const summary = useInbox((s) => s.rows[index]);
  const active = useInbox((s) => s.active === index);
  const selected = useInbox((s) => summary !== undefined && s.selected.has(summary.id));
  const style = { transform: `translateY(${top}px)` };
  if (!summary)
    return (
      <div role="row" className="row row-skeleton" style={style} aria-rowindex={index + 2}>
        <div role="gridcell" className="cell">
          <span className="skeleton" />
        </div>
      </div>
    );
  const open = () => navigate({ screen: 'review', id: summary.id });
  return (
    // The grid itself has the keyboard; rows are pointed at by aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`row-${summary.id}`}
      role="row"
      className={`row ${active ? 'row-active' : ''} ${selected ? 'row-selected' : ''}`}
      style={style}
      aria-rowindex={index + 2}
      aria-selected={selected}
      onMouseEnter={() => void review.prefetch(summary.id).catch(() => undefined)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey) inbox.toggle(summary.id);
        else open();
      }}
    >
      <Cells summary={summary} selected={selected} />
    </div>
  );
});

const Cells = memo(function Cells({
  summary: s,
  selected,
}: {
  readonly summary: InvoiceSummary;
  readonly selected: boolean;
}) {
  const { inbox } = useStation();
  return (
    <>
      <div role="gridcell" className="cell cell-select">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={t('ui.selectOne', { name: s.invoiceNumber ?? s.documentName })}
          checked={selected}
          onClick={(event) => event.stopPropagation()}
          onChange={() => inbox.toggle(s.id)}
        />
      </div>
      <div role="gridcell" className="cell cell-status">
        <StatusCell summary={s} />
      </div>
      <div role="gridcell" className="cell cell-vendor">
        <span className="ellipsis">{s.vendorName ?? <span className="muted">{s.documentName}</span>}</span>
        {s.documentType && s.documentType !== 'invoice' ? (
          <span className="tag">{say(`documentType.${s.documentType}`)}</span>
        ) : null}
        <RowCompany invoice={s.id} />
      </div>
      <div role="gridcell" className="cell cell-number ellipsis">
        {s.invoiceNumber}
      </div>
      <div role="gridcell" className="cell cell-issued">
        {s.issueDate === null ? '' : date(s.issueDate)}
      </div>
      <div role="gridcell" className="cell cell-due">
        <Due summary={s} />
      </div>
      <div role="gridcell" className="cell cell-gross">
        {s.grossTotal === null ? '' : money(s.grossTotal, s.currency)}
      </div>
      <div role="gridcell" className="cell cell-findings">
        <Findings summary={s} />
      </div>
      <div role="gridcell" className="cell cell-file ellipsis" title={s.documentName}>
        {s.documentName}
      </div>
      <div role="gridcell" className="cell cell-created">
        <Age at={s.createdAt} />
      </div>
    </>
  );
});

function StatusCell({ summary: s }: { readonly summary: InvoiceSummary }) {
  const job = useApp((state) => state.jobs[s.id]);
  if (job && (s.status === 'reading' || job.state === 'running')) return <ReadingProgress invoice={s.id} job={job} />;
  return (
    <>
      <span className={`status status-${s.status}`}>{statusName(s.status)}</span>
      <WaitingMark invoice={s.id} />
    </>
  );
}

function Findings({ summary: s }: { readonly summary: InvoiceSummary }) {
  if (s.reason !== null) {
    return (
      <span className="finding-text ellipsis" title={reasonWords(s.reason).reason}>
        <Mark kind="error" /> {reasonWords(s.reason).reason}
      </span>
    );
  }
  const words = [
    s.errors > 0 ? t('ui.count.errors', { n: s.errors }) : '',
    s.warnings > 0 ? t('ui.count.warnings', { n: s.warnings }) : '',
    s.attention > 0 ? t('ui.count.fields', { n: s.attention }) : '',
    (s.conflicts ?? 0) > 0 ? t('ui.filter.conflict') : '',
    (s.suspects ?? 0) > 0 ? t('ui.filter.duplicate') : '',
  ].filter(Boolean);
  if (words.length === 0) return null;
  return (
    <span className="finding-counts" title={words.join(', ')}>
      <span className="visually-hidden">{words.join(', ')}</span>
      {s.errors > 0 ? (
        <span aria-hidden="true">
          <Mark kind="error" /> {s.errors}
        </span>
      ) : null}
      {s.warnings > 0 ? (
        <span aria-hidden="true">
          <Mark kind="warning" /> {s.warnings}
        </span>
      ) : null}
      {s.attention > 0 ? (
        <span aria-hidden="true">
          <Mark kind="doubtful" /> {s.attention}
        </span>
      ) : null}
      {(s.conflicts ?? 0) > 0 ? (
        <span className="tag tag-conflict" aria-hidden="true">
          {t('ui.filter.conflict')}
        </span>
      ) : null}
      {(s.suspects ?? 0) > 0 ? (
        <span className="tag" aria-hidden="true">
          {t('status.duplicate')}?
        </span>
      ) : null}
    </span>
  );
}

function Due({ summary: s }: { readonly summary: InvoiceSummary }) {
  const today = useApp((state) => state.status?.today);
  if (s.dueDate === null) return null;
  const open = s.status === 'ready' || s.status === 'exception';
  const late = today !== undefined && open && s.dueDate < today;
  return (
    <span className={late ? 'overdue' : ''} title={late ? t('ui.overdue') : undefined}>
      {date(s.dueDate)}
      {late ? <span className="visually-hidden"> {t('ui.overdue')}</span> : null}
    </span>
  );
}

function Age({ at }: { readonly at: string }) {
  const today = useApp((state) => state.status?.today);
  // Today's are told apart by their time, older ones by their day.
  return (
    <time dateTime={at} title={instant(at)}>
      {at.slice(0, 10) === today ? instant(at, 'time') : date(at.slice(0, 10))}
    </time>
  );
}
