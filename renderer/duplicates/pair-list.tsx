/** The pairs: only the rows on the screen exist. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { DuplicatePair } from '../../core/contract/settling-http.ts';
import { useDuplicates, useStation } from '../station.ts';
import { money, t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import { keyOfPair } from './duplicates-store.ts';

const ROW = 52;
export const PAIRS = 'pair-list';

const rowId = (key: string): string => `pair-${key.replaceAll(' ', '_')}`;

export function PairList() {
  const { duplicates } = useStation();
  const pairs = useDuplicates((s) => s.pairs);
  const phase = useDuplicates((s) => s.phase);
  const active = useDuplicates((s) => s.active);
  const hasMore = useDuplicates((s) => s.next !== null);
  const scroller = useRef<HTMLDivElement>(null);
  const at = pairs.findIndex((pair) => keyOfPair(pair) === active);
  const virtual = useVirtualizer({
    count: phase === 'loading' ? 6 : pairs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last > pairs.length - 10) void duplicates.more().catch(() => undefined);
  }, [duplicates, hasMore, last, pairs.length]);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [virtual, at]);
  return (
    <div className="settle-list" ref={scroller}>
      <div
        id={PAIRS}
        role="grid"
        aria-label={t('ui.duplicates.list')}
        aria-rowcount={hasMore ? -1 : pairs.length}
        aria-busy={phase === 'loading'}
        aria-activedescendant={active === null ? undefined : rowId(active)}
        tabIndex={0}
      >
        <div role="rowgroup" className="settle-rows" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <Row
              key={item.key}
              pair={pairs[item.index]}
              index={item.index}
              top={item.start}
              active={item.index === at}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly pair: DuplicatePair | undefined;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
}

const Row = memo(function Row({ pair, index, top, active }: RowProps) {
  const { duplicates } = useStation();
  const style = { transform: `translateY(${top}px)` };
  if (pair === undefined)
    return (
      <div role="row" className="settle-row" style={style} aria-rowindex={index + 1}>
        <div role="gridcell">
          <span className="skeleton" />
        </div>
      </div>
    );
  const { vendorName, invoiceNumber, documentName, grossTotal, currency } = pair.invoice;
  const key = keyOfPair(pair);
  const isDone = pair.link?.kind === 'not' || pair.link?.kind === 'merged';
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
        duplicates.select(key);
        document.getElementById(PAIRS)?.focus();
      }}
    >
      <div role="gridcell" className="settle-what">
        <Mark kind={isDone ? 'sure' : 'warning'} />
        <b className="ellipsis">{vendorName ?? documentName}</b>
        <span className="settle-amount">{grossTotal === null ? '' : money(grossTotal, currency)}</span>
      </div>
      <div role="gridcell" className="settle-whose ellipsis">
        {[invoiceNumber, t(`ui.duplicates.why.${pair.why}`)].filter((part) => part !== null).join(' · ')}
      </div>
    </div>
  );
});
