/** Errors planted in a station: between it and its database, where every promise passes. */
import { join } from 'node:path';
import type { OpBody } from '../../core/sync/op.ts';
import type { OpenStore } from '../../server/open-store.ts';
import type { ChildOptions } from '../server-child.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILT = join(ROOT, 'out', 'main');

/** The station as `npm start` starts it: built, with what Node compiled before; or, from its sources, with that error planted (broken-station.ts). */
export const brokenBy = (bug: string | undefined): Pick<ChildOptions, 'entry' | 'env'> =>
  bug === undefined
    ? {
        entry: join(BUILT, 'server', 'start.js'),
        env: {
          AP_WORKER_FILE: join(BUILT, 'worker', 'index.js'),
          NODE_COMPILE_CACHE: join(ROOT, '.cache', 'compiled'),
          NODE_OPTIONS: '--enable-source-maps',
        },
      }
    : { entry: join(import.meta.dirname, 'broken-station.ts'), env: { AP_PLANTED: bug } };

/** The real one but for what differs; what is spread of it is whole, too. */
export const over = <T extends object>(real: T, own: Partial<T>): T =>
  Object.create(real, {
    ...Object.getOwnPropertyDescriptors(real),
    ...Object.getOwnPropertyDescriptors(own),
  }) as T;

/** A station that does not keep all that the site sends. */
export const keeping =
  (isKept: (op: OpBody) => boolean) =>
  (opened: OpenStore): OpenStore => ({
    ...opened,
    sync: over(opened.sync, {
      takeIn: (page) =>
        opened.sync.takeIn({ ...page, ops: page.ops.filter(({ text }) => isKept(JSON.parse(text) as OpBody)) }),
    }),
  });
