import { drizzle } from 'drizzle-orm/better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headValue } from '../../../core/sync/kinds.ts';
import { apply, emptyRegisters, refuse } from '../../../core/sync/reducer.ts';
import { createHeads } from './heads.ts';
import { type OpenDatabase, openForWriting } from './open.ts';

let folder: string;
let opened: OpenDatabase;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heads-'));
  opened = openForWriting(join(folder, 'station.db'), '2026-01-01T00:00:00.000Z');
  // Thousands of small histories: what is tested here is the rule, not the disk.
  opened.db.pragma('synchronous = OFF');
});
afterAll(() => {
  opened.close();
  rmSync(folder, { recursive: true });
});

/** A device holds parents before their children; a refusal can come at any time after its operation. */
const histories = fc.array(
  fc.record({
    root: fc.constantFrom('r', 'r', 'other'),
    kind: fc.constantFrom('field.set', 'field.set', 'line.deleted', 'line.restored', 'reading.recorded', 'line.added'),
    field: fc.constantFrom('a', 'b'),
    value: fc.constantFrom('1', '2', null),
    parents: fc.array(fc.nat(), { maxLength: 3 }),
    refuse: fc.option(fc.nat(), { freq: 4 }),
  }),
  { maxLength: 12 },
);

const order = (row: { root: string; field: string; op_id: string }): string => `${row.root} ${row.field} ${row.op_id}`;

test('tables move heads as the reducer does, refusals included, and a rebuild gives the same', () => {
  const { db } = opened;
  const heads = createHeads(drizzle({ client: db }));
  const insert = db.prepare(
    "INSERT INTO op_log (op_id, device, dev_seq, root, kind, body, hash, received_at, verdict) VALUES (?, 'd', ?, ?, ?, ?, '', '', 'accepted')",
  );
  const insertValue = db.prepare("INSERT INTO op_value (op_id, value, reason, salt) VALUES (?, ?, NULL, '')");
  const shown = (): unknown[] =>
    db.prepare('SELECT root, entity, field, op_id, value FROM cell_head ORDER BY root, entity, field, op_id').all();
  const counted = (): unknown[] =>
    db.prepare('SELECT root, entity, field, op_id, count FROM superseded WHERE count > 0 ORDER BY 1, 2, 3, 4').all();

  fc.assert(
    fc.property(histories, (history) => {
      db.exec('DELETE FROM op_value; DELETE FROM op_log; DELETE FROM cell_head; DELETE FROM superseded');
      const registers = emptyRegisters();
      const values = new Map<string, string | null>();
      history.forEach((step, at) => {
        const op = {
          op_id: `op${String(at).padStart(2, '0')}`,
          kind: step.kind,
          root: step.root,
          entity: { type: 'line', id: 'l' },
          ...(step.kind === 'field.set' ? { field: step.field } : {}),
          parents: at === 0 ? [] : step.parents.map((parent) => `op${String(parent % at).padStart(2, '0')}`),
        };
        values.set(op.op_id, headValue(op.kind, step.value));
        insert.run(op.op_id, at + 1, op.root, op.kind, JSON.stringify(op));
        insertValue.run(op.op_id, step.value);
        apply(registers, op);
        heads.apply(op, step.value);
        if (step.refuse !== null) {
          const refused = `op${String(step.refuse % (at + 1)).padStart(2, '0')}`;
          refuse(registers, refused);
          heads.refuse(refused, 'test');
        }
      });
      const expected = [...registers.heads].flatMap(([cell, ops]) => {
        const [root = '', entity = '', field = ''] = cell.split(/[ /]/);
        return [...ops].map((op) => ({ root, entity, field, op_id: op, value: values.get(op) ?? null }));
      });
      expect(shown()).toEqual(expected.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)));
      const [before, counts] = [shown(), counted()];
      heads.rebuild();
      expect(shown()).toEqual(before);
      expect(counted()).toEqual(counts);
    }),
    { numRuns: 300 },
  );
});
