/** Where two people changed the same thing without seeing each other: all of it in a list, one of it beside. */
import { useEffect } from 'react';
import { problemText } from '../problem.ts';
import { useConflicts, useStation } from '../station.ts';
import { number, t } from '../text.ts';
import { ActionButton, Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { ConflictCard } from './conflict-card.tsx';
import { ConflictList, LIST } from './conflict-list.tsx';

export function ConflictsScreen() {
  const { conflicts } = useStation();
  const phase = useConflicts((s) => s.phase);
  const isEmpty = useConflicts((s) => s.phase === 'ready' && s.rows.length === 0 && s.next === null);
  useEffect(() => void conflicts.reload(), [conflicts]);
  useEffect(() => {
    // The keys are at hand without a click.
    if (phase === 'ready' && document.activeElement === document.body) document.getElementById(LIST)?.focus();
  }, [phase]);
  return (
    <>
      <header className="settle-bar">
        <h1>{t('ui.nav.conflicts')}</h1>
        <Count />
        <div className="settle-bar-end">
          <ActionButton id="conflict.undo" icon="undo" />
        </div>
      </header>
      {phase === 'failed' ? (
        <Failed />
      ) : isEmpty ? (
        <Empty />
      ) : (
        <div className="settle-panes">
          <ConflictList />
          <ConflictCard />
        </div>
      )}
    </>
  );
}

function Count() {
  const totals = useConflicts((s) => s.totals);
  const phase = useConflicts((s) => s.phase);
  const stale = useConflicts((s) => s.error);
  if (phase !== 'ready' || totals.cells === 0) return null;
  return (
    <p className="muted" role="status">
      {stale === null ? (
        t('ui.conflicts.count', { n: number(String(totals.cells)), invoices: number(String(totals.invoices)) })
      ) : (
        <>
          <Mark kind="warning" /> {problemText(stale)}
        </>
      )}
    </p>
  );
}

function Failed() {
  const { conflicts } = useStation();
  const error = useConflicts((s) => s.error);
  return (
    <div className="state" role="alert">
      <Mark kind="error" />
      <h2>{t('ui.conflicts.failed')}</h2>
      <p>{problemText(error)}</p>
      <Button look="primary" onPress={() => void conflicts.reload()}>
        {t('ui.retry')}
      </Button>
    </div>
  );
}

function Empty() {
  return (
    <div className="state state-empty">
      <Icon name="check" size={40} />
      <h2>{t('ui.conflicts.empty')}</h2>
      <p>{t('ui.conflicts.empty.hint')}</p>
    </div>
  );
}
