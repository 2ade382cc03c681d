/** For tests: a device that writes operations one after the other, and the batches it would send. */
import { headProofText, type PushBatch, type SignedHead } from '../contract/sync-http.ts';
import type { ArrivedOp } from './arrived.ts';
import { tick } from './hlc.ts';
import type { OpDraft, Sha256 } from './op.ts';
import { NO_HASH, sealOp } from './seal.ts';

export interface Pen {
  readonly device: string;
  readonly ops: readonly ArrivedOp[];
  write(draft: OpDraft): ArrivedOp;
  head(at: number): SignedHead;
  /** Numbers `from` to `to`, both included. */
  batch(from: number, to: number, more?: Partial<PushBatch>): PushBatch;
}

export const TEST_SITE = 'site';
/** Stands for Ed25519: whoever knows the device's name can sign. */
const signatureOf = (device: string, text: string): string => `${device} signs ${text}`;
export const verifyOf =
  (device: string) =>
  (text: string, signature: string): boolean =>
    signature === signatureOf(device, text);

export function createPen(device: string, sha256: Sha256): Pen {
  const ops: ArrivedOp[] = [];
  const head = (at: number): SignedHead => {
    const unsigned = { device, dev_seq: at, hash: ops[at - 1]?.hash ?? NO_HASH };
    return { ...unsigned, signature: signatureOf(device, headProofText(TEST_SITE, unsigned)) };
  };
  return {
    device,
    ops,
    head,
    write(draft) {
      const devSeq = ops.length + 1;
      const hlc = tick(ops.at(-1)?.body.hlc ?? '', devSeq, device);
      const op = sealOp(draft, { device, devSeq, devPrev: ops.at(-1)?.hash ?? NO_HASH, hlc }, sha256);
      ops.push(op);
      return op;
    },
    batch: (from, to, more = {}) => ({
      device,
      epoch: 0,
      first_dev_seq: from,
      ops: ops.slice(from - 1, to).map((op) => ({ body: op.text, content: op.content })),
      head: head(to),
      ...more,
    }),
  };
}
