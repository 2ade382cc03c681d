/** Entry of the store's threads: better-sqlite3 is synchronous, so it never runs on the server's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { storageError } from './errors.ts';
import { createReader } from './reader.ts';
import { type Methods, serveCalls } from './rpc.ts';
import { createWriter, type WriterOptions } from './writer.ts';

export type ThreadData =
  | { readonly role: 'writer'; readonly options: WriterOptions }
  | { readonly role: 'reader'; readonly path: string };

const data = workerData as ThreadData;
if (parentPort === null) throw new Error('this file is the entry of a worker thread');

const path = data.role === 'writer' ? data.options.path : data.path;
const opened: { methods?: Methods } = {};

/** Opening is a call like any other, so that its refusal arrives with code and details. */
const open = (): void => {
  opened.methods = data.role === 'writer' ? createWriter(data.options) : createReader(data.path);
};

serveCalls(
  parentPort,
  new Proxy<Methods>(
    { open },
    { get: (own, name: string) => (name === 'open' ? own['open'] : opened.methods?.[name]) },
  ),
  (error) => storageError(error, path),
);
