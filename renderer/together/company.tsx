/** Who else is at an invoice: a word in the list, a line above the invoice. Never in the way. */
import type { LeaseHead } from '../../core/contract/together-http.ts';
import type { Company } from '../../core/together/advice.ts';
import { useApp, useTogether } from '../station.ts';
import { instant, nameOf, t } from '../text.ts';
import { ActionButton } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';

/** The time alone, where it is today. */
export const clock = (iso: string): string =>
  iso.slice(0, 10) === new Date().toISOString().slice(0, 10) ? instant(iso, 'time') : instant(iso);

const awayText = ({ actor, until }: LeaseHead): string =>
  t('ui.together.away', { name: nameOf(actor), until: clock(until) });

function wordsOf({ others, worker, away, own }: Company): string | undefined {
  const first = worker ?? others[0];
  if (first !== undefined)
    return t(worker === undefined ? 'ui.together.open' : 'ui.together.works', {
      name: nameOf(first.actor),
      at: clock(first.since),
    });
  if (away !== undefined) return awayText(away);
  return own === undefined ? undefined : t('ui.together.own', { until: clock(own.until) });
}

/** The same in a row: who, and since when or until when. */
function shortOf({ others, worker, away, own }: Company): string {
  const desk = worker ?? others[0];
  if (desk !== undefined) return `${nameOf(desk.actor)}, ${clock(desk.since)}`;
  if (away !== undefined) return `${nameOf(away.actor)} – ${clock(away.until)}`;
  return own === undefined ? '' : `– ${clock(own.until)}`;
}

export function RowCompany({ invoice }: { readonly invoice: string }) {
  useApp((s) => s.nameTurns);
  const company = useTogether((s) => s.byInvoice.get(invoice));
  const words = company && wordsOf(company);
  if (company === undefined || words === undefined) return null;
  return (
    <span className="company" title={words}>
      <Icon name={company.others.length > 0 ? 'person' : 'away'} size={13} />
      <span className="ellipsis" aria-hidden="true">
        {shortOf(company)}
      </span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

export function CompanyNote({ invoice }: { readonly invoice: string }) {
  useApp((s) => s.nameTurns);
  const company = useTogether((s) => s.byInvoice.get(invoice));
  const words = company && wordsOf(company);
  if (company === undefined || words === undefined) return null;
  const isOthers = company.worker !== undefined || company.away !== undefined;
  const more = company.others.filter((desk) => desk !== (company.worker ?? company.others[0]));
  return (
    <div className={`company-note ${isOthers ? 'company-taken' : ''}`} role="status">
      <Icon name={company.others.length > 0 ? 'person' : 'away'} />
      <span>
        {words}
        {more.length > 0 ? ` · ${more.map(({ actor }) => nameOf(actor)).join(', ')}` : ''}
      </span>
      {isOthers ? (
        <>
          <span className="muted">{t('ui.together.advice')}</span>
          <ActionButton id="review.takeOver" label={t('ui.together.over')} look="plain" labelled />
        </>
      ) : null}
    </div>
  );
}
