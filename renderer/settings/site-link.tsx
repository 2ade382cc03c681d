/** "Central site": a station that works alone, on its way to a site, connected, or with a connection that a person has to look after. */
import { useCallback, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Enrolment, SiteLinkView } from '../../core/contract/site-link-http.ts';
import { problemText } from '../problem.ts';
import { useApp, useStation } from '../station.ts';
import { instant, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Fact } from '../ui/fact.tsx';
import { Mark } from '../ui/icons.tsx';
import { LoadState } from '../ui/load-state.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { EnrolmentForm } from './enrolment-form.tsx';
import { EnrolmentProgress } from './enrolment-progress.tsx';
import { addressName } from './site-address.ts';

type Connected = Extract<SiteLinkView, { state: 'connected' }>;

export function SiteLinkSection() {
  const { client, app } = useStation();
  const turns = useApp((s) => s.linkTurns);
  const load = useCallback(async () => {
    const [link, { enrolment }] = await Promise.all([client.getSiteLink({}), client.getEnrolment({})]);
    return { link, enrolment };
  }, [client]);
  const loaded = useLoaded(load);
  const { reload } = loaded;
  useEffect(() => {
    if (turns > 0) reload();
  }, [turns, reload]);

  const done = loaded.value?.enrolment?.step === 'done' ? loaded.value.enrolment : null;
  const said = useRef('');
  useEffect(() => {
    if (done === null || said.current === done.id) return;
    said.current = done.id;
    app.say(t('ui.link.done', { address: addressName(done.address) }), 'success');
    // It has been seen.
    client.cancelEnrolment({}).catch(() => undefined);
  }, [done, app, client]);

  const box = useRef<HTMLElement>(null);
  const phase = `${loaded.value?.link.state} ${loaded.value?.enrolment?.step}`;
  const before = useRef(phase);
  useEffect(() => {
    // What had the focus may be gone with the step before: who works by keyboard goes on from here, not from the top of the page.
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (before.current !== phase && !before.current.startsWith('undefined') && lost) box.current?.focus();
    before.current = phase;
  }, [phase]);

  return (
    <section ref={box} tabIndex={-1} className="facts site-link" aria-labelledby="settings-link">
      <h2 id="settings-link">{t('ui.link')}</h2>
      <LoadState {...loaded} />
      {loaded.value === null ? null : <Link {...loaded.value} />}
    </section>
  );
}

function Link({ link, enrolment }: { readonly link: SiteLinkView; readonly enrolment: Enrolment | null }) {
  const { client, app } = useStation();
  const start = (wish: { address: string; way: Enrolment['way']; deviceName: string }) => {
    const { deviceName, ...rest } = wish;
    const named = deviceName.trim() === '' ? {} : { deviceName };
    client
      .startEnrolment({ body: { ...rest, ...named } })
      .catch((error: unknown) => app.say(problemText(error), 'error'));
  };
  const cancel = () => {
    client.cancelEnrolment({}).catch((error: unknown) => app.say(problemText(error), 'error'));
  };
  const running = enrolment !== null && !['done', 'failed'].includes(enrolment.step);
  if (running) return <EnrolmentProgress enrolment={enrolment} cancel={cancel} />;
  if (link.state === 'connected') return <ConnectedLink link={link} enrolment={enrolment} start={start} />;
  if (!link.mayConnect) return <p className="form-note">{t('ui.link.demo')}</p>;
  return (
    <>
      <p className="link-say">{t('ui.link.alone')}</p>
      {link.address === null ? null : (
        <p className="link-say">{t('ui.link.was', { address: addressName(link.address) })}</p>
      )}
      <EnrolmentForm
        address={enrolment?.address ?? (link.address === null ? '' : addressName(link.address))}
        name={link.suggestedName}
        failure={enrolment?.failure ?? null}
        start={start}
      />
      <p className="setting-hint link-keys">
        {t('ui.link.keys')}: <KeysFact keys={link.keys} />
      </p>
    </>
  );
}

function KeysFact({ keys: { keyStore, path } }: Pick<SiteLinkView, 'keys'>): ReactNode {
  return keyStore === null ? t('ui.link.keys.file', { path }) : t('ui.link.keys.store', { name: keyStore });
}

interface ConnectedProps {
  readonly link: Connected;
  readonly enrolment: Enrolment | null;
  readonly start: (wish: { address: string; way: Enrolment['way']; deviceName: string }) => void;
}

function ConnectedLink({ link, enrolment, start }: ConnectedProps) {
  const { site, address, user, deviceName, enrolledAt, trouble, keys } = link;
  const failure = enrolment?.failure ?? null;
  return (
    <>
      {trouble === null ? null : <Trouble trouble={trouble} />}
      {trouble === null && failure === null ? null : (
        <EnrolmentForm
          address={addressName(address)}
          name={deviceName}
          failure={failure}
          start={start}
          again={trouble?.kind === 'signed-out' ? 'ui.link.again' : 'ui.link.anew'}
        />
      )}
      <dl>
        <Fact name={t('ui.link.site')}>{t('ui.link.at', { site, address: addressName(address) })}</Fact>
        <Fact name={t('ui.link.person')}>
          {user.name} ({user.login})
        </Fact>
        <Fact name={t('ui.link.device')}>{deviceName}</Fact>
        <Fact name={t('ui.link.since')}>
          <time dateTime={enrolledAt}>{instant(enrolledAt)}</time>
        </Fact>
        <Fact name={t('ui.link.keys')}>
          <KeysFact keys={keys} />
        </Fact>
      </dl>
      <DisconnectButton address={addressName(address)} />
    </>
  );
}

/** What happened, that work goes on, and what to do. */
function Trouble({ trouble: { kind, at, by } }: { readonly trouble: NonNullable<Connected['trouble']> }) {
  const what =
    kind !== 'revoked'
      ? t(`ui.link.trouble.${kind}`)
      : by !== null && at !== null
        ? t('ui.link.trouble.revoked.by-at', { by, at: instant(at) })
        : by !== null
          ? t('ui.link.trouble.revoked.by', { by })
          : at !== null
            ? t('ui.link.trouble.revoked.at', { at: instant(at) })
            : t('ui.link.trouble.revoked');
  return (
    <div className="link-trouble" role="alert">
      <Mark kind="warning" />
      <div>
        <strong>{what}</strong>
        <p>{t(`ui.link.trouble.${kind}.say`)}</p>
      </div>
    </div>
  );
}

function DisconnectButton({ address }: { readonly address: string }) {
  const { client, app } = useStation();
  const disconnect = () =>
    app.ask({
      title: t('ui.link.disconnect.title', { address }),
      text: t('ui.link.disconnect.say'),
      yes: t('ui.link.disconnect'),
      run: () => {
        client.disconnectSite({}).then(
          ({ told }) => app.say(t(told ? 'ui.link.disconnected' : 'ui.link.disconnected.untold'), 'success'),
          (error: unknown) => app.say(problemText(error), 'error'),
        );
      },
    });
  return (
    <p className="link-end">
      <Button onPress={disconnect}>{t('ui.link.disconnect')}</Button>
    </p>
  );
}
