/**
 * How the database answered the store's own statements: `auto_explain` sends the plan of everything that runs, nested statements and row-level security included, as a
 * notice to the connection it ran on. No copy of a statement is explained that may have gone out of date.
 */
import { createPostgresAccessStore } from '../../access/store/postgres.ts';
import { asSuper, type TestDatabase } from '../testing-roles.ts';
import { createPool } from './clients.ts';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

export interface Explained {
  readonly query: string;
  readonly plan: Node;
}

/** Tables that grow with the archive. */
const LARGE = [
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
  'idempotency',
  'webhook_delivery',
  'audit_event',
  'access_record',
];

/** From now on, new connections of the application tell their plans. `smallToo`: tables are as small as a test's, and read whole only where nothing else is possible. */
export async function explainEverything(database: TestDatabase, smallToo: boolean): Promise<void> {
  const name = new URL(database.superUrl).pathname.slice(1);
  const role = new URL(database.url).username;
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
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

const isScan = (type: string): boolean => type.endsWith('Scan') && type !== 'Bitmap Index Scan';

/** Rows of large tables that were really looked at, those that a filter threw away included. */
function rowsRead({ plan }: Explained): number {
  const walk = (node: Node, relation: string | undefined): number => {
    const table = node['Relation Name'] ?? relation;
    const own = isScan(node['Node Type']) && LARGE.includes(table ?? '');
    const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
    const rows = own ? ((node['Actual Rows'] ?? 0) + removed) * (node['Actual Loops'] ?? 1) : 0;
    return (node.Plans ?? []).reduce((sum, child) => sum + walk(child, table), rows);
  };
  return walk(plan, undefined);
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
/** Partial indexes hold only what is open, in conflict or under suspicion. */
const PARTIAL = new Set(['invoices_open_vendor', 'invoices_open_tax_id', 'invoices_conflicts', 'invoices_suspects']);

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

const tables = (node: Node): string[] => [
  ...(node['Relation Name'] === undefined ? [] : [node['Relation Name']]),
  ...(node.Plans ?? []).flatMap(tables),
];

/** What one of the queries did. */
export interface Looked {
  readonly name: string;
  /** Statements that looked at a table. */
  readonly statements: number;
  /** Large tables that were read whole, with the statement. */
  readonly whole: readonly string[];
  /** Of large tables, all statements together. */
  readonly rows: number;
}

/** Runs each, and looks at the plans that were told meanwhile. `settle`: a plan is told when its transaction ends, which nobody waits for: the one connection has to be free again. */
export async function lookAt(
  queries: Readonly<Record<string, () => Promise<unknown>>>,
  plans: Explained[],
  settle: () => Promise<unknown>,
): Promise<Looked[]> {
  const looked: Looked[] = [];
  await settle();
  for (const [name, run] of Object.entries(queries)) {
    plans.length = 0;
    await run();
    await settle();
    looked.push({
      name,
      statements: plans.filter(({ plan }) => tables(plan).length > 0).length,
      whole: plans.flatMap((one) => wholeScans(one).map((what) => `${name}: ${what}\n  ${one.query}`)),
      rows: plans.reduce((sum, one) => sum + rowsRead(one), 0),
    });
  }
  return looked;
}

/** An access store on one connection that tells its plans, too. */
export function tellingAccess(url: string, tell: (notice: string) => void) {
  const pool = createPool({ connectionString: url, max: 1 });
  pool.on('connect', (client) => {
    client.on('notice', ({ message }) => tell(message ?? ''));
  });
  return {
    access: createPostgresAccessStore(pool),
    settle: () => pool.query('SELECT 1'),
    close: () => pool.end(),
  };
}
