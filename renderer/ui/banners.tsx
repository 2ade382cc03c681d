/** States of the whole station: demo workspace, no answer from the server, a window that has no token. */
import { useState } from 'react';
import { useApp, useReview, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Button } from './controls.tsx';
import { Icon, Mark } from './icons.tsx';

export function Banners() {
  const unauthorized = useApp((s) => s.unauthorized);
  const offline = useApp((s) => s.connection === 'offline');
  const demo = useApp((s) => s.status?.workspace === 'demo' && s.route.screen === 'inbox');
  const waiting = useReview((s) => s.waiting);
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
  return demo ? <DemoBanner /> : null;
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
      app.say(error instanceof Error ? error.message : String(error), 'error');
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
