/** PouchDB: express-pouchdb and two clients, each over LevelDB. None of them asks the disk to keep anything: LevelDB's writes are not synchronous there, and that cannot be turned on. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../server/access/testing-site.ts';
import { startChild } from './child.ts';
import type { Contestant } from './contest.ts';

const file = (name: string): string => join(import.meta.dirname, `${name}.ts`);

export async function startPouch(folder: string, changes: number): Promise<Contestant> {
  const prefix = join(folder, 'pouch-server/');
  mkdirSync(prefix, { recursive: true });
  const port = await freePort();
  const server = startChild(file('pouch-server'));
  await server.call('open', { prefix, port });
  const url = `http://127.0.0.1:${port}/bench`;
  const [one, two] = [startChild(file('pouch-client')), startChild(file('pouch-client'))];
  await one.call('open', { path: join(folder, 'pouch-one'), url });
  await two.call('open', { path: join(folder, 'pouch-two'), url });
  let round = 0;
  const all = ({ ms, docs }: { ms: number; docs: number }): number => {
    if (docs !== changes) throw new Error(`PouchDB: ${docs} documents have come`);
    return ms;
  };
  return {
    name: 'PouchDB',
    async push() {
      const saved = await one.call<number>('write', { changes, round: (round += 1) });
      return { saved, pushed: all(await one.call('push')) };
    },
    async pull() {
      return all(await two.call('pull'));
    },
    async stop() {
      for (const child of [one, two, server]) await child.stop();
    },
  };
}
