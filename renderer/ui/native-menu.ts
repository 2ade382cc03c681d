import { useEffect } from 'react';
import { ACTIONS, isEnabled, isOffered, runAction } from '../actions.ts';
import { desktop } from '../inbox/choose-files.ts';
import { useReview, useStation } from '../station.ts';
import { t } from '../text.ts';

/** In Electron the menu shows the same actions, in the same language; elsewhere this does nothing. */
export function useNativeMenu(): void {
  const station = useStation();
  const { app } = station;
  const revision = useReview((s) => (s.id === null ? '' : `${s.id} ${s.docs[s.id]?.server.revision} ${s.undo.length}`));
  useEffect(() => desktop?.onAction((id) => runAction(station, id)), [station]);
  useEffect(() => {
    if (!desktop) return;
    const send = () =>
      desktop?.setMenu(
        ACTIONS.filter((a) => !a.keyOnly && isOffered(a, station)).map((a) => ({
          id: a.id,
          label: t(a.label),
          keys: a.keys[0] ?? '',
          enabled: isEnabled(a, station),
        })),
      );
    send();
    return app.subscribe((state, before) => {
      if (state.route !== before.route || state.me !== before.me) send();
    });
  }, [station, app, revision]);
}
