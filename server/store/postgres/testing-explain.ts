/**
 * How the database answered the store's own statements: `auto_explain` sends the plan of everything that runs, nested statements and row-level security included, as a
 * notice to the connection it ran on. No copy of a statement is explained that may have gone out of date.
 */
import { asSuper, type TestDatabase } from '../testing-roles.ts';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Plans?: readonly Node[];
}

export interface Explained {
  readonly query: string;
  readonly plan: Node;
}

/** Tables that grow with the archive. */
export const LARGE = [
  'op_log',
  'op_value',
  'cell_head',
  'superseded',
  'invoices',
  'invoice_data',
  'invoice_search',
  'lines',
  'documents',
  'job',
];

/** From now on, new connections of the application tell their plans. `smallToo`: tables are as small as a test's, and read whole only where nothing else is possible. */
export async function explainEverything(database: TestDatabase, smallToo: boolean): Promise<void> {
  const name = new URL(database.superUrl).pathname.slice(1);
  const role = new URL(database.url).username;
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
    ...(smallToo ? { enable_seqscan: 'off' } : {}),
  };
  await asSuper(database, async (client) => {
    // Loaded once here, so that its settings are known by name.
    await client.query("LOAD 'auto_explain'");
    for (const [setting, value] of Object.entries(settings))
      await client.query(`ALTER ROLE ${role} IN DATABASE ${name} SET ${setting} = '${value}'`);
  });
}

export function explained(notice: string): Explained | undefined {
  const at = notice.indexOf('plan:\n');
  if (at < 0) return undefined;
  const parsed = JSON.parse(notice.slice(at + 'plan:\n'.length)) as { 'Query Text': string; Plan: Node };
  return { query: parsed['Query Text'], plan: parsed.Plan };
}

/** Nodes that read all of their input before they give their first row. */
const BLOCKING = new Set([
  'Sort',
  'Aggregate',
  'Hash',
  'Materialize',
  'WindowAgg',
  'BitmapOr',
  'BitmapAnd',
  'Bitmap Heap Scan',
]);
const onlySite = (condition: string): boolean =>
  !/\b(?!site\b)[a-z_0-9]+\b"? *(=|<|>|~~)/.test(condition.replaceAll(/'[^']*'/g, "''")) && !condition.includes('ROW(');
/** Partial indexes hold what is open only. */
const PARTIAL = new Set(['invoices_open_vendor', 'invoices_open_tax_id']);

/** What of a plan reads a large table whole, or all that a site has in it. In the order of a limited list it may stop early. */
export function wholeScans({ plan }: Explained): string[] {
  const found: string[] = [];
  const walk = (node: Node, isLimited: boolean, relation: string | undefined): void => {
    const type = node['Node Type'];
    const table = node['Relation Name'] ?? relation;
    const index = node['Index Name'];
    if (type === 'Seq Scan' && LARGE.includes(table ?? '')) found.push(`Seq Scan on ${table}`);
    const isSite = index !== undefined && onlySite(node['Index Cond'] ?? '');
    const isWhole = LARGE.includes(table ?? '') && table !== 'job' && !PARTIAL.has(index ?? '');
    if (isSite && !isLimited && isWhole) found.push(`${type} of ${index}: the whole site`);
    const limited = type === 'Limit' || (isLimited && !BLOCKING.has(type));
    for (const child of node.Plans ?? []) walk(child, limited, table);
  };
  walk(plan, false, undefined);
  return found;
}
