/** Puts window, server child, menu, dialogs and calls together once Electron is ready. What is decided stands in the other files. */
import { app, ipcMain, Menu, safeStorage, session as sessions, shell, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { MenuItem } from '../core/contract/desktop.ts';
import type { Language } from '../core/text/format.ts';
import { filesOf, type Place } from './config.ts';
import { createDialogs, type Dialogs } from './dialogs.ts';
import { serverEnvironment } from './environment.ts';
import { createHandOver, type HandOver } from './hand-over.ts';
import { installHandlers } from './ipc.ts';
import { createKeyStore } from './key-store.ts';
import { launchNode, launchUtility } from './launch.ts';
import { menuTemplate } from './menu.ts';
import { CRASH, handleScheme, HOME } from './protocol.ts';
import { createProxy } from './proxy.ts';
import { createServerProcess, type ServerProcess, type ServerState } from './server-process.ts';
import { createSignInOpener } from './sign-in.ts';
import { createSocketPath, type SocketPath } from './socket.ts';
import { lockContents, lockSession, openWindow } from './window.ts';
import { createWindowStates } from './window-state.ts';

export interface StationOptions {
  readonly place: Place;
  /** Folder of the build. */
  readonly out: string;
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
}

type CrashAction = (action: 'restart' | 'log') => void;

export function openStation(options: StationOptions): void {
  const { place } = options;
  const language: Language = app.getLocale().startsWith('de') ? 'de' : 'en';
  const socket = createSocketPath();
  const token = randomBytes(32).toString('base64url');
  const proxy = createProxy({ socket: socket.path, token });
  const server = createServer(options, socket, token, (state) => view.follow(state));
  const logFile = (): string => join(place.data, server.workspace(), 'logs', 'server.log');
  const onCrashAction: CrashAction = (action) => {
    if (action === 'restart') server.restart();
    else shell.showItemInFolder(logFile());
  };
  const view = createView(options, server);
  const files = createFileDesk(view.window, createDialogs(language), createHandOver({ server, send: proxy }));

  lockSession(sessions.defaultSession);
  handleScheme(sessions.defaultSession, proxy, () => {
    const state = server.state();
    return { code: state.kind === 'gave-up' ? state.code : null, log: logFile(), data: place.data, language };
  });
  const setMenu = createMenu(language, files, (id) => view.window()?.webContents.send('desktop:action', id));
  installHandlers(ipcMain, () => view.window()?.webContents.id, {
    openFiles: () => files.chooseFiles(),
    chooseFolder: () => files.chooseFolder(),
    saveFile: (name, bytes) => files.saveFile(name, bytes),
    openSignIn: createSignInOpener(proxy, (url) => shell.openExternal(url)),
    setMenu,
  });
  followApp(view.show, files.take, onCrashAction);
  stopServerOnQuit(server, socket);

  setMenu([]);
  server.start();
  view.show();
}

function createServer(
  { place, out, env }: StationOptions,
  socket: SocketPath,
  token: string,
  onState: (state: ServerState) => void,
): ServerProcess {
  const file = join(out, 'main', 'server', 'start.js');
  const keyStore = createKeyStore(safeStorage, process.platform);
  return createServerProcess({
    workspace: place.workspace,
    now: () => performance.now(),
    schedule: (work, ms) => {
      const timer = setTimeout(work, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    launch: (workspace, withImports) => {
      socket.clear();
      const imports = withImports ? place.imports : [];
      const childEnv = serverEnvironment({ env, place, out, workspace, imports, socket: socket.path, token });
      return place.serverExec
        ? launchNode(place.serverExec, file, childEnv, keyStore)
        : launchUtility(file, childEnv, keyStore);
    },
    onState,
  });
}

/** The window, and what it shows as the server comes and goes. */
function createView({ place, out, name, say }: StationOptions, server: ServerProcess) {
  let window: BrowserWindow | undefined;
  let shownFor: 'demo' | 'own' | undefined;
  const current = (): BrowserWindow | undefined => (window?.isDestroyed() ? undefined : window);

  async function load(state: ServerState): Promise<void> {
    const target = current();
    if (!target) return;
    if (state.kind === 'gave-up') {
      shownFor = undefined;
      await target.loadURL(CRASH);
    }
    // After a crash the page finds its way back by itself, with what was being typed; another workspace is another page.
    if (state.kind !== 'ready' || shownFor === server.workspace()) return;
    shownFor = server.workspace();
    await target.loadURL(HOME);
    say('READY ap://app');
  }
  const follow = (state: ServerState): void =>
    void load(state).catch((error: unknown) => {
      // A load that a newer one replaced; anything else is a bug and must be seen.
      if (!String(error).includes('ERR_ABORTED')) throw error;
    });

  function show(): void {
    const open = current();
    if (open) {
      if (open.isMinimized()) open.restore();
      open.focus();
      return;
    }
    shownFor = undefined;
    window = openWindow({
      preload: join(out, 'preload', 'preload.cjs'),
      session: sessions.defaultSession,
      states: createWindowStates(join(place.data, 'window', 'window.json')),
      title: name,
    });
    follow(server.state());
  }
  return { window: current, show, follow };
}

/** Files and folders between the desktop and the station, with what goes wrong told in a dialog. */
function createFileDesk(window: () => BrowserWindow | undefined, dialogs: Dialogs, handOver: HandOver) {
  async function take(paths: readonly string[]): Promise<number> {
    const owner = window();
    if (paths.length === 0 || !owner) return 0;
    try {
      const report = await handOver.take(paths);
      if (report.refused.length > 0) await dialogs.tellRefused(owner, report);
      return report.taken;
    } catch (error) {
      await dialogs.tellFailed(owner, error instanceof Error ? error.message : String(error));
      return 0;
    }
  }
  const chooseFolder = async (): Promise<string | null> => {
    const owner = window();
    return owner ? dialogs.chooseFolder(owner) : null;
  };
  return {
    take,
    chooseFolder,
    async chooseFiles(): Promise<number> {
      const owner = window();
      return owner ? take(await dialogs.chooseFiles(owner)) : 0;
    },
    async takeFolder(): Promise<number> {
      const folder = await chooseFolder();
      return folder === null ? 0 : take([folder]);
    },
    async saveFile(name: string, bytes: Uint8Array): Promise<boolean> {
      const owner = window();
      return owner ? dialogs.saveFile(owner, name, bytes) : false;
    },
  };
}

function createMenu(language: Language, files: ReturnType<typeof createFileDesk>, run: (id: string) => void) {
  return (items: readonly MenuItem[]): void => {
    const template = menuTemplate({
      language,
      items,
      mac: process.platform === 'darwin',
      tools: !app.isPackaged,
      openFiles: () => void files.chooseFiles(),
      openFolder: () => void files.takeFolder(),
      run,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
}

function followApp(
  show: () => void,
  take: (files: readonly string[]) => Promise<number>,
  onCrashAction: CrashAction,
): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents, onCrashAction));
  app.on('second-instance', (_event, argv, cwd, extra) => {
    const handed = z.object({ files: z.array(z.string()) }).safeParse(extra);
    show();
    void take(handed.success ? handed.data.files : filesOf(argv.slice(1), cwd));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    show();
    void take([path]);
  });
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

/** The window may go at once; the process stays until the server has finished what it was writing. */
function stopServerOnQuit(server: ServerProcess, socket: SocketPath): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void server.stop().finally(() => {
      socket.remove();
      state = 'stopped';
      app.quit();
    });
  });
}
