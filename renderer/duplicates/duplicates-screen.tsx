/** Invoices that may be here twice: all of them in a list, two of them beside each other. */
import { useEffect } from 'react';
import { SettleFrame } from '../conflicts/settle-frame.tsx';
import { useDuplicates, useStation } from '../station.ts';
import { number, t } from '../text.ts';
import { Compare } from './compare.tsx';
import { PairList, PAIRS } from './pair-list.tsx';

export function DuplicatesScreen({ id }: { readonly id: string | null }) {
  const { duplicates } = useStation();
  const phase = useDuplicates((s) => s.phase);
  const error = useDuplicates((s) => s.error);
  const total = useDuplicates((s) => (s.of === null ? s.total : 0));
  const isEmpty = useDuplicates((s) => s.phase === 'ready' && s.pairs.length === 0);
  useEffect(() => void duplicates.show(id), [duplicates, id]);
  const hint = t(id === null ? 'ui.duplicates.empty.hint' : 'ui.duplicates.none');
  return (
    <SettleFrame
      title={t('ui.nav.duplicates')}
      undo="duplicate.undo"
      list={PAIRS}
      phase={phase}
      error={error}
      count={total === 0 ? null : t('ui.duplicates.count', { n: number(String(total)) })}
      failed={t('ui.duplicates.failed')}
      onRetry={() => void duplicates.reload()}
      nothing={isEmpty ? [t('ui.duplicates.empty'), hint] : null}
    >
      <PairList />
      <Compare />
    </SettleFrame>
  );
}
