/** Invoices that may be here twice: all of them in a list, two of them beside each other. */
import { useEffect } from 'react';
import { problemText } from '../problem.ts';
import { useDuplicates, useStation } from '../station.ts';
import { number, t } from '../text.ts';
import { ActionButton, Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { Compare } from './compare.tsx';
import { PairList, PAIRS } from './pair-list.tsx';

export function DuplicatesScreen({ id }: { readonly id: string | null }) {
  const { duplicates } = useStation();
  const phase = useDuplicates((s) => s.phase);
  const isEmpty = useDuplicates((s) => s.phase === 'ready' && s.pairs.length === 0);
  useEffect(() => void duplicates.show(id), [duplicates, id]);
  useEffect(() => {
    if (phase === 'ready' && document.activeElement === document.body) document.getElementById(PAIRS)?.focus();
  }, [phase]);
  return (
    <>
      <header className="settle-bar">
        <h1>{t('ui.nav.duplicates')}</h1>
        <Count />
        <div className="settle-bar-end">
          <ActionButton id="duplicate.undo" icon="undo" />
        </div>
      </header>
      {phase === 'failed' ? (
        <Failed />
      ) : isEmpty ? (
        <div className="state state-empty">
          <Icon name="check" size={40} />
          <h2>{t('ui.duplicates.empty')}</h2>
          <p>{t(id === null ? 'ui.duplicates.empty.hint' : 'ui.duplicates.none')}</p>
        </div>
      ) : (
        <div className="settle-panes">
          <PairList />
          <Compare />
        </div>
      )}
    </>
  );
}

function Count() {
  const total = useDuplicates((s) => (s.phase === 'ready' && s.of === null ? s.total : 0));
  const stale = useDuplicates((s) => (s.phase === 'ready' ? s.error : null));
  if (stale !== null)
    return (
      <p className="muted" role="status">
        <Mark kind="warning" /> {problemText(stale)}
      </p>
    );
  if (total === 0) return null;
  return (
    <p className="muted" role="status">
      {t('ui.duplicates.count', { n: number(String(total)) })}
    </p>
  );
}

function Failed() {
  const { duplicates } = useStation();
  const error = useDuplicates((s) => s.error);
  return (
    <div className="state" role="alert">
      <Mark kind="error" />
      <h2>{t('ui.duplicates.failed')}</h2>
      <p>{problemText(error)}</p>
      <Button look="primary" onPress={() => void duplicates.reload()}>
        {t('ui.retry')}
      </Button>
    </div>
  );
}
