import { useEffect } from 'react';
import type { HistoryEntry } from '../../core/contract/http.ts';
import { useReview, useStation } from '../station.ts';
import { actorName, instant, labelOf, say, shown, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import type { Doc } from './review-store.ts';
import type { CellRef } from '../../core/contract/invoice.ts';

/** Every change of this invoice: who, when, from what to what, and why. */
export function HistoryPanel({ doc }: { readonly doc: Doc }) {
  const { review } = useStation();
  const history = useReview((s) => s.history);
  const { revision } = doc.server;
  useEffect(() => void review.loadHistory(), [review, doc.id, revision]);
  return (
    <section className="form history" aria-label={t('ui.history')}>
      <header className="history-head">
        <h2>{t('ui.history')}</h2>
        <Button look="quiet" onPress={() => review.setState({ side: 'form' })}>
          <Icon name="left" /> {t('ui.history.back')}
        </Button>
      </header>
      {history === null ? (
        <div className="skeleton-form" aria-busy="true">
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      ) : (
        <ol className="history-list">
          {history.toReversed().map((entry) => (
            <li key={entry.op}>
              <Entry entry={entry} doc={doc} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Entry({ entry, doc }: { readonly entry: HistoryEntry; readonly doc: Doc }) {
  const { review } = useStation();
  const ref = refOfEntry(entry);
  const currency = doc.shown.header.currency?.value ?? null;
  const show = (value: string | null | undefined) =>
    value == null ? t('ui.history.empty') : ref ? shown(ref, value, currency) : value;
  const line = ref?.entity.type === 'line' ? doc.shown.lines.findIndex((l) => l.id === ref.entity.id) : -1;
  const name = ref
    ? line >= 0
      ? t('ui.history.lineField', { line: line + 1, field: labelOf(ref) })
      : labelOf(ref)
    : '';
  return (
    <article className={entry.verdict === 'accepted' ? 'entry' : 'entry entry-refused'}>
      <p className="entry-what">
        {ref ? (
          <button
            type="button"
            className="entry-field"
            onClick={() => review.requestFocus(`${ref.entity.type}:${ref.entity.id}:${ref.field}`)}
          >
            {name}
          </button>
        ) : (
          <b>{kindText(entry)}</b>
        )}
        {ref ? (
          <span className="entry-values">
            {entry.before.map((value, i) => (
              // Two heads may hold the same value.
              // oxlint-disable-next-line react/no-array-index-key
              <del key={i}>{show(value)}</del>
            ))}
            <Icon name="right" size={10} />
            <ins>{show(entry.value)}</ins>
          </span>
        ) : null}
      </p>
      {entry.reason ? <p className="entry-reason">{t('ui.history.reason', { reason: entry.reason })}</p> : null}
      {entry.verdict === 'accepted' ? null : (
        <p className="entry-reason">{t('ui.history.refused', { why: entry.verdict })}</p>
      )}
      <p className="entry-who">
        <span>{t('ui.history.by', { actor: actorName(entry.actor) })}</span>{' '}
        <time dateTime={entry.at}>{instant(entry.at)}</time>
        <span className="entry-hash" title={entry.hash}>
          {entry.hash.slice(0, 8)}
        </span>
      </p>
    </article>
  );
}

function refOfEntry({ kind, entity, field }: HistoryEntry): CellRef | undefined {
  if (kind !== 'field.set' || field === null) return undefined;
  if (entity.type !== 'invoice' && entity.type !== 'line' && entity.type !== 'taxRow') return undefined;
  return { entity: { type: entity.type, id: entity.id }, field };
}

/** A transition's value is JSON: from which state to which. */
function kindText({ kind, value }: HistoryEntry): string {
  if (kind !== 'transition' || value === null) return say(`ui.history.${kind}`);
  try {
    const { to } = JSON.parse(value) as { to?: string };
    return t('ui.history.to', { status: to ?? '' });
  } catch {
    return say(`ui.history.${kind}`);
  }
}
