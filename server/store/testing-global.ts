/**
 * For vitest's main process: answers the test processes' wish for a Postgres. The first wish starts one cluster for the whole run; a run without such a
 * test starts none.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Cluster, startCluster } from './testing-cluster.ts';
import { prepareCluster } from './testing-roles.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket that answers with one line of JSON: `{url}` or `{reason}`. */
    readonly postgresSocket: string;
  }
}

const say = (line: string): void => void process.stderr.write(`\n${line}\n\n`);

async function start(): Promise<Cluster> {
  const made = await startCluster();
  await prepareCluster(made.url);
  return made;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'ap-tests-'));
  const path = process.platform === 'win32' ? String.raw`\\.\pipe\ap-tests-${process.pid}` : join(folder, 'postgres');
  let cluster: Promise<Cluster> | undefined;

  async function answer(socket: Socket): Promise<void> {
    socket.on('error', () => undefined);
    const reply = await (cluster ??= start()).then(
      ({ url }) => ({ url }),
      (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
    );
    socket.end(`${JSON.stringify(reply)}\n`);
  }
  const server = createServer((socket) => void answer(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  project.provide('postgresSocket', path);
  return async () => {
    server.close();
    const failed = await cluster?.then(
      (one) => one.stop(),
      (error: unknown) => (error instanceof Error ? error.message : 'no reason given'),
    );
    if (failed !== undefined) say(`SKIPPED: every test that needs Postgres. It could not be started here: ${failed}`);
    rmSync(folder, { recursive: true, force: true });
  };
}
