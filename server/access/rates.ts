/** What each site asks of this process, counted in its memory: a replica more lets a site ask for more. */
import { type Bucket, type RatePolicy, takeOne } from '../../core/access/rate.ts';

/** Milliseconds until whoever it is counted for may ask again; 0 lets the request in. */
export type Admit = (who: string) => number;

/** Strangers may be as many as they like: what is counted of them stays within bounds. */
const MOST = 20_000;

export function createAdmission(policy: RatePolicy, nowMs: () => number): Admit {
  const buckets = new Map<string, Bucket>();
  return (who) => {
    const before = buckets.get(who);
    const { bucket, waitMs } = takeOne(before, policy, nowMs());
    if (before === undefined && buckets.size >= MOST) buckets.clear();
    buckets.set(who, bucket);
    return waitMs;
  };
}
