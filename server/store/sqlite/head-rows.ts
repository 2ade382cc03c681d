/** The statements that move heads, by hand: sync runs them for each operation of a page, and a query builder between took as long as SQLite itself. */
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { CellKey } from '../../../core/sync/kinds.ts';
import type { Sqlite } from './open.ts';

export interface HeadPlace extends CellKey {
  readonly opId: string;
}

type Connected = BetterSQLite3Database & { readonly $client: Sqlite };

const PLACE = 'root = ? AND entity = ? AND field = ? AND op_id = ?';
const at = ({ root, entity, field, opId }: HeadPlace) => [root, entity, field, opId] as const;

export function headRows(orm: BetterSQLite3Database) {
  const { $client: db } = orm as Connected;
  const raise = db.prepare(
    `INSERT INTO superseded (root, entity, field, op_id, count) VALUES (?, ?, ?, ?, 1)
     ON CONFLICT (root, entity, field, op_id) DO UPDATE SET count = count + 1`,
  );
  const isSuperseded = db.prepare(`SELECT 1 FROM superseded WHERE ${PLACE}`);
  const drop = db.prepare(`DELETE FROM cell_head WHERE ${PLACE} RETURNING value`);
  const add = db.prepare(
    'INSERT INTO cell_head (root, entity, field, op_id, value) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const take = db.prepare(`UPDATE OR REPLACE cell_head SET op_id = ?, value = ? WHERE ${PLACE}`);
  const isHere = db.prepare('SELECT 1 FROM op_log WHERE op_id = ?');
  return {
    /** In the log: told by its index, its text is not read. */
    isHere: (opId: string): boolean => isHere.get(opId) !== undefined,
    raise: (place: HeadPlace): void => {
      raise.run(...at(place));
    },
    isSuperseded: (place: HeadPlace): boolean => isSuperseded.get(...at(place)) !== undefined,
    /** What stood there. */
    drop: (place: HeadPlace) => drop.get(...at(place)) as { readonly value: string | null } | undefined,
    /** `drop` and `add` in one: takes the place of the one that stands there. False where it does not stand. */
    take: (place: HeadPlace, opId: string, value: string | null): boolean =>
      take.run(opId, value, ...at(place)).changes === 1,
    add: (place: HeadPlace, value: string | null): void => {
      add.run(...at(place), value);
    },
  };
}
