/** What a station keeps of the others: names, and what it has taken along. What a parcel's text means is the business of server/sync/station/parcels.ts. */
import type { Sqlite } from './open.ts';

export interface PersonRow {
  readonly actor: string;
  readonly name: string;
}
export interface ParcelRow {
  readonly id: string;
  readonly body: string;
}

export function createTogetherRows(db: Sqlite) {
  const people = db.prepare('SELECT actor, name FROM person ORDER BY actor');
  const keep = db.prepare(
    'INSERT INTO person (actor, name) VALUES (@actor, @name) ON CONFLICT (actor) DO UPDATE SET name = excluded.name WHERE name <> excluded.name',
  );
  const keepAll = db.transaction((rows: readonly PersonRow[]): void => {
    for (const row of rows) keep.run(row);
  });
  const parcels = db.prepare('SELECT id, body FROM parcel ORDER BY id');
  const save = db.prepare(
    'INSERT INTO parcel (id, body) VALUES (@id, @body) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
  );
  const drop = db.prepare('DELETE FROM parcel WHERE id = ?');
  return {
    people: (): PersonRow[] => people.all() as PersonRow[],
    /** Who is not among them is not forgotten: what they did stands in the log. */
    keepPeople: (rows: readonly PersonRow[]): void => keepAll.immediate(rows),
    parcels: (): ParcelRow[] => parcels.all() as ParcelRow[],
    saveParcel: (row: ParcelRow): void => void save.run(row),
    dropParcel: (id: string): void => void drop.run(id),
  };
}
