import { zipSync } from 'fflate';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../cli.ts';
import { invoicePdf } from '../testing.ts';

async function cli(cwd: string, ...args: string[]): Promise<{ code: number; out: string; said: string }> {
  let out = '';
  let said = '';
  const code = await runCli(args, {
    env: { AP_THREADS: '1' },
    cwd,
    out: (text) => (out += text),
    say: (line) => (said += `${line}\n`),
    signal: new AbortController().signal,
  });
  return { code, out, said };
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'ap-cli-'));

const linesOf = async (path: string): Promise<Record<string, unknown>[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('extract writes a line a document in the order of the files, with numbers', async () => {
  const cwd = folder();
  mkdirSync(join(cwd, 'in', 'sub'), { recursive: true });
  const lines = [{ description: 'Oak board', quantity: 3, price: 1_990 }];
  await writeFile(join(cwd, 'in', 'a.pdf'), await invoicePdf({ number: 'X-1', lines }));
  const two = { 'one.pdf': await invoicePdf({ number: 'X-2' }), 'two.pdf': await invoicePdf({ number: 'X-3' }) };
  await writeFile(join(cwd, 'in', 'b.zip'), zipSync(two));
  await writeFile(join(cwd, 'in', 'sub', 'c.pdf'), await invoicePdf({ number: 'X-4' }));
  const { code, said } = await cli(cwd, 'extract', 'in', '--jsonl', 'out.jsonl');
  expect([code, said.includes('3/3')]).toEqual([0, true]);
  const found = await linesOf(join(cwd, 'out.jsonl'));
  expect(found.map(({ file, part, invoiceNumber }) => [file, part, invoiceNumber])).toEqual([
    ['a.pdf', undefined, 'X-1'],
    ['b.zip', 1, expect.stringMatching(/^X-[23]$/)],
    ['b.zip', 2, expect.stringMatching(/^X-[23]$/)],
    ['sub/c.pdf', undefined, 'X-4'],
  ]);
  expect(found[0]).toMatchObject({
    source: 'text',
    currency: 'GBP',
    issueDate: '2026-03-12',
    netTotal: 59.7,
    grossTotal: 71.64,
    lineItems: [{ description: 'Oak board', quantity: 3, unitPrice: 19.9, lineTotal: 59.7 }],
  });
  expect(found[0]).not.toHaveProperty('poNumber');
  expect(found[0]?.['ms']).toEqual(expect.any(Number));
});

test('a file that cannot be read has its line, and the exit code says so', async () => {
  const cwd = folder();
  await writeFile(join(cwd, 'bad.pdf'), 'no PDF at all');
  await writeFile(join(cwd, 'good.pdf'), await invoicePdf({ number: 'G-1' }));
  const { code } = await cli(cwd, 'extract', 'bad.pdf', 'good.pdf', '--jsonl', 'out.jsonl');
  expect(code).toBe(1);
  const [bad, good] = await linesOf(join(cwd, 'out.jsonl'));
  expect(bad).toMatchObject({ file: 'bad.pdf', source: 'none', findings: [{ code: 'EXTRACTION_ERROR' }] });
  expect(good).toMatchObject({ file: 'good.pdf', invoiceNumber: 'G-1' });
});

test('import, dry-run export and audit work on one data folder', async () => {
  const cwd = folder();
  await writeFile(join(cwd, 'a.pdf'), await invoicePdf({ number: 'I-1' }));
  const imported = await cli(cwd, 'import', 'a.pdf', '--data', 'data');
  expect(imported.code).toBe(0);
  expect(imported.out).toMatch(/\ta\.pdf\t.*\tI-1\t/);
  expect((await cli(cwd, 'import', 'a.pdf', '--data', 'data')).out).toContain('already here');
  const audit = await cli(cwd, 'verify-audit', '--data', 'data');
  expect([audit.code, audit.out]).toEqual([0, expect.stringMatching(/^3 operations of 1 devices, .* 0 problems/)]);
  const copies = await readdir(join(cwd, 'data', 'own', 'backups'));
  const copy = await cli(cwd, 'verify-audit', join('data', 'own', 'backups', copies[0] ?? ''));
  expect([copy.code, copy.out]).toEqual([0, audit.out]);
  // Nobody has confirmed it: nothing goes out.
  const dry = await cli(cwd, 'export', '--format', 'csv', '--out', 'x.csv', '--dry-run', '--data', 'data');
  expect(dry.said).toContain('Would export 0 invoices');
});

test.each([
  [[], 2, 'Usage'],
  [['--help'], 0, 'verify-audit'],
  [['extract', '--help'], 0, 'Examples'],
  [['import', '--help'], 0, 'Examples'],
  [['export', '--help'], 0, 'Examples'],
  [['verify-audit', '--help'], 0, 'Example'],
  [['salvage', '--help'], 0, 'Example'],
  [['rebuild', '--help'], 0, 'Example'],
  [['serve', '--help'], 0, 'Examples'],
])('%j explains itself', async (args, code, shown) => {
  const result = await cli(folder(), ...args);
  expect(result.code).toBe(code);
  expect(result.out).toContain(shown);
});

test.each([
  [['nonsense'], 'no command "nonsense"'],
  [['extract', 'a.pdf'], '--jsonl is missing'],
  [['extract', 'lost.pdf', '--jsonl', '-'], 'no file or folder lost.pdf'],
  [['extract', '--jsonl', '-'], 'at least one file'],
  [['export', '--format', 'doc', '--out', 'x'], 'must be one of csv, json, xlsx, ubl'],
  [['serve', '--port', 'x'], '--port'],
  [['import', '--what'], '--what'],
])('%j is refused with the way out', async (args, said) => {
  const result = await cli(folder(), ...args);
  expect(result.code).toBe(2);
  expect(result.said).toContain(said);
});
