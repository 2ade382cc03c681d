/** States of the whole station: demo workspace, no answer from the server, a window that has no token. */
import { useState } from 'react';
import { may } from '../access.ts';
import { problemText } from '../problem.ts';
import { useApp, useReview, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Button } from './controls.tsx';
import { Icon, Mark } from './icons.tsx';

export function Banners() {
  const unauthorized = useApp((s) => s.unauthorized);
  const offline = useApp((s) => s.connection === 'offline');
  const demo = useApp(
    (s) => s.status?.workspace === 'demo' && s.route.screen === 'inbox' && may(s, 'workspace.switch'),
  );
  const session = useApp((s) => s.session);
  const waiting = useReview((s) => s.waiting);
  const clockOff = useApp((s) => s.sync?.clockOffMs ?? null);
  if (session === 'ended' || session === 'revoked') return <SessionBanner revoked={session === 'revoked'} />;
  if (unauthorized)
    return (
      <div className="banner banner-error" role="alert">
        <Mark kind="error" /> <p>{t('ui.unauthorized')}</p>
      </div>
    );
  if (offline)
    return (
      <div className="banner banner-warning" role="alert">
        <Icon name="offline" />
        <p>{t(waiting ? 'ui.offline.waiting' : 'ui.offline')}</p>
        <Button onPress={() => dispatchEvent(new Event('ap:retry'))}>{t('ui.retry')}</Button>
      </div>
    );
  if (demo) return <DemoBanner />;
  return clockOff === null ? null : <ClockBanner aheadMs={clockOff} />;
}

/** In the middle of work: nothing is taken away. */
function SessionBanner({ revoked }: { readonly revoked: boolean }) {
  const { session } = useStation();
  return (
    <div className="banner banner-error" role="alert">
      <Mark kind="error" />
      <p>{t(revoked ? 'ui.session.revoked' : 'ui.session.ended')}</p>
      <Button look="primary" onPress={() => session.signIn()}>
        {t('ui.session.signIn')}
      </Button>
    </div>
  );
}

/** Nothing is lost by it; but times are shown wrong, here and to colleagues. */
function ClockBanner({ aheadMs }: { readonly aheadMs: number }) {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  return (
    <div className="banner banner-warning" role="status">
      <Mark kind="warning" />
      <p>{t(aheadMs > 0 ? 'ui.sync.clock.ahead' : 'ui.sync.clock.behind', { n: minutes })}</p>
    </div>
  );
}

function DemoBanner() {
  const { client, app } = useStation();
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      await client.startOwnWorkspace({ body: {} });
      app.say(t('ui.demo.starting'));
    } catch (error) {
      app.say(problemText(error), 'error');
      setBusy(false);
    }
  };
  return (
    <aside className="banner banner-info" aria-label={t('ui.demo.label')}>
      <Mark kind="info" />
      <p>{t('ui.demo')}</p>
      <Button
        look="primary"
        isDisabled={busy}
        onPress={() => {
          void start();
        }}
      >
        {t('ui.demo.start')}
      </Button>
    </aside>
  );
}
