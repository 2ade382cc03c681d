/** Makes an operation of a draft: commitment to its content, place in its device's chain, hash. Pure; the hash function comes in. */
import { OP_SCHEMA } from '../contract/version.ts';
import { canonicalJson, wellFormed } from './canonical.ts';
import type { OpBody, OpContent, OpDraft, Sha256 } from './op.ts';

/** `dev_prev` of a device's first operation. */
export const NO_HASH = '0'.repeat(64);

/** Where the operation stands in its device's chain. */
export interface Seal {
  readonly device: string;
  readonly devSeq: number;
  readonly devPrev: string;
  readonly hlc: string;
}

export interface SealedOp {
  readonly body: OpBody;
  /** Canonical text of the body: what is kept, sent and hashed. */
  readonly text: string;
  readonly hash: string;
  readonly content: OpContent;
}

/** The text is kept as it is: parsing and printing it again must give the same text. */
export const canonicalOp = (body: OpBody): string => canonicalJson({ ...body, entity: { ...body.entity } });

/** sha256(salt || canonical({reason, value})): without the salt, a short value could be guessed from its commitment after an erasure. */
export const commitOf = (sha256: Sha256, content: OpContent): string =>
  sha256(`${content.salt}{"reason":${canonicalJson(content.reason)},"value":${canonicalJson(content.value)}}`);

export function sealOp(draft: OpDraft, seal: Seal, sha256: Sha256): SealedOp {
  const { content: given, ...rest } = draft;
  const content: OpContent = {
    value: given.value === null ? null : wellFormed(given.value),
    reason: given.reason === null ? null : wellFormed(given.reason),
    salt: given.salt,
  };
  const body: OpBody = {
    ...rest,
    v: 1,
    schema: OP_SCHEMA,
    device: seal.device,
    dev_seq: seal.devSeq,
    dev_prev: seal.devPrev,
    hlc: seal.hlc,
    commit: commitOf(sha256, content),
  };
  const text = canonicalOp(body);
  return { body, text, hash: sha256(text), content };
}
