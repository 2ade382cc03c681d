/**
 * Entry of the server process, under Electron, `npm start` or a service. The launcher gives AP_* variables (config.ts) and gets
 *   stdout  one line `AP_READY {"transport","url","port"|"socket","token"?,"workspace","pid"}` once requests are answered
 *   exit 0  ended as asked (SIGTERM, SIGINT, or the launcher went away)
 *   exit 75 start me again with AP_WORKSPACE=own, the same AP_PORT or AP_SOCKET and AP_TOKEN, and without AP_IMPORT: the user leaves the demo
 *   exit 1  could not start; the reason is on stderr
 * The database is safe whenever and however the process ends.
 */
import { readConfig } from './config.ts';
import { workspaceFolder } from './folders.ts';
import { join } from 'node:path';
import { openLogFile } from './log-file.ts';
import { openStore } from './open-store.ts';

const RESTART_ON_OWN = 75;
/** Jobs and requests that do not end by themselves are cut off: nothing is lost by it. */
const PATIENCE_MS = 7_000;

/** Electron's utility process, or the channel of a Node that another one started. */
interface Parent {
  readonly parentPort?: {
    postMessage(message: unknown): void;
    on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  };
}

async function parentKeyStore() {
  const { createParentSealer } = await import('./enrol/parent-sealer.ts');
  const { parentPort } = process as Parent;
  if (parentPort !== undefined)
    return createParentSealer({
      // A port between two processes has no origin.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    });
  return createParentSealer({
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
  });
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const opened = openStore(config);
  // Awaited by the station; a refusal that comes before that is no unhandled one.
  opened.catch(() => undefined);
  const logTo = openLogFile(join(workspaceFolder(config.data, config.workspace), 'logs'));
  let ending: Promise<void> | undefined;
  const end = (code: number): Promise<void> =>
    (ending ??= (async () => {
      setTimeout(() => process.exit(code), PATIENCE_MS).unref();
      await server.close();
      logTo.flushSync();
      process.exit(code);
    })());

  // Loaded while the database's thread starts.
  const { startServer } = await import('./serve.ts');
  const keyStore = config.keyStore === 'parent' ? await parentKeyStore() : undefined;
  const server = await startServer(config, { logTo, opened, restartAsOwn: () => void end(RESTART_ON_OWN), keyStore });
  const { log, intake } = server.station.context;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(0));
  process.on('disconnect', () => void end(0));
  // A bug must not leave a process behind that looks alive: the launcher starts it again.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.error('bug', { error });
      logTo.flushSync();
      process.exit(1);
    });

  process.stdout.write(`AP_READY ${JSON.stringify(server.ready)}\n`);
  try {
    await intake.importPaths(config.imports, 'path', (result) => log.info('file imported', { reason: result.kind }));
  } catch (error) {
    // It was ended in the middle of them: they come again with the next start.
    if (ending === undefined) throw error;
  }
}

try {
  await main();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The station could not start. ${text}\n`);
  process.exit(1);
}
