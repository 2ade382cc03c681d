/** A key or a click that came too soon did nothing, and says so. */
import { t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';

export const EarlyNote = ({ early }: { readonly early: boolean }) => (
  <p className="settle-early-note" role="status">
    {early ? (
      <>
        <Mark kind="info" /> {t('ui.conflicts.early')}
      </>
    ) : null}
  </p>
);
