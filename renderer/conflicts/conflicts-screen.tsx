/** Where two people changed the same thing without seeing each other: all of it in a list, one of it beside. */
import { useEffect } from 'react';
import { useConflicts, useStation } from '../station.ts';
import { number, t } from '../text.ts';
import { ConflictCard } from './conflict-card.tsx';
import { ConflictList, LIST } from './conflict-list.tsx';
import { SettleFrame } from './settle-frame.tsx';

export function ConflictsScreen() {
  const { conflicts } = useStation();
  const phase = useConflicts((s) => s.phase);
  const error = useConflicts((s) => s.error);
  const { cells, invoices } = useConflicts((s) => s.totals);
  const isEmpty = useConflicts((s) => s.phase === 'ready' && s.rows.length === 0 && s.next === null);
  useEffect(() => void conflicts.reload(), [conflicts]);
  const count = { n: number(String(cells)), invoices: number(String(invoices)) };
  return (
    <SettleFrame
      title={t('ui.nav.conflicts')}
      undo="conflict.undo"
      list={LIST}
      phase={phase}
      error={error}
      count={cells === 0 ? null : t('ui.conflicts.count', count)}
      failed={t('ui.conflicts.failed')}
      onRetry={() => void conflicts.reload()}
      nothing={isEmpty ? [t('ui.conflicts.empty'), t('ui.conflicts.empty.hint')] : null}
    >
      <ConflictList />
      <ConflictCard />
    </SettleFrame>
  );
}
