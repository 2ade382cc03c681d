/** The audit of an operation log, row by row, whatever keeps it: chains, commitments, columns, order. The store streams its log through it. */
import { hash } from 'node:crypto';
import { type ChainEnd, createChainVerifier } from '../../core/sync/chain.ts';
import type { OpBody, OpContent } from '../../core/sync/op.ts';
import type { AuditReport } from './store.ts';

export const MAX_PROBLEMS = 1_000;

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

type Problem = AuditReport['problems'][number];

/** An operation as a table keeps it. */
export interface AuditRow {
  /** Place in the order in which the log took the operations in. */
  readonly order: number;
  readonly opId: string;
  readonly device: string;
  readonly devSeq: number;
  readonly root: string;
  readonly kind: string;
  readonly body: string;
  readonly hash: string;
  readonly erasedBy: string | null;
  readonly content: OpContent | null;
}

interface End {
  readonly ends: readonly ChainEnd[];
  /** Whether an operation is in the log: one that erased another has to be. */
  readonly exists: (opId: string) => boolean;
  /** What was found besides the chains. */
  readonly more: readonly Problem[];
  /** Problems that a salvage named, as `<op> <devSeq> <what>`. */
  readonly known?: ReadonlySet<string>;
}

/** `mayLack`: see core/sync/chain.ts. */
export function createAudit(mayLack: readonly ChainEnd[] = []) {
  const verifier = createChainVerifier(sha256, mayLack);
  const problems: Problem[] = [];
  const erasures: { op: string; devSeq: number; by: string }[] = [];
  const marks = new Map(mayLack.map(({ device, devSeq }) => [device, devSeq]));
  let last = { device: '', devSeq: 0, order: 0 };
  return {
    /** Rows of one device after the other, each in the order of its own numbers. */
    add(row: AuditRow): void {
      const { body: text, content, opId: op, devSeq } = row;
      problems.push(...verifier.add({ text, hash: row.hash, content, erased: row.erasedBy !== null }));
      problems.push(...columnProblems(row));
      if (row.erasedBy !== null) erasures.push({ op, devSeq, by: row.erasedBy });
      // One that was given up may have come back later than those after it.
      const isLate = last.devSeq <= (marks.get(row.device) ?? 0);
      if (row.device === last.device && row.order < last.order && !isLate)
        problems.push({ op, devSeq, what: 'stands before an older operation of its device' });
      last = row;
    },
    /** So many problems that more of them tell nothing new. */
    isHopeless: (): boolean => problems.length > MAX_PROBLEMS,
    done: (): number => verifier.ops,
    /** Operations that are said to have erased others. */
    erasers: (): string[] => [...new Set(erasures.map(({ by }) => by))],
    finish({ ends, exists, more, known = new Set() }: End): AuditReport {
      for (const { op, devSeq, by } of erasures)
        if (!exists(by)) problems.push({ op, devSeq, what: 'was erased by an operation that is not in the log' });
      problems.push(...verifier.finish(ends), ...more);
      const fresh = problems.filter(({ op, devSeq, what }) => !known.has(`${op} ${devSeq} ${what}`));
      const { ops, devices, erased, gone } = verifier;
      const report = { ops, devices, erased, gone, known: problems.length - fresh.length };
      return { ...report, problems: fresh.slice(0, MAX_PROBLEMS) };
    },
  };
}

/** Heads are derived from the log: a value put there by hand shows as one that no operation has. */
export const strayHead = (op: string, devSeq: number | null): Problem => ({
  op,
  devSeq: devSeq ?? 0,
  what: 'a value that is shown is not the one its operation has; rebuild the heads',
});

/** Columns are copies of the body for the indexes; a changed copy would hide or move an operation. */
function columnProblems(row: AuditRow): Problem[] {
  const problem = { op: row.opId, devSeq: row.devSeq, what: 'the columns differ from the body' };
  try {
    const body = JSON.parse(row.body) as Partial<OpBody>;
    const same =
      body.op_id === row.opId &&
      body.device === row.device &&
      body.dev_seq === row.devSeq &&
      body.root === row.root &&
      body.kind === row.kind;
    return same ? [] : [problem];
  } catch {
    return [problem]; // no JSON any more
  }
}
