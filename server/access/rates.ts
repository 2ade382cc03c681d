/** What each site asks of this process, counted in its memory: a replica more lets a site ask for more. */
import { type Bucket, type RatePolicy, takeOne } from '../../core/access/rate.ts';

/** Milliseconds until the site may ask again; 0 lets the request in. */
export type Admit = (site: string) => number;

export function createAdmission(policy: RatePolicy, nowMs: () => number): Admit {
  const buckets = new Map<string, Bucket>();
  return (site) => {
    const { bucket, waitMs } = takeOne(buckets.get(site), policy, nowMs());
    buckets.set(site, bucket);
    return waitMs;
  };
}
