/** That the open invoice may be here twice, or is closed as the same as another; and the way to see both. */
import type { Invoice } from '../../core/contract/invoice.ts';
import { suspectsOf } from '../../core/invoice/summary.ts';
import { routeHash } from '../route.ts';
import { actorName, instant, t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';

export function DuplicateNote({ invoice }: { readonly invoice: Invoice }) {
  const closed = invoice.duplicates?.find(({ kind }) => kind === 'merged' || kind === 'disputed');
  if (closed === undefined && suspectsOf(invoice).length === 0) return null;
  const said = closed && { actor: actorName(closed.actor), at: instant(closed.at) };
  return (
    <div className="settle-note document-note">
      <p>
        <Mark kind={closed?.kind === 'merged' ? 'info' : 'warning'} />{' '}
        {said === undefined ? t('ui.duplicates.maybe') : t('ui.duplicates.closedBy', said)}
      </p>
      <a href={routeHash({ screen: 'duplicates', id: invoice.id })}>{t('ui.duplicates.compare')}</a>
    </div>
  );
}
