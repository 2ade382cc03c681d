/** For vitest's main process: one Ceph for the test files that wish for it. A run without such a test starts none. */
import type { TestProject } from 'vitest/node';
import { answerWishes } from '../../server/store/testing-wish.ts';
import { startCeph } from './radosgw.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly cephSocket: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const wishes = await answerWishes('ceph', async () => {
    const ceph = await startCeph();
    return { answer: { folder: ceph.folder }, stop: () => ceph.stop() };
  });
  project.provide('cephSocket', wishes.path);
  // Why there is none was the failure of the tests that asked for it.
  return async () => void (await wishes.close());
}
