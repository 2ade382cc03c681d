import { runAction } from '../actions.ts';
import { useApp, useStation } from '../station.ts';
import { routeHash } from '../route.ts';
import { t } from '../text.ts';
import { Button, Hint, Keys } from './controls.tsx';
import { Icon } from './icons.tsx';

const SCREENS = ['inbox', 'vendors', 'exports', 'settings', 'about'] as const;

export function TopBar() {
  const station = useStation();
  const screen = useApp((s) => s.route.screen);
  const at = screen === 'review' ? 'inbox' : screen;
  return (
    <header className="topbar">
      <span className="brand" aria-hidden="true">
        <svg width="20" height="20" viewBox="0 0 32 32">
          <rect width="32" height="32" rx="7" className="brand-tile" />
          <path d="M9 6.5h10.5L24 11v14.5H9z" className="brand-page" />
          <path d="M12 19.2l2.6 2.6 5.4-6" className="brand-check" />
        </svg>
        <b>{t('ui.app')}</b>
      </span>
      <nav aria-label={t('ui.nav')}>
        {SCREENS.map((name) => (
          <a key={name} href={routeHash({ screen: name })} aria-current={at === name ? 'page' : undefined}>
            {t(`ui.nav.${name}`)}
          </a>
        ))}
      </nav>
      <div className="topbar-end">
        <Tally />
        <Connection />
        <Hint text={t('ui.action.palette')} keys="Ctrl+K">
          <Button look="quiet" className="palette-button" onPress={() => runAction(station, 'app.palette')}>
            <Icon name="search" /> {t('ui.actions')} <Keys chord="Ctrl+K" />
          </Button>
        </Hint>
        <Hint text={t('ui.action.help')} keys="Shift+?">
          <Button
            look="quiet"
            className="button-icon"
            aria-label={t('ui.action.help')}
            onPress={() => runAction(station, 'app.help')}
          >
            <Icon name="help" />
          </Button>
        </Hint>
      </div>
    </header>
  );
}

/** What is done and what is left today. */
function Tally() {
  const done = useApp((s) => s.counters?.doneToday);
  const left = useApp((s) => s.counters?.left);
  if (done === undefined || left === undefined) return null;
  return (
    <p className="tally">
      <span>{t('ui.tally.done', { n: done })}</span>{' '}
      <span className="tally-left">{t('ui.tally.left', { n: left })}</span>
    </p>
  );
}

function Connection() {
  const connection = useApp((s) => s.connection);
  const running = useApp((s) => s.counters?.jobsRunning ?? 0);
  const waiting = useApp((s) => s.counters?.jobsWaiting ?? 0);
  if (connection === 'offline') return null;
  const reading = running + waiting;
  if (reading === 0) return null;
  return (
    <span className="working" role="status">
      <span className="spinner" aria-hidden="true" />
      {t('ui.reading.count', { n: reading })}
    </span>
  );
}
