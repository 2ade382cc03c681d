/** What is wrong with a site's log, by its numbers and hashes alone. */
import { createHash } from 'node:crypto';
import { NO_SITE_HASH, siteHash } from '../../core/sync/site-chain.ts';

export interface SiteHashed {
  readonly seq: number;
  readonly op: string;
  readonly device: string;
  readonly devSeq: number;
  readonly hash: string;
  readonly siteHash: string;
  readonly verdict: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** In the order of the numbers. */
export function siteProblems(rows: readonly SiteHashed[]): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const ends = new Map<string, number>();
  let before = { seq: 0, siteHash: NO_SITE_HASH };
  for (const row of rows) {
    const { seq, op, device, devSeq } = row;
    if (seq !== before.seq + 1) problems.push(`number ${before.seq + 1} is missing before ${seq}`);
    if (siteHash(sha256, before.siteHash, seq, row.hash, row.verdict) !== row.siteHash)
      problems.push(`number ${seq} does not continue the chain`);
    if (seen.has(op)) problems.push(`${op} is there twice`);
    if (devSeq !== (ends.get(device) ?? 0) + 1)
      problems.push(`${device} goes from ${ends.get(device) ?? 0} to ${devSeq}`);
    seen.add(op);
    ends.set(device, devSeq);
    before = row;
  }
  return problems;
}
