/** What the server child gets to know: the surroundings less what was meant for this process, and its own settings. */
import { join } from 'node:path';
import type { Place } from './config.ts';

export interface ServerEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly place: Place;
  /** Folder of the build. */
  readonly out: string;
  readonly workspace: 'demo' | 'own';
  readonly imports: readonly string[];
  readonly socket: string;
  readonly token: string;
}

const KEPT = new Set(['AP_LOG_LEVEL', 'AP_PLAIN_SITES', 'AP_THREADS']);

export function serverEnvironment(given: ServerEnvironment): Record<string, string> {
  const inherited = Object.entries(given.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (KEPT.has(entry[0]) || !/^(AP_|ELECTRON_|NODE_OPTIONS$)/.test(entry[0])),
  );
  return {
    ...Object.fromEntries(inherited),
    AP_DATA: given.place.data,
    AP_WORKSPACE: given.workspace,
    AP_SOCKET: given.socket,
    AP_TOKEN: given.token,
    // This process answers for the key store of the system (key-store.ts).
    AP_KEY_STORE: 'parent',
    AP_UI: join(given.out, 'renderer'),
    AP_WORKER_FILE: join(given.out, 'main', 'worker', 'index.js'),
    ...(given.imports.length > 0 ? { AP_IMPORT: JSON.stringify(given.imports) } : {}),
  };
}
