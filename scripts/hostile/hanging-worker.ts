/**
 * The real worker with more kinds of file: a page that never ends, as a defect of an engine would make it, one that waits, one that is a bug, and one that leaves a promise to nobody.
 * For tests.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskMessage } from '../../core/contract/tasks.ts';
import run from '../../worker/index.ts';

/** Parts of the paths of such files. */
const HANGS = 'hangs for ever';
const WAITS = 'waits a moment';
const THROWS = '/throws/';
const LETS_GO = 'lets go';
const MOMENT_MS = 1_000;

export default async function runOrHang(message: TaskMessage): Promise<unknown> {
  const { path } = message.input as { path?: string };
  // As pdf.js does; and as a bug would.
  if (path?.includes(LETS_GO) === true)
    void Promise.reject(path.includes('of its own') ? new TypeError('a bug') : { name: 'XRefEntryException' });
  if (path?.includes(THROWS) === true) throw new TypeError('a bug of the worker');
  if (message.name === 'readPage' && path?.includes(HANGS) === true) for (;;);
  // Uses no core, like a page whose thread does not get one.
  if (message.name === 'inspect' && path?.includes(WAITS) === true) await sleep(MOMENT_MS);
  return run(message);
}
