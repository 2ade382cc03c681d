/** The desktop program: one window on a private copy of the server. Everything real is put together here; what is decided stands in the other files. */
import { app, ipcMain, Menu, session as sessions, shell, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { MenuItem } from '../core/contract/desktop.ts';
import type { Language } from '../core/text/format.ts';
import { filesOf, readPlace } from './config.ts';
import { createDialogs } from './dialogs.ts';
import { installHandlers } from './ipc.ts';
import { createHandOver } from './hand-over.ts';
import { launchNode, launchUtility } from './launch.ts';
import { menuTemplate } from './menu.ts';
import { CRASH, handleScheme, HOME, registerScheme } from './protocol.ts';
import { createProxy } from './proxy.ts';
import { createServerProcess, type ServerState } from './server-process.ts';
import { createSocketPath } from './socket.ts';
import { lockContents, lockSession, openWindow } from './window.ts';
import { createWindowStates } from './window-state.ts';

const OUT = join(import.meta.dirname, '..', '..');
const RESOURCES = app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources');
const TITLE = 'AP Intake Station';

registerScheme();
// Every page is sandboxed, whatever options it is made with; only a test run as root, where Chromium has no sandbox at all, says otherwise.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setName(TITLE);
const place = readPlace({
  env: process.env,
  // In a build from source the first argument is the project's folder.
  argv: process.argv.slice(app.isPackaged ? 1 : 2),
  cwd: process.cwd(),
  standardData: join(
    app.getPath(process.platform === 'linux' ? 'home' : 'appData'),
    ...(process.platform === 'linux' ? ['.local', 'share', TITLE] : [TITLE]),
  ),
  samples: join(RESOURCES, 'samples'),
});
// The lock of the single instance hangs on this folder: another data folder is another station.
app.setPath('userData', join(place.data, 'window'));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (app.requestSingleInstanceLock({ files: place.files })) {
  void app.whenReady().then(start);
} else {
  say('The station is open already; it takes the files from here.');
  say('READY ap://app');
  app.exit(0);
}

function start(): void {
  const language: Language = app.getLocale().startsWith('de') ? 'de' : 'en';
  const session = sessions.defaultSession;
  const token = randomBytes(32).toString('base64url');
  const socket = createSocketPath();
  const proxy = createProxy({ socket: socket.path, token });
  const dialogs = createDialogs(language);
  let window: BrowserWindow | undefined;
  let menuItems: readonly MenuItem[] = [];
  let shownFor: 'demo' | 'own' | undefined;

  const server = createServerProcess({
    workspace: place.workspace,
    now: () => performance.now(),
    schedule: (work, ms) => {
      const timer = setTimeout(work, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    launch: (workspace, withImports) => {
      socket.clear();
      const env = serverEnvironment(workspace, withImports ? place.imports : [], socket.path, token);
      const file = join(OUT, 'main', 'server', 'start.js');
      return place.serverExec ? launchNode(place.serverExec, file, env) : launchUtility(file, env);
    },
    onState: (state) => void followServer(state),
  });
  const handOver = createHandOver({ server, send: proxy });
  const logFile = (): string => join(place.data, server.workspace(), 'logs', 'server.log');

  async function followServer(state: ServerState): Promise<void> {
    if (!window || window.isDestroyed()) return;
    if (state.kind === 'gave-up') {
      shownFor = undefined;
      await window.loadURL(CRASH);
    }
    // After a crash the page finds its way back by itself, with what was being typed; another workspace is another page.
    if (state.kind !== 'ready' || shownFor === server.workspace()) return;
    const first = shownFor === undefined;
    shownFor = server.workspace();
    await window.loadURL(HOME);
    if (first) say('READY ap://app');
  }

  function crashAction(action: 'restart' | 'log'): void {
    if (action === 'restart') server.restart();
    else shell.showItemInFolder(logFile());
  }

  const take = async (files: readonly string[]): Promise<number> => {
    if (files.length === 0 || !window) return 0;
    try {
      const report = await handOver.take(files);
      if (report.refused.length > 0) await dialogs.tellRefused(window, report);
      return report.taken;
    } catch (error) {
      await dialogs.tellFailed(window, error instanceof Error ? error.message : String(error));
      return 0;
    }
  };
  const chooseAndTake = async (): Promise<number> => (window ? take(await dialogs.chooseFiles(window)) : 0);

  function showMenu(): void {
    const template = menuTemplate({
      language,
      items: menuItems,
      mac: process.platform === 'darwin',
      tools: !app.isPackaged,
      openFiles: () => void chooseAndTake(),
      openFolder: () => void (window && dialogs.chooseFolder(window).then((folder) => take(folder ? [folder] : []))),
      run: (id) => window?.webContents.send('desktop:action', id),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  function show(): void {
    if (!window || window.isDestroyed()) {
      shownFor = undefined;
      window = openWindow({
        preload: join(OUT, 'preload', 'preload.cjs'),
        session,
        states: createWindowStates(join(place.data, 'window', 'window.json')),
        onCrashAction: crashAction,
        title: TITLE,
      });
      void followServer(server.state());
      return;
    }
    if (window.isMinimized()) window.restore();
    window.focus();
  }

  lockSession(session);
  handleScheme(session, proxy, () => {
    const state = server.state();
    return { code: state.kind === 'gave-up' ? state.code : null, log: logFile(), data: place.data, language };
  });
  installHandlers(ipcMain, () => window?.webContents.id, {
    openFiles: chooseAndTake,
    chooseFolder: () => (window ? dialogs.chooseFolder(window) : null),
    saveFile: (name, bytes) => (window ? dialogs.saveFile(window, name, bytes) : false),
    setMenu(items) {
      menuItems = items;
      showMenu();
    },
  });
  app.on('web-contents-created', (_event, contents) => lockContents(contents, crashAction));
  app.on('second-instance', (_event, argv, cwd, extra) => {
    const handed = z.object({ files: z.array(z.string()) }).safeParse(extra);
    show();
    void take(handed.success ? handed.data.files : filesOf(argv.slice(1), cwd));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void take([path]);
  });
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let quitting = false;
  app.on('before-quit', (event) => {
    if (quitting) return;
    quitting = true;
    event.preventDefault();
    void server.stop().finally(() => {
      socket.remove();
      app.exit(0);
    });
  });

  showMenu();
  server.start();
  show();
}

function serverEnvironment(
  workspace: 'demo' | 'own',
  imports: readonly string[],
  socket: string,
  token: string,
): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AP_|ELECTRON_)/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(inherited),
    ...(process.env['AP_LOG_LEVEL'] ? { AP_LOG_LEVEL: process.env['AP_LOG_LEVEL'] } : {}),
    AP_DATA: place.data,
    AP_WORKSPACE: workspace,
    AP_SOCKET: socket,
    AP_TOKEN: token,
    AP_UI: join(OUT, 'renderer'),
    AP_WORKER_FILE: join(OUT, 'main', 'worker', 'index.js'),
    ...(imports.length > 0 ? { AP_IMPORT: JSON.stringify(imports) } : {}),
  };
}
