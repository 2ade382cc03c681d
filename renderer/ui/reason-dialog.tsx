import { useState } from 'react';
import { Label, TextArea, TextField } from 'react-aria-components';
import { useReview, useStation } from '../station.ts';
import { findingWords, say, t } from '../text.ts';
import { isRule } from '../review/progress.ts';
import { Button, Keys } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import { Mark } from './icons.tsx';

/** Asks why: confirming despite findings, rejecting, holding. The reason is kept with the operation and shown in the history. */
export function ReasonDialog({ to, required }: { readonly to: string; readonly required: boolean }) {
  const { app, control } = useStation();
  const [reason, setReason] = useState('');
  const doc = useReview((s) => (s.id === null ? undefined : s.docs[s.id]));
  const findings = to === 'confirmed' ? (doc?.shown.findings.filter(isRule) ?? []) : [];
  const possible = !required || reason.trim() !== '';
  const submit = async () => {
    if (!possible) return;
    app.close();
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
    </Dialog>
  );
}
