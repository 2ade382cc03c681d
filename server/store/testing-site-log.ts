/** For tests of a station's database: the log of a site as a list, numbered and chained as a site does it. */
import type { Verdict, WireOp } from '../../core/contract/sync-http.ts';
import type { OpBody } from '../../core/sync/op.ts';
import { NO_SITE_HASH, siteHash } from '../../core/sync/site-chain.ts';
import { sha256 } from './audit.ts';
import type { CheckedOp, CheckedPage, KnownHead, Offer, PushResults } from './station-sync-store.ts';

export type LoggedOp = CheckedOp & { readonly id: string; readonly siteHash: string };

export interface SiteLog {
  readonly site: string;
  readonly epoch: number;
  readonly ops: LoggedOp[];
  /** Numbers what is new of it; gives each its verdict. */
  push(offer: Offer, verdictOf?: (body: OpBody) => Verdict): PushResults;
  page(after: number, limit?: number): CheckedPage;
  /** As restored from a backup: what came after is gone. */
  restored(upTo: number): SiteLog;
}

/** Of the form of a key; nobody signs with it. */
export const KEY = 'k'.repeat(43);

export function createSiteLog(site: string, epoch = 1): SiteLog {
  const ops: LoggedOp[] = [];
  const heads: (KnownHead & { seq: number })[] = [];
  return {
    site,
    epoch,
    ops,
    push(offer, verdictOf = () => 'accepted') {
      const results = (JSON.parse(offer.text) as WireOp[]).map(({ body: text, content }) => {
        const body = JSON.parse(text) as OpBody;
        const held = ops.find(({ id }) => id === body.op_id);
        if (held !== undefined) return { op_id: held.id, seq: held.seq, verdict: held.verdict };
        const [seq, hash, verdict] = [ops.length + 1, sha256(text), verdictOf(body)];
        const before = ops.at(-1)?.siteHash ?? NO_SITE_HASH;
        const chained = siteHash(sha256, before, seq, hash, verdict);
        ops.push({ id: body.op_id, seq, verdict, text, hash, content, siteHash: chained });
        return { op_id: body.op_id, seq, verdict };
      });
      const { devSeq, hash } = offer.last;
      const signature = 's'.repeat(86);
      heads.push({ device: offer.device, dev_seq: devSeq, hash, signature, public_key: KEY, seq: ops.length });
      return { device: offer.device, epoch, results };
    },
    page(after, limit = 1_000) {
      const part = ops.slice(after, after + limit);
      const last = part.at(-1);
      const inside = heads.filter(({ seq }) => seq > after && seq <= (last?.seq ?? after));
      return {
        site,
        epoch,
        ops: part.map(({ id: _id, siteHash: _hash, ...op }) => op),
        siteHash: last?.siteHash ?? (after === 0 ? NO_SITE_HASH : (ops[after - 1]?.siteHash ?? '')),
        heads: inside.map(({ seq: _seq, ...head }) => head),
      };
    },
    restored(upTo) {
      const again = createSiteLog(site, epoch + 1);
      again.ops.push(...ops.slice(0, upTo));
      return again;
    },
  };
}
