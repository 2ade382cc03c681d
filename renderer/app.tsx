import { useEffect } from 'react';
import { assertNever } from '../core/assert.ts';
import { atSite } from './access.ts';
import { I18nProvider } from 'react-aria-components';
import { installKeyboard } from './actions.ts';
import { DevicesScreen } from './admin/devices-screen.tsx';
import { InviteDialog } from './admin/invite-dialog.tsx';
import { SecurityScreen } from './admin/security-screen.tsx';
import { UsersScreen } from './admin/users-screen.tsx';
import { AboutScreen } from './about/about-screen.tsx';
import { startStation } from './create-station.ts';
import { ExportDialog } from './exports/export-dialog.tsx';
import { ExportsScreen } from './exports/exports-screen.tsx';
import { InboxScreen } from './inbox/inbox-screen.tsx';
import { ConflictsScreen } from './conflicts/conflicts-screen.tsx';
import { DuplicatesScreen } from './duplicates/duplicates-screen.tsx';
import { DropArea } from './inbox/drop-area.tsx';
import { UploadPanel } from './inbox/upload-panel.tsx';
import { ReviewScreen } from './review/review-screen.tsx';
import { SessionGate } from './session/session-gate.tsx';
import { SettingsScreen } from './settings/settings-screen.tsx';
import { StationContext, useApp } from './station.ts';
import type { Station } from './station.ts';
import { browserLanguage, setLanguage, t } from './text.ts';
import { ConfirmDialog } from './ui/confirm-dialog.tsx';
import { HelpSheet } from './ui/help-sheet.tsx';
import { Messages } from './ui/messages.tsx';
import { useNativeMenu } from './ui/native-menu.ts';
import { Palette } from './ui/palette.tsx';
import { EraseDialog } from './erasure/erase-dialog.tsx';
import { ReasonDialog } from './ui/reason-dialog.tsx';
import { ParcelDialog } from './together/parcel-dialog.tsx';
import { TopBar } from './ui/top-bar.tsx';
import { Banners } from './ui/banners.tsx';
import { VendorsScreen } from './vendors/vendors-screen.tsx';

export function App({ station }: { readonly station: Station }) {
  useEffect(() => {
    const stop = startStation(station);
    const stopKeys = installKeyboard(station, window);
    return () => {
      stop();
      stopKeys();
    };
  }, [station]);
  return (
    <StationContext value={station}>
      <Localised />
    </StationContext>
  );
}

/** At a site everybody's own choice, kept in the browser; at a station that of the settings. Until it is known, the browser's language. */
function Localised() {
  const site = useApp(atSite);
  const own = useApp((s) => s.look);
  const settings = useApp((s) => (s.status?.place === 'station' ? s.settings : null));
  const language = settings?.language ?? own.language ?? browserLanguage();
  const theme = settings?.theme ?? own.theme ?? 'system';
  const zone = useApp((s) => s.settings?.timeZone);
  // Before the children: they call `t` while they render.
  setLanguage(language, zone);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <I18nProvider locale={language === 'de' ? 'de-DE' : 'en-GB'} key={`${language} ${zone} ${site}`}>
      <SessionGate>
        <Shell />
      </SessionGate>
    </I18nProvider>
  );
}

function Shell() {
  const route = useApp((s) => s.route);
  useNativeMenu();
  useTitle();
  return (
    <DropArea>
      <a className="skip-link" href="#main" onClick={skipToMain}>
        {t('ui.skip')}
      </a>
      <TopBar />
      <Banners />
      <main id="main" tabIndex={-1} className={`screen screen-${route.screen}`}>
        {route.screen === 'inbox' ? <InboxScreen /> : null}
        {route.screen === 'review' ? <ReviewScreen id={route.id} /> : null}
        {route.screen === 'vendors' ? <VendorsScreen id={route.id ?? null} /> : null}
        {route.screen === 'conflicts' ? <ConflictsScreen /> : null}
        {route.screen === 'duplicates' ? <DuplicatesScreen id={route.id ?? null} /> : null}
        {route.screen === 'users' ? <UsersScreen id={route.id ?? null} /> : null}
        {route.screen === 'devices' ? <DevicesScreen /> : null}
        {route.screen === 'security' ? <SecurityScreen /> : null}
        {route.screen === 'exports' ? <ExportsScreen /> : null}
        {route.screen === 'settings' ? <SettingsScreen /> : null}
        {route.screen === 'about' ? <AboutScreen /> : null}
      </main>
      <UploadPanel />
      <Messages />
      <Overlays />
    </DropArea>
  );
}

/** The address's fragment is the screen: the link must not change it. */
function skipToMain(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function useTitle(): void {
  const screen = useApp((s) => s.route.screen);
  useEffect(() => {
    document.title = `${t(`ui.nav.${screen}`)} – ${t('ui.app')}`;
  }, [screen]);
}

function Overlays() {
  const overlay = useApp((s) => s.overlay);
  switch (overlay.kind) {
    case 'palette':
      return <Palette />;
    case 'help':
      return <HelpSheet />;
    case 'export':
      return <ExportDialog />;
    case 'erase':
      return <EraseDialog invoice={overlay.invoice} />;
    case 'invite':
      return <InviteDialog />;
    case 'takeAlong':
      return <ParcelDialog />;
    case 'confirm':
      return <ConfirmDialog question={overlay} />;
    case 'reason':
      return <ReasonDialog to={overlay.to} required={overlay.required} />;
    case 'none':
      return null;
    default:
      return assertNever(overlay);
  }
}
