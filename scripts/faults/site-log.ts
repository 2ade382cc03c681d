/** The log of a site as it stands in Postgres, looked at from outside: whether it is dense, nothing twice, and its chain holds. */
import { type SiteHashed, siteProblems } from './log-problems.ts';
import { SITES } from '../site/site.ts';
import type { FaultSite } from './site.ts';

export interface LoggedOp extends SiteHashed {
  readonly op: string;
  readonly value: string;
}

export interface SiteLog {
  readonly rows: readonly LoggedOp[];
  readonly byOp: ReadonlyMap<string, LoggedOp>;
  readonly problems: readonly string[];
}

const ROWS = `SELECT l.seq, l.op_id, l.device, l.dev_seq, l.hash, l.site_hash, l.verdict, coalesce(v.value, ''), l.root
  FROM op_log l LEFT JOIN op_value v USING (site, op_id) WHERE l.site = $1 ORDER BY l.seq`;

export const readSiteLog = ({ running }: Pick<FaultSite, 'running'>, name: string = SITES[0]): Promise<SiteLog> =>
  readLog((statement, values) => running.stores.sql(statement, values), name);

export async function readLog(sql: FaultSite['running']['stores']['sql'], name: string): Promise<SiteLog> {
  const rows = (await sql(ROWS, [name])).map((row): LoggedOp => {
    const [seq = '', op = '', device = '', devSeq = '', hash = '', siteHash = '', verdict = '', value = ''] = row;
    return { seq: Number(seq), op, device, devSeq: Number(devSeq), hash, siteHash, verdict, value };
  });
  return { rows, byOp: new Map(rows.map((row) => [row.op, row])), problems: siteProblems(rows) };
}

/** Values that stand in more than one operation: every save of a fault writes one of its own. */
export function twice({ rows }: SiteLog, values: ReadonlySet<string>): number {
  const seen = new Map<string, number>();
  for (const { value } of rows) if (values.has(value)) seen.set(value, (seen.get(value) ?? 0) + 1);
  return [...seen.values()].filter((times) => times > 1).length;
}
