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
  /** Operations that are not here, where that is allowed. */
  readonly gone: number;
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

/**
 * `mayLack`: up to where operations of a device may be missing, because only the site keeps them. What is here is still proved, each by its own hash, and where two follow each
 * other by that; the last one that may be missing is known by its hash.
 */
export function createChainVerifier(sha256: Sha256, mayLack: readonly ChainEnd[] = []): ChainVerifier {
  const heads = new Map<string, { devSeq: number; hash: string }>();
  const marks = new Map(mayLack.map((mark) => [mark.device, mark]));
  let ops = 0;
  let erased = 0;
  let gone = 0;
  /** What comes before the operation as far as it is known; undefined where anything may. */
  function before({ device, dev_seq: devSeq }: OpBody): { devSeq: number; hash: string | undefined } {
    const head = heads.get(device) ?? { devSeq: 0, hash: NO_HASH };
    const mark = marks.get(device);
    const isAllowed = mark !== undefined && devSeq - 1 <= mark.devSeq && devSeq > head.devSeq + 1;
    if (!isAllowed) return head;
    gone += devSeq - head.devSeq - 1;
    return { devSeq: devSeq - 1, hash: devSeq - 1 === mark.devSeq ? mark.hash : undefined };
  }
  return {
    add(op) {
      ops += 1;
      if (op.content === null && op.erased) erased += 1;
      const json = parseJson(op.text);
      const { data: body } = OpBody.safeParse(json);
      if (json === undefined || body === undefined) return [{ op: '', devSeq: 0, what: 'the body cannot be parsed' }];
      const problems = problemsOf(op, json, body, sha256);
      const head = before(body);
      const mark = marks.get(body.device);
      if (mark?.devSeq === body.dev_seq && mark.hash !== op.hash)
        problems.push('is not the one that was here when those before it were given up');
      if (body.dev_seq !== head.devSeq + 1) {
        problems.push(`follows number ${head.devSeq} of its device: operations are missing or out of order`);
      } else if (head.hash !== undefined && body.dev_prev !== head.hash) {
        problems.push('does not continue the operation before it');
      }
      heads.set(body.device, { devSeq: body.dev_seq, hash: op.hash });
      return problems.map((what) => ({ op: body.op_id, devSeq: body.dev_seq, what }));
    },
    finish(ends) {
      for (const mark of marks.values()) gone += Math.max(0, mark.devSeq - (heads.get(mark.device)?.devSeq ?? 0));
      return ends.flatMap((end) => {
        const here = heads.get(end.device) ?? { devSeq: 0, hash: NO_HASH };
        const mark = marks.get(end.device);
        const head = mark !== undefined && mark.devSeq > here.devSeq ? mark : here;
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
      return new Set([...heads.keys(), ...marks.keys()]).size;
    },
    get gone() {
      return gone;
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
