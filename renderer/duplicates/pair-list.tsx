/** The pairs to compare. */
import type { DuplicatePair } from '../../core/contract/settling-http.ts';
import { SettleList } from '../conflicts/settle-list.tsx';
import { useDuplicates, useStation } from '../station.ts';
import { money, t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import { keyOfPair } from './duplicates-store.ts';

export const PAIRS = 'pair-list';

export function PairList() {
  const { duplicates } = useStation();
  const pairs = useDuplicates((s) => s.pairs);
  const loading = useDuplicates((s) => s.phase === 'loading');
  const active = useDuplicates((s) => s.active);
  const hasMore = useDuplicates((s) => s.next !== null);
  return (
    <SettleList
      id={PAIRS}
      label={t('ui.duplicates.list')}
      keys={pairs.map(keyOfPair)}
      active={active}
      loading={loading}
      hasMore={hasMore}
      onMore={duplicates.ensure}
      onSelect={duplicates.select}
      onStep={duplicates.move}
    >
      {(index) => {
        const pair = pairs[index];
        return pair === undefined ? null : <Cells pair={pair} />;
      }}
    </SettleList>
  );
}

function Cells({ pair }: { readonly pair: DuplicatePair }) {
  const { vendorName, invoiceNumber, documentName, grossTotal, currency } = pair.invoice;
  const isDone = pair.link?.kind === 'not' || pair.link?.kind === 'merged';
  return (
    <>
      <div role="gridcell" className="settle-what">
        <Mark kind={isDone ? 'sure' : 'warning'} />
        <b className="ellipsis">{vendorName ?? documentName}</b>
        <span className="settle-amount">{grossTotal === null ? '' : money(grossTotal, currency)}</span>
      </div>
      <div role="gridcell" className="settle-whose ellipsis">
        {[invoiceNumber, t(`ui.duplicates.why.${pair.why}`)].filter((part) => part !== null).join(' · ')}
      </div>
    </>
  );
}
