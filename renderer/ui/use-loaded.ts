/** What a screen shows from the server: asked for once, again on request, and again by itself when the server is back after a failure. */
import { useCallback, useEffect, useState } from 'react';
import { useApp } from '../station.ts';
import { problemText } from '../problem.ts';

export interface Loaded<T> {
  readonly value: T | null;
  readonly failed: string | null;
  readonly reload: () => void;
  /** A newer value that is known already. */
  readonly put: (value: T) => void;
}

/** `load` must stay the same function as long as it asks for the same. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [value, put] = useState<T | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const back = useApp((s) => s.connection === 'online' && s.session === 'open');
  useEffect(() => {
    const current = { wanted: true };
    load().then(
      (loaded) => {
        if (!current.wanted) return;
        put(loaded);
        setFailed(null);
      },
      (error: unknown) => current.wanted && setFailed(problemText(error)),
    );
    return () => {
      current.wanted = false;
    };
  }, [load, attempt]);
  const reload = useCallback(() => setAttempt((n) => n + 1), []);
  const waiting = failed !== null;
  useEffect(() => {
    if (back && waiting) reload();
    // Only coming back counts: a refusal by a server that answers would be asked for again for ever.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [back, reload]);
  return { value, failed, reload, put };
}
