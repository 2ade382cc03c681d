/** The audit of a site: its log in slices, each a short transaction, up to where it ended when the audit began. */
import { and, asc, desc, eq, gt, inArray, lte, or, sql } from 'drizzle-orm';
import type { ChainEnd } from '../../../core/sync/chain.ts';
import { NO_SITE_HASH, siteHash } from '../../../core/sync/site-chain.ts';
import { type AuditRow, createAudit, MAX_PROBLEMS, sha256, strayHead } from '../audit.ts';
import type { AuditReport } from '../store.ts';
import type { Connections, Orm } from './connection.ts';
import { cellHead, opLog, opValue, siteHead } from './schema.ts';
import { syncDevice } from './schema-sync.ts';
import { given } from './text.ts';

const SLICE = 2_000;
const CHAIN_SLICE = 10_000;

/** Where the log and the site's memory of it ended when the audit began: what is saved meanwhile is left to the next one. */
type Head = typeof siteHead.$inferSelect & { readonly newest: number; readonly ends: readonly ChainEnd[] };
type Problem = AuditReport['problems'][number];
type Progress = (done: number, total: number) => void;

/** One device after the other, each in the order of its own numbers. */
async function slice(orm: Orm, head: Head, after: { device: string; devSeq: number }): Promise<AuditRow[]> {
  const rows = await orm
    .select({ log: opLog, value: opValue })
    .from(opLog)
    .leftJoin(opValue, and(eq(opValue.site, opLog.site), eq(opValue.opId, opLog.opId)))
    .where(
      and(
        eq(opLog.site, head.site),
        sql`(${opLog.device}, ${opLog.devSeq}) > (${after.device}, ${after.devSeq})`,
        lte(opLog.seq, head.newest),
      ),
    )
    .orderBy(asc(opLog.device), asc(opLog.devSeq))
    .limit(SLICE);
  return rows.map(({ log, value }) => ({
    ...log,
    order: log.seq,
    content:
      value === null ? null : { value: given(value.value), reason: given(value.reason), salt: given(value.salt) },
  }));
}

/** The site's own chain: the order of its operations and their verdicts. */
async function chainProblems(connections: Connections, head: Head, hopeless: () => boolean): Promise<Problem[]> {
  const problems: Problem[] = [];
  let [seq, last] = [0, NO_SITE_HASH];
  for (;;) {
    const from = seq;
    const rows = await connections.read(head.site, ({ orm }) =>
      orm
        .select({
          seq: opLog.seq,
          op: opLog.opId,
          devSeq: opLog.devSeq,
          hash: opLog.hash,
          verdict: opLog.verdict,
          siteHash: opLog.siteHash,
        })
        .from(opLog)
        .where(and(eq(opLog.site, head.site), gt(opLog.seq, from), lte(opLog.seq, head.newest)))
        .orderBy(asc(opLog.seq))
        .limit(CHAIN_SLICE),
    );
    for (const row of rows) {
      const { op, devSeq } = row;
      if (row.seq !== seq + 1)
        problems.push({ op, devSeq, what: `numbers ${seq + 1} to ${row.seq - 1} of the site are missing` });
      else if (siteHash(sha256, last, row.seq, row.hash, row.verdict) !== row.siteHash)
        problems.push({ op, devSeq, what: 'does not continue the chain of the site' });
      [seq, last] = [row.seq, row.siteHash];
    }
    if (rows.length < CHAIN_SLICE || problems.length > MAX_PROBLEMS || hopeless()) break;
  }
  if (seq !== head.seq || last !== head.siteHash)
    problems.push({
      op: '',
      devSeq: head.devSeq,
      what: `the log ends at number ${seq}, the site remembers ${head.seq}`,
    });
  return problems;
}

async function strayHeads(orm: Orm, site: string): Promise<Problem[]> {
  const rows = await orm
    .select({ opId: cellHead.opId, devSeq: opLog.devSeq })
    .from(cellHead)
    .leftJoin(opLog, and(eq(opLog.site, cellHead.site), eq(opLog.opId, cellHead.opId)))
    .leftJoin(opValue, and(eq(opValue.site, cellHead.site), eq(opValue.opId, cellHead.opId)))
    .where(
      and(
        eq(cellHead.site, site),
        sql`${cellHead.field} NOT LIKE '#%'`,
        or(sql`${opLog.opId} IS NULL`, sql`${cellHead.value} IS DISTINCT FROM ${opValue.value}`),
      ),
    )
    .limit(MAX_PROBLEMS);
  return rows.map((row) => strayHead(row.opId, row.devSeq));
}

async function boundsOf(orm: Orm, site: string): Promise<Head> {
  const [head] = await orm.select().from(siteHead).where(eq(siteHead.site, site));
  if (head === undefined) throw new Error(`there is no site ${site}`);
  const [last] = await orm
    .select({ seq: opLog.seq })
    .from(opLog)
    .where(eq(opLog.site, site))
    .orderBy(desc(opLog.seq))
    .limit(1);
  const others = await orm
    .select({ device: syncDevice.device, devSeq: syncDevice.devSeq, hash: syncDevice.hash })
    .from(syncDevice)
    .where(eq(syncDevice.site, site));
  return { ...head, newest: last?.seq ?? 0, ends: [...others, { ...head, hash: head.headHash }] };
}

export async function auditSite(connections: Connections, site: string, progress?: Progress): Promise<AuditReport> {
  const head = await connections.read(site, ({ orm }) => boundsOf(orm, site));
  const audit = createAudit();
  let last = { device: '', devSeq: 0 };
  for (;;) {
    const from = last;
    const rows = await connections.read(site, ({ orm }) => slice(orm, head, from));
    for (const row of rows) audit.add(row);
    progress?.(audit.done(), head.seq);
    last = rows.at(-1) ?? last;
    if (rows.length < SLICE || audit.isHopeless()) break;
  }
  const more = await chainProblems(connections, head, audit.isHopeless);
  const stray = await connections.read(site, ({ orm }) => strayHeads(orm, site));
  const erasers = await connections.read(site, ({ orm }) =>
    orm
      .select({ opId: opLog.opId })
      .from(opLog)
      .where(and(eq(opLog.site, site), inArray(opLog.opId, audit.erasers()))),
  );
  const known = new Set(erasers.map(({ opId }) => opId));
  return audit.finish({ ends: head.ends, exists: (op) => known.has(op), more: [...more, ...stray] });
}
