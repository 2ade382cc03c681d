/** Actions of a screen of what is to be settled: there only, and by keys without a modifier. */
import type { Action } from '../actions.ts';

type Given = Pick<Action, 'id' | 'label' | 'keys' | 'run'> &
  Partial<Pick<Action, 'enabled' | 'needs' | 'keyOnly' | 'once'>>;

export const settleAction =
  (screen: 'conflicts' | 'duplicates') =>
  (action: Given): Action => ({
    group: 'conflicts',
    when: 'free',
    ...action,
    enabled: (station) => station.app.getState().route.screen === screen && (action.enabled?.(station) ?? true),
  });
