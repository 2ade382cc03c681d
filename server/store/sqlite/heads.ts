/** The heads of cells in tables, moved by the rule of core/sync/reducer.ts one operation at a time; `heads.test.ts` holds the two together. */
import { and, asc, count, eq, gt, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { type CellKey, cellOf, headValue } from '../../../core/sync/kinds.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { headRows } from './head-rows.ts';
import { cellHead, opLog, opValue, superseded } from './schema.ts';
import { goneHead } from './schema-gone.ts';

export interface Heads {
  /** Takes in an accepted operation. */
  apply(op: HeadOp, value: string | null): void;
  /** Takes a stored operation out again and gives back what it superseded. */
  refuse(opId: string, code: string): void;
  /** Empties the tables and applies the whole log; what stands in cells of roots that are not here whole stays as it is. Number of cells. */
  rebuild(): number;
}

type HeadOp = Pick<OpBody, 'op_id' | 'kind' | 'root' | 'entity' | 'field' | 'parents'>;

const SLICE = 5_000;

const at = (table: typeof cellHead | typeof superseded | typeof goneHead) =>
  and(
    eq(table.root, sql.placeholder('root')),
    eq(table.entity, sql.placeholder('entity')),
    eq(table.field, sql.placeholder('field')),
    eq(table.opId, sql.placeholder('opId')),
  );

const parentsOf = (op: HeadOp): string[] => [...new Set(op.parents)];

const key = (cell: CellKey, opId: string) => ({ ...cell, opId });

/** Of a newer version: kept and not applied. */
export const isApplied = sql`NOT EXISTS (SELECT 1 FROM op_deferred d WHERE d.op_id = ${opLog.opId})`;

/** All of its operations are here. */
export const isWhole = (root: SQLiteColumn): SQL => sql`NOT EXISTS (SELECT 1 FROM gone_root g WHERE g.root = ${root})`;

export function createHeads(orm: BetterSQLite3Database): Heads {
  const keys = {
    root: sql.placeholder('root'),
    entity: sql.placeholder('entity'),
    field: sql.placeholder('field'),
    opId: sql.placeholder('opId'),
  };
  const rows = headRows(orm);
  const lower = orm
    .update(superseded)
    .set({ count: sql`${superseded.count} - 1` })
    .where(at(superseded))
    .returning({ count: superseded.count })
    .prepare();
  const forget = orm.delete(superseded).where(at(superseded)).prepare();
  const keepGone = orm
    .insert(goneHead)
    .values({ ...keys, value: sql.placeholder('value') })
    .onConflictDoNothing()
    .prepare();
  const takeGone = orm.delete(goneHead).where(at(goneHead)).returning({ value: goneHead.value }).prepare();
  const stored = orm
    .select({ body: opLog.body, verdict: opLog.verdict, value: opValue.value })
    .from(opLog)
    .leftJoin(opValue, eq(opValue.opId, opLog.opId))
    .where(eq(opLog.opId, sql.placeholder('opId')))
    .prepare();

  function apply(op: HeadOp, value: string | null): void {
    const cell = cellOf(op);
    if (cell === undefined) return;
    const own = key(cell, op.op_id);
    const parents = parentsOf(op).map((parent) => key(cell, parent));
    for (const parent of parents) rows.raise(parent);
    const stands = !rows.isSuperseded(own);
    const text = headValue(op.kind, value);
    const [first, ...others] = parents;
    // Most take the place of the one that they name.
    if (stands && first !== undefined && others.length === 0 && rows.isHere(first.opId))
      if (rows.take(first, op.op_id, text)) return;
    for (const parent of parents) {
      const dropped = rows.drop(parent);
      // Its text is at the site alone, and it may have to stand here again.
      if (dropped !== undefined && !rows.isHere(parent.opId)) keepGone.run({ ...parent, value: dropped.value });
    }
    if (stands) rows.add(own, text);
  }

  /** The parent is a head again if it is an accepted operation of this very cell: a reading never is. */
  function giveBack(cell: CellKey, parent: string): void {
    const row = stored.get({ opId: parent });
    if (row === undefined) {
      const gone = takeGone.get(key(cell, parent));
      if (gone !== undefined) rows.add(key(cell, parent), gone.value);
      return;
    }
    if (row.verdict !== 'accepted') return;
    const op = JSON.parse(row.body) as OpBody;
    const own = cellOf(op);
    if (own?.root !== cell.root || own.entity !== cell.entity || own.field !== cell.field) return;
    rows.add(key(cell, parent), headValue(op.kind, row.value));
  }

  function takeOut(op: OpBody): void {
    const cell = cellOf(op);
    if (cell === undefined) return;
    rows.drop(key(cell, op.op_id));
    for (const parent of parentsOf(op)) {
      if (lower.get(key(cell, parent))?.count !== 0) continue;
      forget.run(key(cell, parent));
      giveBack(cell, parent);
    }
  }

  return {
    apply,
    refuse(opId, code) {
      const row = stored.get({ opId });
      if (row === undefined || row.verdict !== 'accepted') return;
      orm
        .update(opLog)
        .set({ verdict: `refused:${code}` })
        .where(eq(opLog.opId, opId))
        .run();
      takeOut(JSON.parse(row.body) as OpBody);
    },
    rebuild() {
      for (const table of [cellHead, superseded]) orm.delete(table).where(isWhole(table.root)).run();
      for (let after = 0; ;) {
        const slice = orm
          .select({ localSeq: opLog.localSeq, body: opLog.body, value: opValue.value })
          .from(opLog)
          .leftJoin(opValue, eq(opValue.opId, opLog.opId))
          .where(and(gt(opLog.localSeq, after), eq(opLog.verdict, 'accepted'), isApplied, isWhole(opLog.root)))
          .orderBy(asc(opLog.localSeq))
          .limit(SLICE)
          .all();
        for (const row of slice) apply(JSON.parse(row.body) as OpBody, row.value);
        const last = slice.at(-1);
        if (last === undefined) break;
        after = last.localSeq;
      }
      const cells = orm.selectDistinct({ root: cellHead.root, entity: cellHead.entity, field: cellHead.field });
      const counted = cells.from(cellHead).as('cells');
      return orm.select({ n: count() }).from(counted).get()?.n ?? 0;
    },
  };
}
