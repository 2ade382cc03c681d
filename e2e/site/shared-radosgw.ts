/** For test files: a gateway of their own to the one Ceph of the test run, or to one of their own where the configuration of vitest shares none. */
import { inject } from 'vitest';
import { wish } from '../../server/store/testing-wish.ts';
import { openGateway, type Radosgw, startRadosgw } from './radosgw.ts';

export async function sharedRadosgw(): Promise<Radosgw> {
  const path = inject('cephSocket');
  if (path === undefined) return startRadosgw();
  const found = await wish<{ folder: string }>(path);
  if ('reason' in found) throw new Error(found.reason);
  return openGateway(found);
}
