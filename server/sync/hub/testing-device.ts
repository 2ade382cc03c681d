/** For tests and benches: a station reduced to what the site sees of it - a key, a chain of operations, batches with a signed head. */
import { randomBytes, randomUUID } from 'node:crypto';
import { headProofText, type PushBatch, type SignedHead, type WireOp } from '../../../core/contract/sync-http.ts';
import { tick } from '../../../core/sync/hlc.ts';
import { uuid7 } from '../../../core/sync/ids.ts';
import { type Author, fieldSetOp, transitionOp } from '../../../core/sync/drafts.ts';
import type { OpDraft } from '../../../core/sync/op.ts';
import { NO_HASH, type SealedOp, sealOp } from '../../../core/sync/seal.ts';
import { sha256 } from '../../store/audit.ts';
import { createSigner, type Signer } from './ed25519.ts';

export interface TestDevice {
  readonly id: string;
  readonly site: string;
  readonly signer: Signer;
  readonly ops: SealedOp[];
  author(): Author;
  /** Seals them as the next of its chain. */
  write(...drafts: readonly OpDraft[]): SealedOp[];
  setField(invoice: string, value: string, parents: readonly string[], field?: string): SealedOp;
  step(invoice: string, from: string, to: string, digest: string): SealedOp;
  head(devSeq?: number): SignedHead;
  /** Operations `from` to `to`, by their numbers; all of them by default. */
  batch(epoch: number, from?: number, to?: number): PushBatch;
}

export const wireOf = (op: SealedOp): WireOp => ({ body: op.text, content: op.content });

export function createTestDevice(
  site: string,
  actor = 'user:tester',
  { id, signer }: Pick<TestDevice, 'id' | 'signer'> = { id: randomUUID(), signer: createSigner(randomBytes(32)) },
): TestDevice {
  const ops: SealedOp[] = [];
  let hlc = '';
  const author = (): Author => ({
    opId: uuid7(Date.now(), randomBytes(10)),
    actor,
    salt: randomBytes(32).toString('hex'),
  });
  const seal = (draft: OpDraft): SealedOp => {
    hlc = tick(hlc, Date.now(), id);
    const place = { device: id, devSeq: ops.length + 1, devPrev: ops.at(-1)?.hash ?? NO_HASH, hlc };
    const op = sealOp(draft, place, sha256);
    ops.push(op);
    return op;
  };
  const at = (devSeq: number): SealedOp => {
    const op = ops[devSeq - 1];
    if (op === undefined) throw new Error(`there is no operation ${devSeq}`);
    return op;
  };
  const device: TestDevice = {
    id,
    site,
    signer,
    ops,
    author,
    write: (...drafts) => drafts.map(seal),
    setField: (invoice, value, parents, field = 'invoiceNumber') =>
      seal(
        fieldSetOp(author(), invoice, {
          entity: { type: 'invoice', id: invoice },
          field,
          value,
          parents,
          source: 'manual',
        }),
      ),
    step: (invoice, from, to, digest) => seal(transitionOp(author(), invoice, { from, to, digest })),
    head(devSeq = ops.length) {
      const proof = { device: id, dev_seq: devSeq, hash: at(devSeq).hash };
      return { ...proof, signature: signer.sign(headProofText(site, proof)) };
    },
    batch: (epoch, from = 1, to = ops.length) => ({
      device: id,
      epoch,
      first_dev_seq: from,
      ops: ops.slice(from - 1, to).map(wireOf),
      head: device.head(to),
    }),
  };
  return device;
}
