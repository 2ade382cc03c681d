/** Verifies operations as they are kept: texts, hashes, commitments, and each device's chain. Pure; the shell streams the log through it. */
import { type CanonicalValue, isCanonical, parseJson } from './canonical.ts';
import { OpBody, type OpContent, type Sha256 } from './op.ts';
import { commitOf, NO_HASH } from './seal.ts';

/** An operation as a log keeps it. */
export interface KeptOp {
  readonly text: string;
  readonly hash: string;
  /** null where it is missing; `erased` tells whether that is allowed. */
  readonly content: OpContent | null;
  readonly erased: boolean;
}

export interface ChainProblem {
  readonly op: string;
  readonly devSeq: number;
  readonly what: string;
}

/** Where a device's chain must end: what the device itself remembers. Without it a chain cut at its end would look whole. */
export interface ChainEnd {
  readonly device: string;
  readonly devSeq: number;
  readonly hash: string;
}

export interface ChainVerifier {
  /** Operations of one device one after the other, in the order of dev_seq. */
  add(op: KeptOp): readonly ChainProblem[];
  finish(ends: readonly ChainEnd[]): readonly ChainProblem[];
  readonly ops: number;
  readonly erased: number;
  readonly devices: number;
}

/** What is wrong with the operation on its own. */
function problemsOf(op: KeptOp, json: CanonicalValue, body: OpBody, sha256: Sha256): string[] {
  const problems: string[] = [];
  if (sha256(op.text) !== op.hash) problems.push('the body is not the one that was hashed');
  if (!isCanonical(json, op.text)) problems.push('the body is not in canonical form');
  if (op.content === null) {
    if (!op.erased) problems.push('the content is missing and no erasure tells of it');
  } else if (commitOf(sha256, op.content) !== body.commit) {
    problems.push('value, reason or salt is not the one committed to');
  }
  return problems;
}

export function createChainVerifier(sha256: Sha256): ChainVerifier {
  const heads = new Map<string, { devSeq: number; hash: string }>();
  let ops = 0;
  let erased = 0;
  return {
    add(op) {
      ops += 1;
      if (op.content === null && op.erased) erased += 1;
      const json = parseJson(op.text);
      const { data: body } = OpBody.safeParse(json);
      if (json === undefined || body === undefined) return [{ op: '', devSeq: 0, what: 'the body cannot be parsed' }];
      const problems = problemsOf(op, json, body, sha256);
      const head = heads.get(body.device) ?? { devSeq: 0, hash: NO_HASH };
      if (body.dev_seq !== head.devSeq + 1) {
        problems.push(`follows number ${head.devSeq} of its device: operations are missing or out of order`);
      } else if (body.dev_prev !== head.hash) {
        problems.push('does not continue the operation before it');
      }
      heads.set(body.device, { devSeq: body.dev_seq, hash: op.hash });
      return problems.map((what) => ({ op: body.op_id, devSeq: body.dev_seq, what }));
    },
    finish(ends) {
      return ends.flatMap((end) => {
        const head = heads.get(end.device) ?? { devSeq: 0, hash: NO_HASH };
        if (head.devSeq === end.devSeq && head.hash === end.hash) return [];
        const what = `the log of device ${end.device} ends at number ${head.devSeq}, the device remembers ${end.devSeq}`;
        return [{ op: '', devSeq: end.devSeq, what }];
      });
    },
    get ops() {
      return ops;
    },
    get erased() {
      return erased;
    },
    get devices() {
      return heads.size;
    },
  };
}

/** All at once, for short logs and tests. */
export function verifyChain(ops: Iterable<KeptOp>, ends: readonly ChainEnd[], sha256: Sha256): ChainProblem[] {
  const verifier = createChainVerifier(sha256);
  const problems: ChainProblem[] = [];
  for (const op of ops) problems.push(...verifier.add(op));
  problems.push(...verifier.finish(ends));
  return problems;
}
