/** Files that a person hands to a station that is running: they go into the own workspace, never among the samples. */
import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '../core/contract/http.ts';
import { uploadFiles, type UploadReport } from './files.ts';
import type { ServerProcess } from './server-process.ts';

const READY_WITHIN_MS = 30_000;
const STEP_MS = 100;

export interface HandOver {
  take(files: readonly string[]): Promise<UploadReport>;
}

async function until(done: () => boolean): Promise<void> {
  for (let waited = 0; !done(); waited += STEP_MS) {
    if (waited >= READY_WITHIN_MS) throw new Error('The station does not answer.');
    await sleep(STEP_MS);
  }
}

export function createHandOver({
  server,
  send,
}: {
  readonly server: Pick<ServerProcess, 'state' | 'workspace'>;
  readonly send: (request: Request) => Promise<Response>;
}): HandOver {
  const isReady = (): boolean => server.state().kind === 'ready';

  async function leaveDemo(): Promise<void> {
    const { method, path } = api.startOwnWorkspace;
    const response = await send(
      new Request(`ap://app${path}`, { method, body: '{}', headers: { 'content-type': 'application/json' } }),
    );
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    await until(() => server.workspace() === 'own' && isReady());
  }

  return {
    async take(files) {
      await until(isReady);
      if (server.workspace() === 'demo') await leaveDemo();
      return uploadFiles(files, send);
    },
  };
}
