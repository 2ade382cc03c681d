/** What would be exported is shown first (a dry run changes nothing); then the batch is made and its file saved. */
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { api } from '../../core/contract/http.ts';
import { EXPORT_FORMATS } from '../../core/contract/http.ts';
import { newId } from '../ids.ts';
import { saveBlob } from '../inbox/choose-files.ts';
import { problemText } from '../problem.ts';
import { useInbox, useStation } from '../station.ts';
import { say, skipWords, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/icons.tsx';
import { csvRows } from './csv-preview.ts';

type Format = (typeof EXPORT_FORMATS)[number];
type Preview = z.output<typeof api.createExport.reply>;
const KEY = 'ap.export-format';
const SHOWN_ROWS = 40;

const remembered = (): Format => EXPORT_FORMATS.find((f) => f === localStorage.getItem(KEY)) ?? 'csv';

export function ExportDialog() {
  const { app, client, inbox } = useStation();
  const [format, setFormat] = useState<Format>(remembered);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // One batch however often the button is pressed or the request repeated.
  const [batchId] = useState(newId);
  const selected = useInbox((s) => s.selected);

  useEffect(() => {
    const abort = new AbortController();
    setPreview(null);
    setFailed(null);
    const chosen = selected.size > 0 ? { invoices: [...selected] } : {};
    client
      .createExport({ body: { format, dryRun: true, batchId, ...chosen } }, abort.signal)
      .then(setPreview, (error: unknown) => {
        if (!abort.signal.aborted) setFailed(problemText(error));
      });
    return () => abort.abort();
  }, [client, format, selected, batchId]);

  const make = async () => {
    setBusy(true);
    try {
      const chosen = selected.size > 0 ? { invoices: [...selected] } : {};
      const { batch, invoices } = await client.createExport({ body: { format, dryRun: false, batchId, ...chosen } });
      if (!batch) throw new Error(t('ui.export.nothing'));
      await saveBlob(batch.fileName, await client.getExportFile({ params: { id: batch.id } }));
      app.close();
      app.say(t('ui.export.done', { n: invoices.length, file: batch.fileName }), 'success');
      inbox.selectAll(false);
    } catch (error) {
      setFailed(problemText(error));
      setBusy(false);
    }
  };
  const count = preview?.invoices.length ?? 0;
  return (
    <Dialog
      title={t('ui.export.title')}
      size="large"
      onClose={() => app.close()}
      footer={
        <>
          <span className="muted dialog-foot-note">
            {selected.size > 0 ? t('ui.export.selection', { n: selected.size }) : t('ui.export.all')}
          </span>
          <Button onPress={() => app.close()}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            isDisabled={busy || count === 0}
            onPress={() => {
              void make();
            }}
          >
            {t('ui.export.do', { n: count })}
          </Button>
        </>
      }
    >
      <fieldset className="formats">
        <legend>{t('ui.export.format')}</legend>
        {EXPORT_FORMATS.map((name) => (
          <label key={name} className="format">
            <input
              type="radio"
              name="format"
              value={name}
              checked={format === name}
              onChange={() => {
                setFormat(name);
                localStorage.setItem(KEY, name);
              }}
            />
            <b>{say(`ui.export.format.${name}`)}</b>
            <span>{say(`ui.export.format.${name}.for`)}</span>
          </label>
        ))}
      </fieldset>
      {failed === null ? null : (
        <p className="form-error" role="alert">
          <Mark kind="error" /> {failed}
        </p>
      )}
      {preview ? (
        <PreviewPane preview={preview} format={format} />
      ) : failed === null ? (
        <div className="skeleton skeleton-block" aria-busy="true" />
      ) : null}
    </Dialog>
  );
}

function PreviewPane({ preview, format }: { readonly preview: Preview; readonly format: Format }) {
  const { inbox } = useStation();
  const names = new Map(inbox.getState().rows.map((r) => [r.id, r.invoiceNumber ?? r.documentName]));
  const lines = preview.preview?.replace(/^\uFEFF/, '').split('\n') ?? [];
  return (
    <>
      <p role="status">{t('ui.export.count', { n: preview.invoices.length })}</p>
      {preview.preview === null || preview.invoices.length === 0 ? null : format === 'csv' ? (
        <CsvTable text={preview.preview} />
      ) : (
        <pre className="preview" tabIndex={0} role="region" aria-label={t('ui.export.preview')}>
          {lines.slice(0, SHOWN_ROWS).join('\n')}
          {lines.length > SHOWN_ROWS ? `\n… ${t('ui.export.moreRows', { n: lines.length - SHOWN_ROWS })}` : ''}
        </pre>
      )}
      {preview.skipped.length === 0 ? null : (
        <details className="skipped">
          <summary>{t('ui.export.skipped', { n: preview.skipped.length })}</summary>
          <ul>
            {preview.skipped.map(({ id, reason }) => (
              <li key={id}>
                <b>{names.get(id) ?? id}</b> {skipWords(reason)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Columns that no invoice fills are left out of the preview; the file has them. */
function CsvTable({ text }: { readonly text: string }) {
  const [heading = [], ...rows] = csvRows(text, SHOWN_ROWS);
  const columns = heading.flatMap((name, i) => (rows.some((row) => (row[i] ?? '') !== '') ? [{ name, i }] : []));
  return (
    <div className="preview preview-table" tabIndex={0} role="region" aria-label={t('ui.export.preview')}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, i }) => (
              <th key={i} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            // Rows of a preview never move.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={n}>
              {columns.map(({ i }) => (
                <td key={i}>{row[i]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
