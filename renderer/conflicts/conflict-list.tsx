/** The list of conflicts: only the rows on the screen exist. The keys that settle are actions; here are those that move. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { ConflictRow } from '../../core/contract/settling-http.ts';
import { useApp, useConflicts, useStation } from '../station.ts';
import type { Station } from '../station.ts';
import { date, instant, t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import { keyOfConflict } from './conflicts-store.ts';
import { invoiceText, whatText } from './words.ts';

const ROW = 52;
export const LIST = 'conflict-list';

const rowId = (key: string): string => `conflict-${key.replaceAll(/[^\w-]/g, '_')}`;

export function ConflictList() {
  const station = useStation();
  const { conflicts } = station;
  const rows = useConflicts((s) => s.rows);
  const phase = useConflicts((s) => s.phase);
  const hasMore = useConflicts((s) => s.next !== null);
  const active = useConflicts((s) => s.active);
  const scroller = useRef<HTMLDivElement>(null);
  const at = rows.findIndex((row) => keyOfConflict(row) === active);
  const virtual = useVirtualizer({
    count: phase === 'loading' ? 6 : rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last > rows.length - 20) conflicts.ensure();
  }, [conflicts, hasMore, last, rows.length]);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [virtual, at]);
  return (
    <div className="settle-list" ref={scroller}>
      <div
        id={LIST}
        role="grid"
        aria-label={t('ui.conflicts.list')}
        aria-rowcount={hasMore ? -1 : rows.length}
        aria-busy={phase === 'loading'}
        aria-activedescendant={active === null ? undefined : rowId(active)}
        tabIndex={0}
        onKeyDown={(event) => onListKey(event, station, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 1)}
      >
        <div role="rowgroup" className="settle-rows" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <Row key={item.key} row={rows[item.index]} index={item.index} top={item.start} active={item.index === at} />
          ))}
        </div>
      </div>
    </div>
  );
}

function onListKey(event: KeyboardEvent, { conflicts }: Station, page: number): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
  const steps: Record<string, number> = { PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
  const step = steps[event.key];
  if (step === undefined) return;
  conflicts.move(step);
  event.preventDefault();
}

interface RowProps {
  readonly row: ConflictRow | undefined;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
}

const Row = memo(function Row({ row, index, top, active }: RowProps) {
  const { conflicts } = useStation();
  const style = { transform: `translateY(${top}px)` };
  if (row === undefined)
    return (
      <div role="row" className="settle-row" style={style} aria-rowindex={index + 1}>
        <div role="gridcell">
          <span className="skeleton" />
        </div>
      </div>
    );
  const key = keyOfConflict(row);
  return (
    // The grid itself has the keyboard; rows are pointed at by aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={rowId(key)}
      role="row"
      className={`settle-row ${active ? 'settle-row-active' : ''}`}
      style={style}
      aria-rowindex={index + 1}
      aria-selected={active}
      onClick={() => {
        conflicts.select(key);
        document.getElementById(LIST)?.focus();
      }}
    >
      <div role="gridcell" className="settle-what">
        <Mark kind={row.kind === 'deleted' ? 'error' : 'warning'} />
        <b className="ellipsis">{whatText(row)}</b>
        <Since at={row.since} />
      </div>
      <div role="gridcell" className="settle-whose ellipsis">
        {invoiceText(row)}
      </div>
    </div>
  );
});

/** Today's are told apart by their time, older ones by their day. */
function Since({ at }: { readonly at: string }) {
  const today = useApp((s) => s.status?.today);
  return (
    <time className="muted" dateTime={at} title={t('ui.conflicts.since', { at: instant(at) })}>
      {at.slice(0, 10) === today ? instant(at, 'time') : date(at.slice(0, 10))}
    </time>
  );
}
