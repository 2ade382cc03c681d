/** What this station has taken along, above its list: whether one can go, how much of it is done, and the way back. */
import type { Parcel } from '../../core/contract/together-http.ts';
import { problemText } from '../problem.ts';
import { useApp, useStation, useTogether } from '../station.ts';
import { nameOf, number, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { clock } from './company.tsx';

function stateText({ state, end, endedAt, endedBy, here, invoices }: Parcel): string {
  const n = number(String(invoices.length));
  if (state === 'ended')
    return t(`ui.parcel.state.ended.${end ?? 'returned'}`, {
      name: nameOf(endedBy ?? ''),
      at: endedAt === null ? '' : clock(endedAt),
    });
  return t(`ui.parcel.state.${state}`, { here: number(String(here)), n });
}

export function ParcelStrip() {
  const parcels = useTogether((s) => s.parcels);
  useApp((s) => s.nameTurns);
  if (parcels.length === 0) return null;
  return (
    <section className="parcels" aria-label={t('ui.parcel.heading')}>
      {parcels.map((parcel) => (
        <OneParcel key={parcel.id} parcel={parcel} />
      ))}
    </section>
  );
}

function OneParcel({ parcel }: { readonly parcel: Parcel }) {
  const { id, state, until, here, invoices, open, lost } = parcel;
  const { client, app, together } = useStation();
  const params = { params: { id }, body: {} };
  const ask = (asked: Promise<unknown>) => {
    asked
      .then(() => client.listParcels({}))
      .then(
        (list) => together.onParcels(list.parcels),
        (error: unknown) => app.say(problemText(error), 'error'),
      );
  };
  const isOut = state === 'fetching' || state === 'ready';
  return (
    <div className={`parcel parcel-${state}`}>
      {state === 'fetching' || state === 'asking' ? (
        <span className="spinner" aria-hidden="true" />
      ) : state === 'ended' ? (
        <Mark kind="info" />
      ) : (
        <Icon name={state === 'ready' ? 'check' : 'away'} />
      )}
      <strong>
        {t('ui.parcel.heading')} {state === 'ended' ? null : t('ui.parcel.until', { until: clock(until) })}
      </strong>
      <span role="status">{stateText(parcel)}</span>
      {state === 'fetching' ? (
        <progress aria-label={t('ui.parcel.progress')} value={here} max={invoices.length} />
      ) : null}
      {isOut ? <span className="muted">{t('ui.parcel.open', { n: number(String(open)) })}</span> : null}
      {lost > 0 ? <span className="muted">{t('ui.parcel.lost', { n: number(String(lost)) })}</span> : null}
      {isOut ? <Button onPress={() => ask(client.giveParcelBack(params))}>{t('ui.parcel.back')}</Button> : null}
      {state === 'ended' ? (
        <Button onPress={() => ask(client.dismissParcel(params))}>{t('ui.parcel.dismiss')}</Button>
      ) : null}
    </div>
  );
}
