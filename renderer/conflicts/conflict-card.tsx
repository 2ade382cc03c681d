/** One conflict: where it stands on the page, what was read, what was there before, who set what, and the ways to settle it. */
import type { Invoice } from '../../core/contract/invoice.ts';
import type { ConflictDetail, ConflictRow } from '../../core/contract/settling-http.ts';
import { problemText } from '../problem.ts';
import { Snippet } from '../review/snippet.tsx';
import { ViewContext } from '../review/view-context.ts';
import { routeHash } from '../route.ts';
import { useConflicts, useMay, useStation } from '../station.ts';
import { actorName, instant, labelOf, percent, say, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Fact } from '../ui/fact.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { useDocumentView } from '../viewer/document-view.ts';
import { keyOfConflict } from './conflicts-store.ts';
import { isOpenState } from './settle.ts';
import { Sides } from './sides.tsx';
import { invoiceText, refOfConflict, valueText, whatText } from './words.ts';

export function ConflictCard() {
  const shown = useConflicts((s) => s.shown);
  const row = useConflicts((s) => s.rows.find((one) => keyOfConflict(one) === s.active));
  const { conflicts } = useStation();
  if (shown === null || row === undefined) return <div className="settle-card" />;
  if (shown.error !== null && shown.detail === null)
    return (
      <div className="settle-card state" role="alert">
        <Mark kind="error" />
        <p>{problemText(shown.error)}</p>
        <Button onPress={() => void conflicts.look()}>{t('ui.retry')}</Button>
      </div>
    );
  if (shown.gone && shown.detail === null)
    return (
      <div className="settle-card state" role="status">
        <Icon name="check" size={28} />
        <p>{t('ui.conflicts.gone')}</p>
      </div>
    );
  return (
    <section className="settle-card" aria-label={whatText(row)} aria-busy={shown.detail === null}>
      <header>
        <h2>{whatText(row)}</h2>
        <p>
          <a href={routeHash({ screen: 'review', id: row.invoice })} title={t('ui.conflicts.open')}>
            {invoiceText(row)}
          </a>
          <span className="muted">{t('ui.conflicts.since', { at: instant(row.since) })}</span>
        </p>
      </header>
      {shown.detail === null || shown.invoice === null ? (
        <div className="skeleton skeleton-block" />
      ) : (
        <Known row={row} detail={shown.detail} invoice={shown.invoice} gone={shown.gone} />
      )}
    </section>
  );
}

interface KnownProps {
  readonly row: ConflictRow;
  readonly detail: ConflictDetail;
  readonly invoice: Invoice;
  readonly gone: boolean;
}

function Known({ row, detail, invoice, gone }: KnownProps) {
  const currency = invoice.header.currency?.value ?? null;
  const mayCorrect = useMay('invoice.correct');
  const isOpen = isOpenState(invoice.state);
  return (
    <>
      <Crop detail={detail} invoice={invoice} />
      {detail.kind === 'values' ? (
        <Facts row={row} detail={detail} currency={currency} />
      ) : (
        <WholeRow detail={detail} currency={currency} />
      )}
      {gone ? (
        <p className="settle-note" role="status">
          <Mark kind="info" /> {t('ui.conflicts.gone')}
        </p>
      ) : isOpen ? null : (
        <NotOpen state={invoice.state} />
      )}
      <Sides
        detail={detail}
        currency={currency}
        isOpen={mayCorrect && (gone || isOpen || invoice.state === 'exported')}
        gone={gone}
      />
    </>
  );
}

function Crop({ detail, invoice }: Pick<KnownProps, 'detail' | 'invoice'>) {
  const view = useDocumentView(invoice);
  const { place } = detail;
  if (place === null) return <p className="settle-crop muted">{t('ui.conflicts.page.none')}</p>;
  return (
    <figure className="settle-crop">
      <ViewContext value={view.kind === 'ready' ? view.view : null}>
        {view.kind === 'loading' ? <span className="skeleton settle-crop-wait" /> : null}
        <Snippet page={place.page} box={place.box} wide />
      </ViewContext>
    </figure>
  );
}

function Facts({ row, detail, currency }: Pick<KnownProps, 'row' | 'detail'> & { readonly currency: string | null }) {
  const { read, base } = detail;
  return (
    <dl className="settle-facts">
      <Fact name={t('ui.conflicts.read')}>
        {read === null ? (
          <span className="muted">{t('ui.conflicts.read.none')}</span>
        ) : (
          <>
            <b>{valueText(row, read.value, currency)}</b>{' '}
            <span className="muted">
              {t('ui.conflicts.read.sure', { source: say(`source.${read.source}`), sure: percent(read.confidence) })}
            </span>
          </>
        )}
      </Fact>
      <Fact name={t('ui.conflicts.base')}>
        {base === null ? (
          <span className="muted">{t('ui.conflicts.base.none')}</span>
        ) : (
          <>
            <b>{valueText(row, base.value, currency)}</b>{' '}
            <span className="muted">
              {base.read || base.actor === null
                ? t('ui.conflicts.base.read')
                : t('ui.conflicts.base.by', {
                    actor: actorName(base.actor),
                    at: base.at === null ? '' : instant(base.at),
                  })}
            </span>
          </>
        )}
      </Fact>
      {detail.row === null || detail.entity.type === 'invoice' ? null : (
        <Fact name={say(`ui.conflicts.row.${detail.entity.type}`, { n: detail.row.number })}>
          {detail.row.cells['description'] ?? detail.row.cells['rate'] ?? ''}
        </Fact>
      )}
    </dl>
  );
}

/** Struck through, as it stands in the form until somebody decides. */
function WholeRow({ detail, currency }: { readonly detail: ConflictDetail; readonly currency: string | null }) {
  const { row, entity } = detail;
  if (row === null) return null;
  const cells = Object.entries(row.cells).filter(([, value]) => value !== null);
  return (
    <table className="settle-row-table">
      <caption>{say(`ui.conflicts.row.${entity.type}`, { n: row.number })}</caption>
      <thead>
        <tr>
          {cells.map(([field]) => {
            const ref = refOfConflict({ entity, field });
            return (
              <th key={field} scope="col">
                {ref === undefined ? field : labelOf(ref)}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        <tr>
          {cells.map(([field, value]) => (
            <td key={field}>
              <s>{valueText({ entity, field }, value, currency)}</s>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function NotOpen({ state }: { readonly state: Invoice['state'] }) {
  const { conflicts } = useStation();
  const mayResolve = useMay('invoice.resolve');
  if (state === 'exported') return <p className="settle-note">{t('ui.conflicts.exported')}</p>;
  return (
    <div className="settle-note">
      <p>
        <Mark kind="warning" /> {t('ui.conflicts.notOpen', { status: state })}
      </p>
      {mayResolve ? <Button onPress={() => void conflicts.reopen()}>{t('ui.conflicts.reopen')}</Button> : null}
    </div>
  );
}
