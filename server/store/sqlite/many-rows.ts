/** One statement for several rows: what a statement costs beside its rows is paid once for a handful of them. */
import type { Sqlite } from './open.ts';

const HANDFUL = 16;

type Row = readonly unknown[];

/**
 * `row`: one of `VALUES`. The statement says `OR FAIL`: its transaction ends with its failure, and without that SQLite keeps a copy of every page that the rows before the one that
 * fails go to.
 */
export function manyRows(db: Sqlite, row: string, sql: (rows: string) => string): (rows: readonly Row[]) => void {
  const one = db.prepare(sql(row));
  const many = db.prepare(sql(Array(HANDFUL).fill(row).join(', ')));
  return (rows) => {
    const whole = rows.length - (rows.length % HANDFUL);
    for (let at = 0; at < whole; at += HANDFUL) many.run(rows.slice(at, at + HANDFUL).flat());
    for (const single of rows.slice(whole)) one.run([...single]);
  };
}
