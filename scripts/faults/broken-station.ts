/** The station with an error planted, for faults that run it as a process: `AP_PLANTED` names it. Everything else is the station itself. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../server/config.ts';
import { workspaceFolder } from '../../server/folders.ts';
import { openLogFile } from '../../server/log-file.ts';
import { openStore, type OpenStore } from '../../server/open-store.ts';
import { startServer } from '../../server/serve.ts';
import { over } from './broken.ts';

const BEHIND_MS = 300;

const PLANTED: Readonly<Record<string, (opened: OpenStore, folder: string) => OpenStore>> = {
  /** "Saved" is said, and the commit comes later. */
  'told-before-commit': (opened) => {
    const { store } = opened;
    let line: Promise<unknown> = Promise.resolve();
    const commit: typeof store.commit = async (change) => {
      if (!change.ops.some(({ kind }) => kind === 'field.set')) return store.commit(change);
      line = line.then(
        () =>
          new Promise((done) => {
            setTimeout(() => done(store.commit(change)), BEHIND_MS);
          }),
      );
      return { kind: 'ok' } as Awaited<ReturnType<typeof store.commit>>;
    };
    return { ...opened, store: over(store, { commit }) };
  },
  /** What was sent once counts as what the site has, and is never sent again: what comes behind it is refused as a gap and would bring it back. */
  'shown-at-send': (opened, folder) => {
    const { sync } = opened;
    const note = join(folder, 'sent');
    const sentTo = (): number => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0);
    const offer: typeof sync.offer = async (...args) => {
      const found = await sync.offer(...args);
      if (found.kind !== 'offer' || !found.own) return found;
      if (found.first <= sentTo()) return { kind: 'none' };
      writeFileSync(note, String(found.last.devSeq));
      return found;
    };
    return { ...opened, sync: over(sync, { offer }) };
  },
};

const config = readConfig(process.env);
const folder = workspaceFolder(config.data, config.workspace);
const plant = PLANTED[process.env['AP_PLANTED'] ?? ''];
if (plant === undefined) throw new Error('AP_PLANTED names no error');
const opened = openStore(config).then((real) => plant(real, folder));
const server = await startServer(config, { logTo: openLogFile(join(folder, 'logs')), opened });
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
process.stdout.write(`AP_READY ${JSON.stringify(server.ready)}\n`);
