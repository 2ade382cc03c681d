/** The real worker with one more kind of file: a page that never ends, as a defect of an engine would make it. For tests. */
import type { TaskMessage } from '../../core/contract/tasks.ts';
import run from '../../worker/index.ts';

/** Part of the path of a file that hangs. */
const HANGS = 'hangs for ever';

export default async function runOrHang(message: TaskMessage): Promise<unknown> {
  const { path } = message.input as { path?: string };
  if (message.name === 'readPage' && path?.includes(HANGS) === true) for (;;);
  return run(message);
}
