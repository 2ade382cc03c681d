/** Actual: its server and two of its clients. Each keeps its data in SQLite, with a journal and one fsync at least a transaction. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../server/access/testing-site.ts';
import { startChild } from './child.ts';
import type { Contestant, Sent } from './contest.ts';
import { peerFile } from './peers.ts';
import { answering } from './answering.ts';

const PASSWORD = 'a password of the bench';

export async function startActual(folder: string, changes: number): Promise<Contestant> {
  const data = join(folder, 'actual');
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const server = spawn(process.execPath, [peerFile('@actual-app', 'sync-server', 'build', 'bin', 'actual-server.js')], {
    cwd: data,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      ACTUAL_DATA_DIR: data,
      ACTUAL_PORT: String(port),
      ACTUAL_HOSTNAME: '127.0.0.1',
    },
    stdio: 'ignore',
  });
  const serverURL = `http://127.0.0.1:${port}`;
  await answering(`${serverURL}/info`, server);
  const bootstrap = await fetch(`${serverURL}/account/bootstrap`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: PASSWORD }),
  });
  if (bootstrap.status !== 200) throw new Error(`Actual's server: ${await bootstrap.text()}`);
  const clients = ['one', 'two'].map((name) => {
    const dataDir = join(folder, `actual-${name}`);
    mkdirSync(dataDir, { recursive: true });
    return { dataDir, child: startChild(join(import.meta.dirname, 'actual-client.ts')) };
  });
  const [one, two] = clients.map(({ child }) => child);
  if (one === undefined || two === undefined) throw new Error('two clients');
  for (const { child, dataDir } of clients) await child.call('open', { dataDir, serverURL, password: PASSWORD });
  await two.call('download', await one.call('create', changes / 5));
  let round = 0;
  return {
    name: 'Actual',
    push: () => one.call<Sent>('write', { changes, round: (round += 1) }),
    async pull() {
      const ms = await two.call<number>('sync');
      const seen = await two.call<string[]>('sample');
      if (seen.length !== changes / 5 || seen.some((of) => of !== String(round)))
        throw new Error(`Actual: ${seen.length} rows have come`);
      return ms;
    },
    async stop() {
      for (const { child } of clients) await child.stop();
      server.kill();
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    },
  };
}
