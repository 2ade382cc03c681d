import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headValue } from '../../../core/sync/kinds.ts';
import { apply, emptyRegisters } from '../../../core/sync/reducer.ts';
import { newSite, postgres, sharedDatabase } from '../testing-postgres.ts';
import { type Connections, createConnections } from './connection.ts';
import { createHeadMoves, headPlaces, supersededAmong } from './heads.ts';
import { cellHead, superseded } from './schema.ts';
import { and, eq, gt } from 'drizzle-orm';

/** Any order of arrival, in batches of any size. */
const histories = fc.record({
  steps: fc.array(
    fc.record({
      root: fc.constantFrom('r', 'r', 'other'),
      kind: fc.constantFrom(
        'field.set',
        'field.set',
        'line.deleted',
        'line.restored',
        'reading.recorded',
        'line.added',
      ),
      field: fc.constantFrom('a', 'b'),
      value: fc.constantFrom('1', '2', 'with\0nul', null),
      parents: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    { maxLength: 12 },
  ),
  order: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
  cuts: fc.array(fc.nat({ max: 12 }), { maxLength: 3 }),
});

describe.skipIf(postgres.url === undefined)('heads of cells', () => {
  let connections: Connections;
  beforeAll(async () => {
    const { url } = await sharedDatabase();
    connections = createConnections({ url, poolSize: 2, statementTimeoutMs: 10_000, applicationName: 'test' });
  });
  afterAll(() => connections.close());

  test('tables move heads as the reducer does, whatever the order and the batches', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ steps, order, cuts }) => {
        const site = newSite();
        const ops = steps.map((step, at) => ({
          op_id: `op${String(at).padStart(2, '0')}`,
          kind: step.kind,
          root: step.root,
          entity: { type: 'line', id: 'l' },
          ...(step.kind === 'field.set' ? { field: step.field } : {}),
          parents: at === 0 ? [] : step.parents.map((parent) => `op${String(parent % at).padStart(2, '0')}`),
          value: step.value,
        }));
        const keys = new Map(ops.map((op) => [op.op_id, order.next().value as number]));
        const arrived = ops.toSorted((a, b) => (keys.get(a.op_id) ?? 0) - (keys.get(b.op_id) ?? 0));
        const registers = emptyRegisters();
        for (const op of arrived) apply(registers, op);

        const at = [0, ...cuts.toSorted((a, b) => a - b), arrived.length];
        for (let n = 1; n < at.length; n += 1) {
          const batch = arrived.slice(at[n - 1], at[n]);
          await connections.write(site, async (tx) => {
            const places = headPlaces(batch);
            const moves = createHeadMoves(places.length === 0 ? [] : await tx.send(supersededAmong(site, places)));
            for (const op of batch) moves.apply(op, op.value);
            await tx.commit(moves.statements(site));
          });
        }

        const rows = await connections.read(site, ({ orm }) =>
          orm.select().from(cellHead).where(eq(cellHead.site, site)),
        );
        const shown = rows.map(
          (row) =>
            `${row.root} ${row.entity}/${row.field} ${row.opId} ${row.value?.replace('\uE0FF0', '\0') ?? 'null'}`,
        );
        const byId = new Map(ops.map((op) => [op.op_id, op]));
        const expected = [...registers.heads].flatMap(([cell, heads]) =>
          [...heads].map(
            (id) => `${cell} ${id} ${headValue(byId.get(id)?.kind ?? '', byId.get(id)?.value ?? null) ?? 'null'}`,
          ),
        );
        expect(shown.toSorted()).toEqual(expected.toSorted());
        const counts = await connections.read(site, ({ orm }) =>
          orm
            .select()
            .from(superseded)
            .where(and(eq(superseded.site, site), gt(superseded.count, 0))),
        );
        const counted = [...registers.superseded].flatMap(([cell, by]) =>
          [...by].map(([id, n]) => `${cell} ${id} ${n}`),
        );
        expect(
          counts.map((row) => `${row.root} ${row.entity}/${row.field} ${row.opId} ${row.count}`).toSorted(),
        ).toEqual(counted.toSorted());
      }),
      { numRuns: 60 },
    );
  });
});
