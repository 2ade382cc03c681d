/** What changes expect to be so still (`Change.expects`), asked of all of them at once and behind the lock of the site's head. */
import { sql } from 'drizzle-orm';
import { Settings } from '../../../core/contract/settings.ts';
import { sameSettings } from '../same-settings.ts';
import type { Transaction } from './connection.ts';
import type { Known } from './known.ts';
import { type ChangeWire, SETTINGS_KEY } from './plan.ts';
import { opLog, settings } from './schema.ts';

/** What two changes of one transaction may not both touch: the second would be decided over what was before the first. */
export const expectedKeys = ({ expects = {}, ops }: ChangeWire): string[] => [
  ...(expects.unknown ?? []).map((sha) => `document ${sha}`),
  ...(expects.settings === undefined ? [] : ['settings']),
  ...new Set([...ops.map(({ root }) => root), ...(expects.ops === undefined ? [] : [expects.ops.root])].map(rootKey)),
];
const rootKey = (root: string): string => `root ${root}`;

/** Whether all is as a change expects. */
export type IsAsExpected = (change: ChangeWire, known: Pick<Known, 'documents'>) => boolean;

export async function askExpected(
  tx: Transaction,
  site: string,
  changes: readonly ChangeWire[],
): Promise<IsAsExpected> {
  const expected = changes.flatMap(({ expects }) => expects ?? []);
  const roots = expected.flatMap(({ ops }) => ops?.root ?? []);
  const [counted, stored] = await Promise.all([
    roots.length === 0
      ? []
      : tx.send<{ root: string; n: number }>(
          sql`SELECT root, count(*)::int AS n FROM ${opLog} WHERE site = ${site} AND root = ANY (${sql.param(roots)}::text[]) GROUP BY root`,
        ),
    expected.every((one) => one.settings === undefined)
      ? []
      : tx.send<{ value: unknown }>(sql`SELECT value FROM ${settings} WHERE site = ${site} AND key = ${SETTINGS_KEY}`),
  ]);
  const counts = new Map(counted.map(({ root, n }) => [root, n]));
  const now = Settings.parse(stored[0]?.value ?? {});
  return ({ expects: { unknown = [], settings: seen, ops } = {} }, { documents }) =>
    !unknown.some((sha) => documents.has(sha)) &&
    (seen === undefined || sameSettings(seen, now)) &&
    (ops === undefined || (counts.get(ops.root) ?? 0) === ops.count);
}
