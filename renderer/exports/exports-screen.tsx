import { useEffect, useState } from 'react';
import type { ExportBatch } from '../../core/contract/http.ts';
import { saveBlob } from '../inbox/choose-files.ts';
import { problemText } from '../problem.ts';
import { useApp, useStation } from '../station.ts';
import { actorName, fileSize, instant, say, t } from '../text.ts';
import { ActionButton, Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';

export function ExportsScreen() {
  const { client } = useStation();
  const [items, setItems] = useState<readonly ExportBatch[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  // A batch made in the dialog appears when it closes.
  const overlay = useApp((s) => s.overlay.kind);
  useEffect(() => {
    client.listExports({}).then(
      (reply) => {
        setItems(reply.items);
        setFailed(null);
      },
      (error: unknown) => setFailed(problemText(error)),
    );
  }, [client, overlay, attempt]);
  return (
    <div className="page-column">
      <header className="page-head">
        <h1>{t('ui.nav.exports')}</h1>
        <ActionButton id="queue.export" icon="export" look="primary" labelled />
      </header>
      {failed === null ? null : (
        <div className="state" role="alert">
          <Mark kind="error" />
          <p>{failed}</p>
          <Button onPress={() => setAttempt(attempt + 1)}>{t('ui.retry')}</Button>
        </div>
      )}
      {items === null && failed === null ? <div className="skeleton skeleton-block" aria-busy="true" /> : null}
      {items?.length === 0 ? (
        <div className="state">
          <Icon name="export" size={36} />
          <h2>{t('ui.exports.empty')}</h2>
          <p>{t('ui.exports.empty.hint')}</p>
        </div>
      ) : null}
      {items && items.length > 0 ? (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{t('ui.exports.number')}</th>
              <th scope="col">{t('ui.exports.when')}</th>
              <th scope="col">{t('ui.exports.who')}</th>
              <th scope="col">{t('ui.export.format')}</th>
              <th scope="col" className="numeric">
                {t('ui.exports.invoices')}
              </th>
              <th scope="col">{t('ui.exports.file')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('ui.exports.download')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((batch) => (
              <BatchRow key={batch.id} batch={batch} />
            ))}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}

function BatchRow({ batch }: { readonly batch: ExportBatch }) {
  const { client, app } = useStation();
  const download = async () => {
    try {
      await saveBlob(batch.fileName, await client.getExportFile({ params: { id: batch.id } }));
    } catch (error) {
      app.say(problemText(error), 'error');
    }
  };
  return (
    <tr>
      <th scope="row">{batch.number}</th>
      <td>
        <time dateTime={batch.createdAt}>{instant(batch.createdAt)}</time>
      </td>
      <td>{actorName(batch.actor)}</td>
      <td>{say(`ui.export.format.${batch.format}`)}</td>
      <td className="numeric">{batch.invoices.length}</td>
      <td>
        {batch.fileName} <span className="muted">{fileSize(batch.size)}</span>
        <code title={batch.sha256}>{batch.sha256.slice(0, 12)}</code>
      </td>
      <td>
        <Button
          look="plain"
          aria-label={t('ui.exports.downloadOne', { file: batch.fileName })}
          onPress={() => {
            void download();
          }}
        >
          <Icon name="download" /> {t('ui.exports.download')}
        </Button>
      </td>
    </tr>
  );
}
