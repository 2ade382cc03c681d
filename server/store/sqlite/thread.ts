/** Entry of the store's threads: better-sqlite3 is synchronous, so it never runs on the server's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { storageError } from './errors.ts';
import type { WritableDatabase } from './open.ts';
import { type Methods, serveCalls } from './rpc.ts';
import type { WriterOptions } from './writer.ts';

/**
 * `writer`: everything of a save; `queries`: lists and counts; `scanner`: the audit and copies, which take long; `snapshot`: writes the file that new stations begin with;
 * `unpack`: makes a database of it.
 */
export type ThreadData =
  | { readonly role: 'writer'; readonly options: WriterOptions }
  | { readonly role: 'queries' | 'scanner' | 'unpack'; readonly path: string }
  | { readonly role: 'snapshot'; readonly path: string; readonly now: string };

const data = workerData as ThreadData;
if (parentPort === null) throw new Error('this file is the entry of a worker thread');

const path = data.role === 'writer' ? data.options.path : data.path;
const opened: { methods?: Methods } = {};

/** Each thread loads what its own role needs. */
async function methodsOf(): Promise<Methods> {
  if (data.role === 'writer') return writerOf(data.options);
  if (data.role === 'snapshot') return (await import('./snapshot-file.ts')).createSnapshotFile(data.path, data.now);
  if (data.role === 'unpack') return (await import('./snapshot-unpack.ts')).createUnpacking();
  if (data.role === 'queries') return (await import('./queries.ts')).createQueries(data.path);
  return (await import('./reader.ts')).createReader(data.path);
}

/** Where another file takes the place of the database, the same thread goes on with that. */
async function writerOf(options: WriterOptions): Promise<Methods> {
  const { createWriter } = await import('./writer.ts');
  const make = (database?: WritableDatabase): Methods =>
    createWriter(options, {
      opened: database,
      replaced(next) {
        opened.methods = make(next);
      },
    });
  return make();
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
