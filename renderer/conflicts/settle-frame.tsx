/** A screen of what is to be settled: how many there are, all of them in a list, one of them beside; or that there is none. */
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { ApiError } from '../api.ts';
import { problemText } from '../problem.ts';
import { t } from '../text.ts';
import { ActionButton, Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';

interface Props {
  readonly title: string;
  /** The action that takes the last one back. */
  readonly undo: string;
  /** The id of the list, which gets the keyboard. */
  readonly list: string;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: ApiError | null;
  readonly count: string | null;
  readonly failed: string;
  readonly onRetry: () => void;
  /** Where there is nothing: that, and what it means. */
  readonly nothing: readonly [string, string] | null;
  readonly children: ReactNode;
}

export function SettleFrame({ title, undo, list, phase, error, count, failed, onRetry, nothing, children }: Props) {
  useEffect(() => {
    // The keys are at hand without a click.
    if (phase === 'ready' && document.activeElement === document.body) document.getElementById(list)?.focus();
  }, [phase, list]);
  return (
    <>
      <header className="settle-bar">
        <h1>{title}</h1>
        {phase === 'ready' && <Count stale={error} count={count} />}
        <div className="settle-bar-end">
          <ActionButton id={undo} icon="undo" />
        </div>
      </header>
      {phase === 'failed' ? (
        <div className="state" role="alert">
          <Mark kind="error" />
          <h2>{failed}</h2>
          <p>{problemText(error)}</p>
          <Button look="primary" onPress={onRetry}>
            {t('ui.retry')}
          </Button>
        </div>
      ) : nothing === null ? (
        <div className="settle-panes">{children}</div>
      ) : (
        <div className="state state-empty">
          <Icon name="check" size={40} />
          <h2>{nothing[0]}</h2>
          <p>{nothing[1]}</p>
        </div>
      )}
    </>
  );
}

/** How many there are, or why that is not known any more. */
function Count({ stale, count }: { readonly stale: ApiError | null; readonly count: string | null }) {
  if (stale === null && count === null) return null;
  return (
    <p className="muted" role="status">
      {stale === null ? (
        count
      ) : (
        <>
          <Mark kind="warning" /> {problemText(stale)}
        </>
      )}
    </p>
  );
}
