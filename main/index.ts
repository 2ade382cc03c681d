/** The desktop program: one window on a private copy of the server. Everything that must happen before Electron is ready; the rest is `station.ts`. */
import { app } from 'electron';
import { join } from 'node:path';
import { readPlace } from './config.ts';
import { registerScheme } from './protocol.ts';
import { openStation } from './station.ts';

const NAME = 'AP Intake Station';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function standardData(): string {
  if (process.platform === 'linux')
    return join(process.env['XDG_DATA_HOME'] || join(app.getPath('home'), '.local', 'share'), NAME);
  if (process.platform === 'win32')
    return join(process.env['LOCALAPPDATA'] || join(app.getPath('home'), 'AppData', 'Local'), NAME);
  return join(app.getPath('appData'), NAME);
}

registerScheme();
// Every page is sandboxed, whatever options it is made with; only a test run as root, where Chromium has no sandbox at all, says otherwise.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setName(NAME);
const resources = app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources');
const place = readPlace({
  env: process.env,
  // In a build from source the first argument is the project's folder.
  argv: process.argv.slice(app.isPackaged ? 1 : 2),
  cwd: process.cwd(),
  standardData: standardData(),
  samples: join(resources, 'samples'),
});
// The lock of the single instance hangs on this folder: another data folder is another station.
app.setPath('userData', join(place.data, 'window'));

if (app.requestSingleInstanceLock({ files: place.files })) {
  void app
    .whenReady()
    .then(() => openStation({ place, out: join(import.meta.dirname, '..', '..'), name: NAME, env: process.env, say }));
} else {
  say('The station is open already and has been shown; files given here go to it.');
  say('READY ap://app');
  app.exit(0);
}
