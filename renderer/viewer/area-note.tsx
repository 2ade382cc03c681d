/** Below the page: what to do with the frame, that it is being read, or why nothing came of it. */
import { useArea, useReview } from '../station.ts';
import { labelOf, t } from '../text.ts';
import { refOf } from '../review/cells.ts';
import { Keys } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';

export function AreaNote() {
  const state = useArea((s) => s);
  const focus = useReview((s) => s.focus);
  if (state.kind === 'none') return null;
  return (
    <div className={`area-note area-note-${state.kind}`}>
      {state.kind === 'failed' ? <Mark kind="warning" /> : null}
      {state.kind === 'reading' ? <span className="area-spinner" aria-hidden="true" /> : null}
      <span>
        {state.kind === 'choosing'
          ? focus === null
            ? t('ui.area.noField')
            : t('ui.area.choose', { field: labelOf(refOf(focus)) })
          : state.kind === 'reading'
            ? t('ui.area.reading')
            : state.message}
      </span>
      {state.kind === 'choosing' ? (
        <span className="area-keys">
          <Keys chord="Enter" /> {t('ui.area.keys.read')}
        </span>
      ) : null}
      <span className="area-keys">
        <Keys chord="Esc" /> {t(state.kind === 'failed' ? 'ui.area.keys.close' : 'ui.area.keys.cancel')}
      </span>
    </div>
  );
}
