/** What one of a whole test run is enough of (a server that takes seconds to start) is started by vitest's main process, when the first test file wishes for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Started<T> {
  /** What the test files are told, as JSON. */
  readonly answer: T;
  stop(): Promise<void>;
}

export interface Wishes {
  /** Of the socket that answers with one line of JSON: the answer, or `{reason}`. */
  readonly path: string;
  /** Ends what was started. Why it could not be started, or undefined. */
  close(): Promise<string | undefined>;
}

/** In the main process. */
export async function answerWishes<T>(name: string, start: () => Promise<Started<T>>): Promise<Wishes> {
  const folder = mkdtempSync(join(tmpdir(), 'ap-tests-'));
  const path = process.platform === 'win32' ? String.raw`\\.\pipe\ap-tests-${process.pid}-${name}` : join(folder, name);
  let started: Promise<Started<T>> | undefined;

  async function reply(socket: Socket): Promise<void> {
    socket.on('error', () => undefined);
    const said = await (started ??= start()).then(
      ({ answer }) => answer,
      (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
    );
    socket.end(`${JSON.stringify(said)}\n`);
  }
  const server = createServer((socket) => void reply(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    path,
    async close() {
      server.close();
      const failed = await started?.then(
        async (one) => {
          await one.stop();
          return undefined;
        },
        (error: unknown) => (error instanceof Error ? error.message : 'no reason given'),
      );
      rmSync(folder, { recursive: true, force: true });
      return failed;
    },
  };
}

/** In a test file. */
export function wish<T>(path: string): Promise<T | { readonly reason: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(path);
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.once('error', reject);
    socket.once('end', () => resolve(JSON.parse(text) as T | { readonly reason: string }));
  });
}
