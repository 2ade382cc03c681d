/**
 * The heads of cells, moved by the rule of core/sync/reducer.ts: many operations are folded into what changes in the tables, so that a commit of any size is
 * one statement. `heads.pg.test.ts` holds it to the reducer.
 */
import { sql } from 'drizzle-orm';
import { type CellKey, cellOf, headValue } from '../../../core/sync/kinds.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import type { Statement } from './connection.ts';
import { bigintArray, textArray } from './arrays.ts';
import { superseded } from './schema.ts';
import { createCall } from './statement.ts';
import { kept } from './text.ts';

export type HeadOp = Pick<OpBody, 'op_id' | 'kind' | 'root' | 'entity' | 'field' | 'parents'>;

interface Place extends CellKey {
  readonly opId: string;
}

type Columns<N extends string> = Readonly<Record<N, Buffer>>;

const moveCells = createCall<
  { site: string; counts: Buffer; values: Buffer } & Columns<
    'roots' | 'entities' | 'fields' | 'ids' | 'headRoots' | 'headEntities' | 'headFields' | 'headIds'
  >
>(
  (
    place,
  ) => sql`SELECT move_cells(${place('site')}, ${place('roots')}::text[], ${place('entities')}::text[], ${place('fields')}::text[],
    ${place('ids')}::text[], ${place('counts')}::bigint[], ${place('headRoots')}::text[], ${place('headEntities')}::text[],
    ${place('headFields')}::text[], ${place('headIds')}::text[], ${place('values')}::text[])`,
);

/** Whatever is in the names, no two places have one. */
const keyOf = ({ root, entity, field, opId }: Place): string =>
  `${entity.length} ${field.length} ${opId.length} ${entity} ${field} ${opId} ${root}`;

/** Places, each part of them as a column. */
export const placeColumns = (places: readonly Place[]) => ({
  roots: textArray(places.map(({ root }) => root)),
  entities: textArray(places.map(({ entity }) => entity)),
  fields: textArray(places.map(({ field }) => field)),
  ids: textArray(places.map(({ opId }) => opId)),
});

/** Where operations would become heads: the tables are asked which of these are superseded already. */
export const headPlaces = (ops: readonly HeadOp[]): Place[] =>
  ops.flatMap((op) => {
    const cell = cellOf(op);
    return cell === undefined ? [] : [{ ...cell, opId: op.op_id }];
  });

const columns = (places: readonly Place[]) =>
  sql.join(
    (['root', 'entity', 'field', 'opId'] as const).map(
      (name) => sql`${sql.param(places.map((one) => one[name]))}::text[]`,
    ),
    sql`, `,
  );

export const supersededAmong = (site: string, places: readonly Place[]) => sql`
  SELECT p.root, p.entity, p.field, p.op_id AS "opId" FROM unnest(${columns(places)}) AS p (root, entity, field, op_id) CROSS JOIN LATERAL (
    SELECT FROM ${superseded} s WHERE s.site = ${site} AND s.entity = p.entity AND s.field = p.field AND s.op_id = p.op_id AND s.root = p.root AND s.count > 0 LIMIT 1) s`;

export interface HeadMoves {
  /** In the order of the log. */
  apply(op: HeadOp, value: string | null): void;
  statements(site: string): Statement[];
}

/** `known`: places that the tables say are superseded. */
export function createHeadMoves(known: readonly Place[]): HeadMoves {
  const gone = new Set(known.map(keyOf));
  const raised = new Map<string, { place: Place; by: number }>();
  const added = new Map<string, { place: Place; value: string | null }>();
  return {
    apply(op, value) {
      const cell = cellOf(op);
      if (cell === undefined) return;
      for (const parent of new Set(op.parents)) {
        const place = { ...cell, opId: parent };
        const key = keyOf(place);
        raised.set(key, { place, by: (raised.get(key)?.by ?? 0) + 1 });
        added.delete(key);
      }
      const place = { ...cell, opId: op.op_id };
      const key = keyOf(place);
      if (gone.has(key) || raised.has(key)) return;
      added.set(key, { place, value: headValue(op.kind, value) });
    },
    statements(site) {
      if (raised.size + added.size === 0) return [];
      const parents = [...raised].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
      const heads = [...added.values()];
      const { roots, entities, fields, ids } = placeColumns(heads.map(({ place }) => place));
      return [
        moveCells({
          site,
          ...placeColumns(parents.map(({ place }) => place)),
          counts: bigintArray(parents.map(({ by }) => by)),
          headRoots: roots,
          headEntities: entities,
          headFields: fields,
          headIds: ids,
          values: textArray(heads.map(({ value }) => kept(value))),
        }),
      ];
    },
  };
}
