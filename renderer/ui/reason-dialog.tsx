import { useState } from 'react';
import { Label, TextArea, TextField } from 'react-aria-components';
import { useReview, useStation } from '../station.ts';
import { findingWords, say, t } from '../text.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { isAccepted } from '../review/progress.ts';
import { Button, Keys } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import { Mark } from './icons.tsx';

const KEY = 'ap.reasons.';
const KEPT = 4;

/** Reasons repeat: the last few of each kind are offered again. */
function recentReasons(to: string): string[] {
  return (localStorage.getItem(KEY + to) ?? '').split('\n').filter(Boolean).slice(0, KEPT);
}

function rememberReason(to: string, reason: string): void {
  const line = reason.replaceAll(/\s+/g, ' ');
  localStorage.setItem(KEY + to, [line, ...recentReasons(to).filter((r) => r !== line)].slice(0, KEPT).join('\n'));
}

const openFindings = (invoice: Invoice) =>
  invoice.findings.filter((f) => f.severity !== 'info' && !isAccepted(f, invoice));

/** Asks why: confirming despite findings, rejecting, holding. The reason is kept with the operation and shown in the history. */
export function ReasonDialog({ to, required }: { readonly to: string; readonly required: boolean }) {
  const { app, control } = useStation();
  const [reason, setReason] = useState('');
  const [recent] = useState(() => recentReasons(to));
  const doc = useReview((s) => (s.id === null ? undefined : s.docs[s.id]));
  const findings = to === 'confirmed' && doc ? openFindings(doc.shown) : [];
  const possible = !required || reason.trim() !== '';
  const submit = async () => {
    if (!possible) return;
    app.close();
    if (reason.trim() !== '') rememberReason(to, reason.trim());
    const text = reason.trim() === '' ? undefined : reason.trim();
    if (to === 'confirmed') await control.confirm(text);
    else if (await control.transition(to, text)) await control.goOn();
  };
  return (
    <Dialog
      title={say(`ui.reason.${to}.title`)}
      size="small"
      onClose={() => app.close()}
      footer={
        <>
          <Button onPress={() => app.close()}>{t('ui.cancel')}</Button>
          <Button
            look={to === 'rejected' ? 'danger' : 'primary'}
            isDisabled={!possible}
            onPress={() => {
              void submit();
            }}
          >
            {say(`ui.reason.${to}.do`)} <Keys chord="Ctrl+Enter" />
          </Button>
        </>
      }
    >
      {findings.length > 0 ? (
        <ul className="reason-findings">
          {findings.map((finding, i) => (
            <li key={`${finding.code} ${i}`}>
              <Mark kind={finding.severity} /> {findingWords(finding).sentence}
            </li>
          ))}
        </ul>
      ) : null}
      <TextField className="text-field" value={reason} onChange={setReason} isRequired={required} autoFocus>
        <Label>{t(required ? 'ui.reason.label' : 'ui.reason.optional')}</Label>
        <TextArea
          className="input"
          rows={3}
          maxLength={2000}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              void submit();
            }
          }}
        />
      </TextField>
      {recent.length > 0 ? (
        <div className="reason-recent" role="group" aria-label={t('ui.reason.recent')}>
          {recent.map((text) => (
            <Button key={text} look="plain" onPress={() => setReason(text)}>
              <span className="ellipsis">{text}</span>
            </Button>
          ))}
        </div>
      ) : null}
    </Dialog>
  );
}
