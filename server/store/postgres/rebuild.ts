/** Heads, lessons and duplicate keys made again from the log, in one transaction behind the lock of the site. */
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { duplicateKeys } from '../../../core/invoice/summary.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { LESSON_KINDS } from '../lesson-op.ts';
import { unpackInvoice } from '../packed-invoice.ts';
import type { Statement, Transaction } from './connection.ts';
import { lockHead } from './commit.ts';
import { createHeadMoves, headPlaces, supersededAmong } from './heads.ts';
import { lessonStatements } from './lesson-rows.ts';
import { cellHead, invoiceData, invoices, lesson, lessonKey, lessonUse, opLog, opValue, superseded } from './schema.ts';
import { given, withoutNul } from './text.ts';

const SLICE = 5_000;
const INVOICES = 500;

const withValue = and(eq(opValue.site, opLog.site), eq(opValue.opId, opLog.opId));

async function sendAll(tx: Transaction, statements: readonly Statement[]): Promise<void> {
  await Promise.all(statements.map((statement) => tx.send(statement)));
}

async function rebuildCells(tx: Transaction, site: string): Promise<void> {
  const { orm } = tx;
  await orm.delete(cellHead).where(eq(cellHead.site, site));
  await orm.delete(superseded).where(eq(superseded.site, site));
  for (let after = 0; ;) {
    const rows = await orm
      .select({ seq: opLog.seq, body: opLog.body, value: opValue.value })
      .from(opLog)
      .leftJoin(opValue, withValue)
      .where(and(eq(opLog.site, site), gt(opLog.seq, after), eq(opLog.verdict, 'accepted')))
      .orderBy(asc(opLog.seq))
      .limit(SLICE);
    if (rows.length === 0) return;
    const ops = rows.map((row) => JSON.parse(row.body) as OpBody);
    const places = headPlaces(ops);
    const moves = createHeadMoves(places.length === 0 ? [] : await tx.send(supersededAmong(site, places)));
    rows.forEach((row, at) => moves.apply(ops[at] as OpBody, given(row.value)));
    await sendAll(tx, moves.statements(site));
    after = rows.at(-1)?.seq ?? after;
  }
}

async function rebuildLessons(tx: Transaction, site: string): Promise<void> {
  const { orm } = tx;
  for (const table of [lesson, lessonKey, lessonUse]) await orm.delete(table).where(eq(table.site, site));
  const rows = await orm
    .select({ body: opLog.body, value: opValue.value })
    .from(opLog)
    .leftJoin(opValue, withValue)
    .where(and(eq(opLog.site, site), inArray(opLog.kind, [...LESSON_KINDS]), eq(opLog.verdict, 'accepted')))
    .orderBy(asc(opLog.seq));
  for (const { body, value } of rows)
    await sendAll(tx, lessonStatements(orm, site, JSON.parse(body) as OpBody, given(value)));
}

/** Data that was damaged waits for the projection to be made again. */
function keysIn(data: Buffer): ReturnType<typeof duplicateKeys> | undefined {
  try {
    return duplicateKeys(JSON.parse(unpackInvoice(data).toString()) as Invoice);
  } catch {
    return undefined;
  }
}

async function rebuildKeys(tx: Transaction, site: string): Promise<void> {
  for (let after = ''; ;) {
    const rows = await tx.orm
      .select({ id: invoiceData.invoice, data: invoiceData.data })
      .from(invoiceData)
      .where(and(eq(invoiceData.site, site), gt(invoiceData.invoice, after)))
      .orderBy(asc(invoiceData.invoice))
      .limit(INVOICES);
    if (rows.length === 0) return;
    const made = rows.flatMap(({ id, data }) => {
      const keys = keysIn(data);
      return keys === undefined ? [] : [{ id, keys }];
    });
    const column = (name: keyof ReturnType<typeof duplicateKeys>) =>
      sql`${sql.param(made.map(({ keys }) => withoutNul(keys[name])))}::text[]`;
    await tx.send(sql`
      UPDATE ${invoices} i SET document_sha = k.document_sha, vendor_key = k.vendor_key, number_key = k.number_key, gross_total = k.gross_total
      FROM unnest(${sql.param(made.map(({ id }) => id))}::text[], ${column('documentSha')}, ${column('vendorKey')}, ${column('numberKey')},
        ${column('grossTotal')}) AS k (id, document_sha, vendor_key, number_key, gross_total)
      WHERE i.site = ${site} AND i.id = k.id
        AND (i.document_sha, i.vendor_key, i.number_key, i.gross_total) IS DISTINCT FROM (k.document_sha, k.vendor_key, k.number_key, k.gross_total)`);
    after = rows.at(-1)?.id ?? after;
  }
}

export async function rebuildHeads(tx: Transaction, site: string): Promise<{ cells: number }> {
  await tx.send(lockHead(site));
  await rebuildCells(tx, site);
  await rebuildLessons(tx, site);
  await rebuildKeys(tx, site);
  const [row] = await tx.orm
    .select({ n: sql<number>`count(DISTINCT (${cellHead.root}, ${cellHead.entity}, ${cellHead.field}))::int` })
    .from(cellHead)
    .where(eq(cellHead.site, site));
  return { cells: row?.n ?? 0 };
}
