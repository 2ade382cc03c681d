/** The heads of cells in tables, moved by the rule of core/sync/reducer.ts one operation at a time; `heads.test.ts` holds the two together. */
import { and, asc, count, eq, gt, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { type CellKey, cellOf, headValue } from '../../../core/sync/kinds.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { cellHead, opLog, opValue, superseded } from './schema.ts';

export interface Heads {
  /** Takes in an accepted operation. */
  apply(op: HeadOp, value: string | null): void;
  /** Takes a stored operation out again and gives back what it superseded. */
  refuse(opId: string, code: string): void;
  /** Empties the tables and applies the whole log. Number of cells. */
  rebuild(): number;
}

type HeadOp = Pick<OpBody, 'op_id' | 'kind' | 'root' | 'entity' | 'field' | 'parents'>;

const SLICE = 5_000;

const at = (table: typeof cellHead | typeof superseded) =>
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

export function createHeads(orm: BetterSQLite3Database): Heads {
  const keys = {
    root: sql.placeholder('root'),
    entity: sql.placeholder('entity'),
    field: sql.placeholder('field'),
    opId: sql.placeholder('opId'),
  };
  const raise = orm
    .insert(superseded)
    .values({ ...keys, count: 1 })
    .onConflictDoUpdate({
      target: [superseded.root, superseded.entity, superseded.field, superseded.opId],
      set: { count: sql`${superseded.count} + 1` },
    })
    .prepare();
  const lower = orm
    .update(superseded)
    .set({ count: sql`${superseded.count} - 1` })
    .where(at(superseded))
    .returning({ count: superseded.count })
    .prepare();
  const forget = orm.delete(superseded).where(at(superseded)).prepare();
  const isSuperseded = orm.select({ count: superseded.count }).from(superseded).where(at(superseded)).prepare();
  const drop = orm.delete(cellHead).where(at(cellHead)).prepare();
  const add = orm
    .insert(cellHead)
    .values({ ...keys, value: sql.placeholder('value') })
    .onConflictDoNothing()
    .prepare();
  const stored = orm
    .select({ body: opLog.body, verdict: opLog.verdict, value: opValue.value })
    .from(opLog)
    .leftJoin(opValue, eq(opValue.opId, opLog.opId))
    .where(eq(opLog.opId, sql.placeholder('opId')))
    .prepare();

  function apply(op: HeadOp, value: string | null): void {
    const cell = cellOf(op);
    if (cell === undefined) return;
    for (const parent of parentsOf(op)) {
      raise.run(key(cell, parent));
      drop.run(key(cell, parent));
    }
    if (isSuperseded.get(key(cell, op.op_id)) !== undefined) return;
    add.run({ ...key(cell, op.op_id), value: headValue(op.kind, value) });
  }

  /** The parent is a head again if it is an accepted operation of this very cell: a reading never is. */
  function giveBack(cell: CellKey, parent: string): void {
    const row = stored.get({ opId: parent });
    if (row === undefined || row.verdict !== 'accepted') return;
    const op = JSON.parse(row.body) as OpBody;
    const own = cellOf(op);
    if (own?.root !== cell.root || own.entity !== cell.entity || own.field !== cell.field) return;
    add.run({ ...key(cell, parent), value: headValue(op.kind, row.value) });
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
      const op = JSON.parse(row.body) as OpBody;
      const cell = cellOf(op);
      if (cell === undefined) return;
      drop.run(key(cell, opId));
      for (const parent of parentsOf(op)) {
        if (lower.get(key(cell, parent))?.count !== 0) continue;
        forget.run(key(cell, parent));
        giveBack(cell, parent);
      }
    },
    rebuild() {
      orm.delete(cellHead).run();
      orm.delete(superseded).run();
      for (let after = 0; ;) {
        const slice = orm
          .select({ localSeq: opLog.localSeq, body: opLog.body, value: opValue.value })
          .from(opLog)
          .leftJoin(opValue, eq(opValue.opId, opLog.opId))
          .where(and(gt(opLog.localSeq, after), eq(opLog.verdict, 'accepted'), isApplied))
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
