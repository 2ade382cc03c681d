/** Entry of the access store's thread: better-sqlite3 is synchronous, so it never runs on the server's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Methods, serveCalls } from '../../store/sqlite/rpc.ts';
import { createAccessDatabase } from './sqlite-database.ts';

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
const { path } = workerData as { path: string };
const opened: { methods?: Methods } = {};

/** Opening is a call like any other, so that its refusal arrives with code and details. */
const open = (): void => {
  opened.methods = createAccessDatabase(path);
};

serveCalls(
  parentPort,
  new Proxy<Methods>(
    { open },
    { get: (own, name: string) => (name === 'open' ? own['open'] : opened.methods?.[name]) },
  ),
  (error) => error,
);
