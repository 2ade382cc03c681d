/** Erasing an invoice: what goes and what stays, who asks and why; and for the second person, whether it is confirmed. */
import { type ReactNode, useCallback, useState } from 'react';
import type { ErasurePlan } from '../../core/contract/erasure-http.ts';
import { ERASE_GROUNDS, type EraseGround, STRONG_GROUNDS } from '../../core/sync/erase.ts';
import { ApiError } from '../api.ts';
import { newId } from '../ids.ts';
import { problemText } from '../problem.ts';
import { useStation } from '../station.ts';
import { actorName, date, instant, say, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/icons.tsx';
import { useLoaded } from '../ui/use-loaded.ts';

const day = (until: string | null): string => (until === null ? '' : date(until));

function failure(error: unknown): string {
  if (!(error instanceof ApiError)) return problemText(error);
  const { reason, until } = error.details;
  const key = `ui.erase.refusal.${typeof reason === 'string' ? reason : ''}`;
  const words = say(key, { until: typeof until === 'string' ? day(until) : '' });
  return words === key ? problemText(error) : words;
}

export function EraseDialog({ invoice }: { readonly invoice: string }) {
  const { app, client } = useStation();
  const load = useCallback(() => client.getErasure({ params: { id: invoice } }), [client, invoice]);
  const { value: plan, failed } = useLoaded(load);
  if (plan === null)
    return (
      <Dialog title={t('ui.erase.title')} onClose={() => app.close()}>
        {failed === null ? null : <p role="alert">{failed}</p>}
      </Dialog>
    );
  return plan.asked === null ? <AskForm invoice={invoice} plan={plan} /> : <ConfirmForm plan={plan} />;
}

function Scope({ plan }: { readonly plan: ErasurePlan }) {
  const { exports, shared } = plan;
  return (
    <div className="erase-scope">
      <h3>{t('ui.erase.goes')}</h3>
      <ul>
        <li>{t('ui.erase.goes.operations', { n: plan.operations })}</li>
        {plan.documents > 0 ? <li>{t('ui.erase.goes.documents')}</li> : null}
        {plan.lessons > 0 ? <li>{t('ui.erase.goes.lessons', { n: plan.lessons })}</li> : null}
        {exports.length > 0 ? (
          <li>{t('ui.erase.goes.exports', { names: exports.map(({ fileName }) => fileName).join(', ') })}</li>
        ) : null}
        <li>{t('ui.erase.goes.everywhere')}</li>
      </ul>
      <h3>{t('ui.erase.stays')}</h3>
      <ul>
        <li>{t('ui.erase.stays.trail')}</li>
        {shared > 0 ? <li>{t('ui.erase.stays.shared', { n: shared })}</li> : null}
        <li>{t('ui.erase.stays.others')}</li>
      </ul>
    </div>
  );
}

function Refusals({ plan, but }: { readonly plan: ErasurePlan; readonly but: readonly string[] }) {
  const told = plan.refusals.filter((one) => !but.includes(one));
  return told.map((one) => (
    <p key={one} className="form-error" role="alert">
      <Mark kind="error" /> {t(`ui.erase.refusal.${one}`, { until: day(plan.retainedUntil) })}
    </p>
  ));
}

function Failed({ words }: { readonly words: string | null }) {
  if (words === null) return null;
  return (
    <p className="form-error" role="alert">
      <Mark kind="error" /> {words}
    </p>
  );
}

function NameField({ value, onChange }: { readonly value: string; readonly onChange: (name: string) => void }) {
  return (
    <label className="text-field">
      <span>{t('ui.erase.by')}</span>
      <input className="input" value={value} maxLength={200} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

/** One request at a time; what the server refuses is said in the dialog. */
function useRequest() {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailed(null);
    try {
      await work();
    } catch (error) {
      setFailed(failure(error));
      setBusy(false);
    }
  };
  return { busy, failed, run };
}

interface FrameProps {
  readonly plan: ErasurePlan;
  readonly but: readonly string[];
  readonly failed: string | null;
  readonly footer: ReactNode;
  readonly children: ReactNode;
}

function Frame({ plan, but, failed, footer, children }: FrameProps) {
  const { app } = useStation();
  return (
    <Dialog title={t('ui.erase.title')} onClose={() => app.close()} footer={footer}>
      <p>{t('ui.erase.lead')}</p>
      <Scope plan={plan} />
      <Refusals plan={plan} but={but} />
      {children}
      <Failed words={failed} />
    </Dialog>
  );
}

function AskForm({ invoice, plan }: { readonly invoice: string; readonly plan: ErasurePlan }) {
  const { app, client } = useStation();
  const [erasure] = useState(newId);
  const [ground, setGround] = useState<EraseGround>(ERASE_GROUNDS[0]);
  const [reason, setReason] = useState('');
  const [by, setBy] = useState('');
  const [forced, setForced] = useState(false);
  const { busy, failed, run } = useRequest();
  const isRetained = plan.refusals.includes('retained');
  const mayForce = isRetained && STRONG_GROUNDS.includes(ground);
  const open = plan.refusals.filter((one) => one !== 'retained' || !(mayForce && forced));
  const possible = !busy && open.length === 0 && reason.trim().length > 2 && (!plan.byName || by.trim().length > 1);
  const ask = () =>
    run(async () => {
      const body = { erasure, ground, reason, forced: mayForce && forced, ...(plan.byName ? { by } : {}) };
      await client.askErasure({ params: { id: invoice }, body });
      app.close();
      app.say(t('ui.erase.asked'), 'success');
    });
  const footer = (
    <>
      <Button onPress={() => app.close()}>{t('ui.cancel')}</Button>
      <Button look="primary" isDisabled={!possible} onPress={() => void ask()}>
        {t('ui.erase.ask')}
      </Button>
    </>
  );
  return (
    <Frame plan={plan} but={[]} failed={failed} footer={footer}>
      <label className="text-field">
        <span>{t('ui.erase.ground')}</span>
        <select className="input" value={ground} onChange={(event) => setGround(event.target.value as EraseGround)}>
          {ERASE_GROUNDS.map((one) => (
            <option key={one} value={one}>
              {t(`ui.erase.ground.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="text-field">
        <span>{t('ui.erase.reason')}</span>
        <textarea
          className="input"
          rows={2}
          value={reason}
          maxLength={2_000}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="hint">{t('ui.erase.reason.hint')}</span>
      </label>
      {plan.byName ? <NameField value={by} onChange={setBy} /> : null}
      {mayForce ? (
        <label>
          <input type="checkbox" checked={forced} onChange={(event) => setForced(event.target.checked)} />{' '}
          {t('ui.erase.forced', { until: day(plan.retainedUntil) })}
        </label>
      ) : null}
    </Frame>
  );
}

function ConfirmForm({ plan }: { readonly plan: ErasurePlan }) {
  const { app, client, navigate, inbox } = useStation();
  const [by, setBy] = useState('');
  const { busy, failed, run } = useRequest();
  const { asked } = plan;
  if (asked === null) return null;
  const { id, ground, reason, forced } = asked;
  const but = forced ? ['asked', 'retained'] : ['asked'];
  const isRefused = plan.refusals.some((one) => !but.includes(one));
  const possible = !busy && !isRefused && (!plan.byName || by.trim().length > 1);
  const confirm = () =>
    run(async () => {
      await client.confirmErasure({ params: { id }, body: plan.byName ? { by } : {} });
      app.close();
      navigate({ screen: 'inbox' });
      void inbox.reload();
      app.say(t('ui.erase.done'), 'success');
    });
  const withdraw = () =>
    run(async () => {
      await client.withdrawErasure({ params: { id }, body: {} });
      app.close();
      app.say(t('ui.erase.withdrawn'), 'success');
    });
  const who = asked.asked.by ?? actorName(asked.asked.actor);
  const said = { who, at: instant(asked.asked.at), ground: t(`ui.erase.ground.${ground}`), reason };
  const footer = (
    <>
      <Button onPress={() => app.close()}>{t('ui.cancel')}</Button>
      <Button isDisabled={busy} onPress={() => void withdraw()}>
        {t('ui.erase.withdraw')}
      </Button>
      <Button look="primary" isDisabled={!possible} onPress={() => void confirm()}>
        {t('ui.erase.confirm')}
      </Button>
    </>
  );
  return (
    <Frame plan={plan} but={but} failed={failed} footer={footer}>
      <p>
        <Mark kind="warning" /> {t('ui.erase.askedBy', said)}
      </p>
      {plan.byName ? <NameField value={by} onChange={setBy} /> : null}
    </Frame>
  );
}
