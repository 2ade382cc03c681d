import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp, useStation } from '../station.ts';
import { fileSize, reasonWords, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { settled } from './upload-store.ts';
import type { UploadItem } from './upload-store.ts';

/** What became of every file that was handed in. */
export function UploadPanel() {
  const { app, uploads } = useStation();
  const { items, open } = useStore(uploads);
  const finished = items.length > 0 && items.every(settled);
  useEffect(() => {
    if (finished) app.announce(t('ui.upload.progress', { done: items.length, total: items.length }));
  }, [app, finished, items.length]);
  // Beside a document it covers fields; what went well needs no second look there.
  const reviewing = useApp((s) => s.route.screen === 'review');
  const well = finished && items.every((i) => i.state === 'done' && i.result.kind !== 'refused');
  if (!open || items.length === 0 || (reviewing && well)) return null;
  const done = items.filter(settled).length;
  const retry = items.some((i) => i.state === 'failed' && i.retry);
  return (
    <section className="uploads" aria-label={t('ui.upload.title')}>
      <header>
        <h2>{t('ui.upload.progress', { done, total: items.length })}</h2>
        {retry ? <Button onPress={() => uploads.retry()}>{t('ui.retry')}</Button> : null}
        <Button look="quiet" className="button-icon" aria-label={t('ui.close')} onPress={() => uploads.close()}>
          <Icon name="cross" size={12} />
        </Button>
      </header>
      <progress aria-label={t('ui.upload.title')} max={items.length} value={done} />
      <ul>
        {items.map((item) => (
          <UploadRow key={item.key} item={item} />
        ))}
      </ul>
    </section>
  );
}

function UploadRow({ item }: { readonly item: UploadItem }) {
  const { navigate } = useStation();
  const outcome = outcomeOf(item);
  const invoice = item.state === 'done' && item.result.kind !== 'refused' ? item.result.invoices[0] : undefined;
  return (
    <li className={`upload upload-${outcome.mark ?? 'busy'}`}>
      {outcome.mark ? <Mark kind={outcome.mark} /> : <span className="spinner" aria-hidden="true" />}
      <span className="upload-name" title={item.name}>
        {item.name}
      </span>
      <span className="upload-size">{fileSize(item.size)}</span>
      <span className="upload-text">{outcome.text}</span>
      {invoice === undefined ? null : (
        <Button look="quiet" onPress={() => navigate({ screen: 'review', id: invoice })}>
          {t('ui.upload.open')}
        </Button>
      )}
    </li>
  );
}

function outcomeOf(item: UploadItem): { mark?: 'sure' | 'info' | 'error'; text: string } {
  if (item.state === 'waiting' || item.state === 'sending') return { text: t(`ui.upload.${item.state}`) };
  if (item.state === 'failed') return { mark: 'error', text: item.detail || t('ui.upload.failed') };
  const { result } = item as Extract<UploadItem, { state: 'done' }>;
  if (result.kind === 'accepted') return { mark: 'sure', text: t('ui.upload.accepted') };
  if (result.kind === 'already') return { mark: 'info', text: t('ui.upload.already') };
  return {
    mark: 'error',
    text: t('ui.upload.refused', { reason: reasonWords(result.reason).reason, detail: result.detail }),
  };
}
