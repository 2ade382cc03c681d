import { atSite, may } from '../access.ts';
import { runAction } from '../actions.ts';
import { assertNever } from '../../core/assert.ts';
import type { AppState } from '../app-store.ts';
import { useApp, useStation } from '../station.ts';
import { routeHash } from '../route.ts';
import { SyncIndicator } from '../sync/sync-indicator.tsx';
import { UserMenu } from '../session/user-menu.tsx';
import { number, t } from '../text.ts';
import { Brand } from './brand.tsx';
import { Button, Hint, Keys } from './controls.tsx';
import { Icon } from './icons.tsx';

const SCREENS = [
  'inbox',
  'conflicts',
  'duplicates',
  'vendors',
  'exports',
  'users',
  'devices',
  'security',
  'settings',
  'about',
] as const;
type Screen = (typeof SCREENS)[number];

/** What a role does not see is not in the way; what is everybody's own stands in the menu of the person. */
function isShown(screen: Screen, state: AppState): boolean {
  switch (screen) {
    // Where there is something to settle, and for whoever is there.
    case 'conflicts':
    case 'duplicates':
      return openOf(screen, state) > 0 || state.route.screen === screen;
    case 'exports':
      return may(state, 'export.read');
    case 'users':
      return may(state, 'user.read');
    case 'devices':
      return may(state, 'device.read');
    case 'security':
      return may(state, 'audit.read');
    case 'about':
      return !atSite(state);
    case 'inbox':
    case 'vendors':
    case 'settings':
      return true;
    default:
      return assertNever(screen);
  }
}

const openOf = (screen: Screen, { counters }: AppState): number =>
  (screen === 'conflicts' ? counters?.conflictCells : screen === 'duplicates' ? counters?.suspects : undefined) ?? 0;

export function TopBar() {
  const station = useStation();
  const screen = useApp((s) => s.route.screen);
  const at = screen === 'review' ? 'inbox' : screen;
  const shown = useApp((s) => SCREENS.filter((name) => isShown(name, s)).join(' '));
  return (
    <header className="topbar">
      <Brand />
      <nav aria-label={t('ui.nav')}>
        {SCREENS.filter((name) => shown.split(' ').includes(name)).map((name) => (
          <a key={name} href={routeHash({ screen: name })} aria-current={at === name ? 'page' : undefined}>
            {t(`ui.nav.${name}`)}
            <Open screen={name} />
          </a>
        ))}
      </nav>
      <div className="topbar-end">
        <Tally />
        <Connection />
        <SyncIndicator />
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
        <UserMenu />
      </div>
    </header>
  );
}

/** How many invoices there are to settle. */
function Open({ screen }: { readonly screen: Screen }) {
  const n = useApp((s) => openOf(screen, s));
  return n === 0 ? null : <span className="count nav-count">{number(String(n))}</span>;
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
