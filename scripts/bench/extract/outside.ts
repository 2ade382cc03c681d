/** The scorer that stands beside a benchmark, outside of the repository: its table is printed, and its counts are held against the repository's own. */
import { spawnSync } from 'node:child_process';
import type { Row } from '../score/score.ts';

interface OutsideRow {
  readonly docs: number;
  readonly fields: Readonly<Record<string, { readonly n: number; readonly ok: number }>>;
  readonly core: { readonly n: number; readonly ok: number };
  readonly li: { readonly t: number; readonly p: number; readonly hit: number; readonly full: number };
}
export type OutsideRows = Readonly<Record<string, OutsideRow>>;

function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`The scorer ended with ${status}: ${stderr}`);
  return stdout;
}

export const outsideTable = (scorer: string, truth: string, said: string, pass: readonly string[]): string =>
  run([scorer, truth, said, ...pass]);

export const outsideRows = (scorer: string, truth: string, said: string): OutsideRows =>
  JSON.parse(run([scorer, truth, said, '--json'])) as OutsideRows;

/** Counts in which the two scorers differ: the repository's own must not flatter. */
export function differences(outside: OutsideRows, rows: ReadonlyMap<string, Row>): string[] {
  return Object.entries(outside).flatMap(([name, theirs]) => {
    const ours = rows.get(name);
    if (!ours) return [`${name}: only there`];
    const pairs: [string, number, number][] = [
      ['documents', theirs.docs, ours.documents.length],
      ['core known', theirs.core.n, ours.core.known],
      ['core right', theirs.core.ok, ours.core.right],
      ['lines known', theirs.li.t, ours.lines.known],
      ['lines said', theirs.li.p, ours.lines.said],
      ['lines found', theirs.li.hit, ours.lines.found],
      ['lines whole', theirs.li.full, ours.lines.whole],
      ...Object.entries(ours.fields).flatMap(([field, count]): [string, number, number][] => [
        [`${field} known`, theirs.fields[field]?.n ?? 0, count.known],
        [`${field} right`, theirs.fields[field]?.ok ?? 0, count.right],
      ]),
    ];
    return pairs.filter(([, a, b]) => a !== b).map(([what, a, b]) => `${name}, ${what}: ${a} there, ${b} here`);
  });
}
