/** The log is the data: rows made again from it are the rows that were there, whatever was done to them. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { runCli } from './cli.ts';
import { correctionOf, startClient } from './testing-client.ts';
import { invoicePdf } from './testing.ts';

interface Shown {
  readonly findings: readonly { readonly params: Readonly<Record<string, unknown>> }[];
}

/** A finding names the status that the other invoice had when it was judged: which of two was judged first decides about it. */
const withoutMoment = (data: Buffer): unknown => {
  const invoice = JSON.parse(inflateRawSync(data).toString()) as Shown;
  return {
    ...invoice,
    findings: invoice.findings.map((finding) => ({ ...finding, params: { ...finding.params, status: '' } })),
  };
};

/** The verdict that somebody decided over stands in its row only; without the row it is judged as of today. */
const withoutClosedVerdicts = (rows: ReturnType<typeof rowsOf>) => ({
  ...rows,
  invoices: rows.invoices.map((row) => {
    if (row['status'] !== 'approved') return row;
    const { data } = row;
    return { ...row, summary: '', attention: 0, data: { ...(data as object), findings: [], attention: [] } };
  }),
});

/** Every row that is made of the log; the row number is of no meaning to anybody. */
function rowsOf(database: string) {
  const db = new Database(database, { readonly: true });
  const all = (sql: string): Record<string, unknown>[] => db.prepare(sql).all() as Record<string, unknown>[];
  const invoices = all('SELECT i.*, d.data FROM invoices i JOIN invoice_data d USING (row) ORDER BY i.id').map(
    ({ data, ...columns }): Record<string, unknown> => ({
      ...columns,
      row: 0,
      data: withoutMoment(data as Buffer),
    }),
  );
  const rows = {
    invoices,
    lines: all(
      'SELECT i.id AS of, l.id, l.ord, l.description, l.quantity, l.unit_price, l.line_total FROM lines l JOIN invoices i ON i.row = l.invoice ORDER BY 1, 2',
    ),
    documents: all('SELECT * FROM documents ORDER BY sha256'),
    heads: all('SELECT * FROM cell_head ORDER BY 1, 2, 3'),
    found: all(
      'SELECT i.id FROM invoices i WHERE i.row IN (SELECT rowid FROM invoice_search WHERE invoice_search MATCH \'"nor"\') ORDER BY 1',
    ),
  };
  db.close();
  return rows;
}

async function cli(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const around = { env: {}, cwd: '/', say: () => undefined, signal: new AbortController().signal };
  const code = await runCli(args, { ...around, out: (text) => (out += text) });
  return { code, out };
}

const pdf = (number: string, more: object = {}) => invoicePdf({ number, ...more });

/** A bit of everything that a person and the station do. */
async function workedStation(): Promise<string> {
  const client = await startClient();
  const first = await client.read(await client.takeOne('one.pdf', await pdf('R-1')));
  const lines = [{ description: 'Oak board', quantity: 3, price: 1_990 }];
  await client.read(await client.takeOne('two.pdf', await pdf('R-2', { lines, wrongBy: 100 })));
  const twin = await client.read(await client.takeOne('twin.pdf', await pdf('R-1', { pages: 2 })));
  await client.read(await client.takeOne('notes.txt', Buffer.from('no invoice at all')));
  const both = zipSync({ 'in.pdf': await pdf('R-3'), 'other.pdf': await pdf('R-4') });
  await client.read(await client.takeOne('both.zip', both));
  const corrected = (await client.correct(first.id, [correctionOf(first, 'poNumber', 'PO-1')])).json<typeof first>();
  await client.correct(twin.id, [correctionOf(twin, 'invoiceNumber', 'R-9'), correctionOf(twin, 'dueDate', null)]);
  await client.transition(corrected, 'confirmed');
  const { queue } = client.server.station.context;
  for (let busy = true; busy;) {
    const { waiting, running } = await queue.counts();
    busy = waiting + running > 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await client.close();
  return client.data;
}

test(
  'rebuilt rows are the rows before, damaged, missing and made-up ones put right',
  { timeout: 120_000 },
  async () => {
    const data = await workedStation();
    const database = join(data, 'own', 'station.db');
    const before = rowsOf(database);
    expect(before.invoices).toHaveLength(7);

    expect(await cli('rebuild', '--data', data)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^7 invoices rebuilt, 0 rows/),
    });
    expect(rowsOf(database)).toEqual(before);

    const db = new Database(database);
    db.exec(`UPDATE invoices SET status = 'ready', summary = '{}', gross_total = '1' WHERE number_key IS NOT NULL;
    DELETE FROM lines; DELETE FROM cell_head; INSERT INTO invoice_search (invoice_search) VALUES ('delete-all');
    UPDATE invoice_data SET data = x'00' WHERE row = 2; DELETE FROM invoice_data WHERE row = 3; DELETE FROM invoices WHERE row = 3;
    INSERT INTO invoices (row, id, revision, state, status, created_at, updated_at, document_sha, sort_vendor, sort_number, sort_issued, sort_due,
      sort_gross, attention, search, summary) SELECT 99, 'made-up', revision, state, status, created_at, updated_at, document_sha, sort_vendor,
      sort_number, sort_issued, sort_due, sort_gross, attention, search, summary FROM invoices WHERE row = 1`);
    db.close();
    expect(await cli('rebuild', '--data', data)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 rows removed'),
    });
    expect(rowsOf(database)).toEqual(before);
  },
);

test(
  'a salvage of a whole database changes nothing; of one without its first page it gives the same rows',
  { timeout: 120_000 },
  async () => {
    const data = await workedStation();
    const database = join(data, 'own', 'station.db');
    const before = rowsOf(database);
    expect(await cli('salvage', '--data', data)).toEqual({
      code: 0,
      out: 'No damage was found; nothing was changed.\n',
    });

    rmSync(join(data, 'own', 'backups'), { recursive: true });
    const file = openSync(database, 'r+');
    writeSync(file, Buffer.alloc(4_096), 0, 4_096, 0);
    closeSync(file);
    await expect(cli('import', database, '--data', data)).rejects.toThrow(/damaged.*ap-intake salvage --data/s);
    const salvaged = await cli('salvage', '--data', data);
    expect(salvaged).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 operations are lost, 0 have lost their content'),
    });
    expect(withoutClosedVerdicts(rowsOf(database))).toEqual(withoutClosedVerdicts(before));
    expect((await cli('verify-audit', '--data', data)).code).toBe(0);
  },
);
