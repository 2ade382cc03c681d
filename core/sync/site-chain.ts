/** The chain over a site's log: it fixes the order of the operations and their verdicts, which the devices' own chains do not. */
import { NO_HASH } from './seal.ts';
import type { Sha256 } from './op.ts';

/** Before the site's first operation. */
export const NO_SITE_HASH = NO_HASH;

export const siteHash = (sha256: Sha256, before: string, seq: number, opHash: string, verdict: string): string =>
  sha256(`${before} ${seq} ${opHash} ${verdict}`);
