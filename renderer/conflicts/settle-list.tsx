/** A list of what is to be settled: only the rows on the screen exist. It has the keyboard itself and points at the row it stands on. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

const ROW = 52;
/** While nothing is known yet. */
const WAITING = 6;

interface Props {
  readonly id: string;
  readonly label: string;
  readonly keys: readonly string[];
  readonly active: string | null;
  readonly loading: boolean;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onSelect: (key: string) => void;
  readonly onStep: (step: number) => void;
  /** Cells of the row. */
  readonly children: (index: number) => ReactNode;
}

const rowId = (list: string, key: string): string => `${list}-${key.replaceAll(/[^\w-]/g, '_')}`;

export function SettleList(props: Props) {
  const { id, label, keys, active, loading, hasMore, onMore, onSelect, onStep, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const at = active === null ? -1 : keys.indexOf(active);
  const virtual = useVirtualizer({
    count: loading ? WAITING : keys.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const isNearEnd = (items.at(-1)?.index ?? 0) > keys.length - 20;
  useEffect(() => {
    if (hasMore && isNearEnd) onMore();
  }, [hasMore, isNearEnd, onMore, keys.length]);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [virtual, at]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 1);
    const steps: Record<string, number> = { PageDown: page, PageUp: -page, Home: -keys.length, End: keys.length };
    const step = steps[event.key];
    if (step === undefined) return;
    onStep(step);
    event.preventDefault();
  };
  return (
    <div className="settle-list" ref={scroller}>
      <div
        id={id}
        role="grid"
        aria-label={label}
        aria-rowcount={hasMore ? -1 : keys.length}
        aria-busy={loading}
        aria-activedescendant={active === null ? undefined : rowId(id, active)}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className="settle-rows" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ key, index, start }) => (
            <Row
              key={key}
              list={id}
              of={keys[index]}
              index={index}
              top={start}
              active={index === at}
              onSelect={onSelect}
              content={children(index)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly list: string;
  readonly of: string | undefined;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  readonly onSelect: (key: string) => void;
  readonly content: ReactNode;
}

const Row = memo(function Row({ list, of, index, top, active, onSelect, content }: RowProps) {
  const style = { transform: `translateY(${top}px)` };
  if (of === undefined)
    return (
      <div role="row" className="settle-row" style={style} aria-rowindex={index + 1}>
        <div role="gridcell">
          <span className="skeleton" />
        </div>
      </div>
    );
  return (
    // The grid itself has the keyboard; rows are pointed at by aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={rowId(list, of)}
      role="row"
      className={`settle-row ${active ? 'settle-row-active' : ''}`}
      style={style}
      aria-rowindex={index + 1}
      aria-selected={active}
      onClick={() => {
        onSelect(of);
        document.getElementById(list)?.focus();
      }}
    >
      {content}
    </div>
  );
});
