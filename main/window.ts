/** The one window: locked down, where it was last time, and denied everything it does not need. */
import { BrowserWindow, screen, shell, type Session, type WebContents } from 'electron';
import { decideNavigation, mayLoad, mayOpenOutside } from './navigation.ts';
import { HOME } from './protocol.ts';
import { placeOnScreen, type WindowStates } from './window-state.ts';

export interface WindowOptions {
  readonly preload: string;
  readonly session: Session;
  readonly states: WindowStates;
  readonly title: string;
}

/** Deny by default: permissions, devices, foreign requests, certificates of anybody else. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url) }));
  session.setSpellCheckerEnabled(false);
}

/** For every page that ever comes to be, not only for ours: what is not our one page goes nowhere. */
export function lockContents(contents: WebContents, onCrashAction: (action: 'restart' | 'log') => void): void {
  const guard = (event: { preventDefault(): void; url: string }): void => {
    const decision = decideNavigation(contents.getURL(), event.url);
    if (decision === 'allow') return;
    event.preventDefault();
    if (decision !== 'deny') onCrashAction(decision);
  };
  contents.on('will-navigate', guard);
  contents.on('will-redirect', guard);
  contents.on('will-frame-navigate', guard);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

export function openWindow({ preload, session, states, title }: WindowOptions): BrowserWindow {
  const last = placeOnScreen(
    states.read(),
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...last.bounds,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title,
    backgroundColor: '#ffffff',
    webPreferences: {
      preload,
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (last.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => states.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  // A page that dies takes no data with it: what was typed is saved by the server as it is typed. It comes back where it was.
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit' && !window.isDestroyed()) void window.loadURL(HOME);
  });
  return window;
}
