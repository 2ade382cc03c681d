/** Entry of the store's threads: better-sqlite3 is synchronous, so it never runs on the server's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { storageError } from './errors.ts';
import { type Methods, serveCalls } from './rpc.ts';
import type { WriterOptions } from './writer.ts';

/** `writer`: everything of a save; `queries`: lists and counts; `scanner`: the audit and copies, which take long. */
export type ThreadData =
  | { readonly role: 'writer'; readonly options: WriterOptions }
  | { readonly role: 'queries' | 'scanner'; readonly path: string };

const data = workerData as ThreadData;
if (parentPort === null) throw new Error('this file is the entry of a worker thread');

const path = data.role === 'writer' ? data.options.path : data.path;
const opened: { methods?: Methods } = {};

/** Each thread loads what its own role needs. */
async function methodsOf(): Promise<Methods> {
  if (data.role === 'writer') return (await import('./writer.ts')).createWriter(data.options);
  if (data.role === 'queries') return (await import('./queries.ts')).createQueries(data.path);
  return (await import('./reader.ts')).createReader(data.path);
}

/** Opening is a call like any other, so that its refusal arrives with code and details. */
const open = async (): Promise<void> => {
  opened.methods = await methodsOf();
};

serveCalls(
  parentPort,
  new Proxy<Methods>(
    { open },
    { get: (own, name: string) => (name === 'open' ? own['open'] : opened.methods?.[name]) },
  ),
  (error) => storageError(error, path),
);
