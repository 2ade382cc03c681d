/** A large archive into a database that nobody works on: rows that are whole by their making are not looked at one by one, and indexes are built over all of them. */
import { asSuper, type TestDatabase } from '../../server/store/testing-roles.ts';

/** Those that no constraint needs. */
const INDEXES = `
  SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisunique
    AND c.relname IN ('op_log', 'invoices', 'invoice_search', 'lines', 'documents') ORDER BY 1`;

/** `load` gets an address under which rows are only written. Afterwards the database is as if the product had written them, and its planner knows it. */
export async function loadQuickly(database: TestDatabase, load: (url: string) => Promise<void>): Promise<void> {
  const { rows } = await asSuper(database, async (client) => {
    const found = await client.query<{ name: string; definition: string }>(INDEXES);
    for (const { name } of found.rows) await client.query(`DROP INDEX ${name}`);
    return found;
  });
  const url = new URL(database.superUrl);
  url.searchParams.set('options', '-c session_replication_role=replica');
  await load(url.href);
  await asSuper(database, async (client) => {
    await client.query("SET maintenance_work_mem = '256MB'");
    for (const { definition } of rows) await client.query(definition);
    await client.query('VACUUM ANALYZE');
  });
}
