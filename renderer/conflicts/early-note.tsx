/** A key or a click that came too soon did nothing, and says so for a while. */
import { useEffect } from 'react';
import { t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';

const SAID_MS = 6_000;

interface Props {
  readonly early: boolean;
  readonly forget: () => void;
}

export function EarlyNote({ early, forget }: Props) {
  useEffect(() => {
    if (!early) return undefined;
    const timer = setTimeout(forget, SAID_MS);
    // Nobody who comes back to the screen is told of it again.
    return () => {
      clearTimeout(timer);
      forget();
    };
  }, [early, forget]);
  return (
    <p className="settle-early-note" role="status">
      {early ? (
        <>
          <Mark kind="info" /> {t('ui.conflicts.early')}
        </>
      ) : null}
    </p>
  );
}
