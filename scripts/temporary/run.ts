/** For vitest's main process: whatever a suite could not remove, because it was killed or never began, goes with the run. */
import { ownTemporaryFolder } from './folder.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const stop = (): never => process.exit(1);

export default function setup(): () => void {
  const remove = ownTemporaryFolder('ap-run-');
  // Stopped from outside it is not torn down.
  for (const signal of SIGNALS) process.once(signal, stop);
  process.once('exit', remove);
  return () => {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
    process.removeListener('exit', remove);
    remove();
  };
}
