import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { ReadCell, Reading } from '../../core/contract/reading.ts';
import type { HeaderField, LineField } from '../../core/invoice/fields.ts';
import { taxIdKey, nameKey } from '../../core/invoice/ids.ts';
import { validateInvoice } from '../../core/validate/engine.ts';
import { CONTEXT, invoiceOf } from '../../core/validate/testing.ts';
import { makeSamples, RECIPES } from './make.ts';
import { readSample } from './read.ts';
import { totalsOf } from './totals.ts';
import type { Truth } from './truth.ts';
import { truthOf } from './truth.ts';

const SAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'samples');
/** Pictures depend on the rendering library to the bit; text and XML must not depend on anything. */
const isText = (file: string) => /\.(xml|eml)$/.test(file) || (file.endsWith('.pdf') && !file.includes('scan'));

test('every sample is there, and all of them are small', async () => {
  const files = (await readdir(SAMPLES)).filter((file) => /^\d\d-/.test(file));
  expect(files.toSorted()).toEqual(RECIPES.map(({ file }) => file).toSorted());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(SAMPLES, file))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4 * 1024 * 1024);
});

test('the generator makes the files that are kept', async () => {
  for (const { file, bytes } of await makeSamples(isText)) {
    const kept = await readFile(join(SAMPLES, file));
    expect([file, Buffer.from(bytes).equals(kept)]).toEqual([file, true]);
  }
});

test('what the samples say is lawful, but for the total that is wrong on purpose', () => {
  const found = RECIPES.flatMap(({ file, sample }) => {
    const { header, lines } = truthOf(sample, totalsOf(sample));
    const withDiscounts = lines.map((line, i) => {
      const discount = sample.lines[i]?.discount;
      return discount === undefined ? line : { ...line, discount };
    });
    const findings = validateInvoice(
      invoiceOf({
        header: {
          ...header,
          ...(sample.charge && { chargeTotal: sample.charge.amount }),
          ...(sample.buyer.taxId && { buyerTaxId: sample.buyer.taxId }),
          ...(sample.vendor.bic && { vendorBic: sample.vendor.bic }),
        },
        lines: withDiscounts,
        taxRows: totalsOf(sample).taxes,
      }),
      { ...CONTEXT, today: '2026-11-01' },
    );
    return findings.map(({ code }) => `${file}: ${code}`);
  });
  expect(found).toEqual(['03-harrowfield-wrong-total.pdf: TOTAL_MISMATCH']);
});

const LINE = ['quantity', 'unitPrice', 'lineTotal'] as const;
const pick = (fields: readonly HeaderField[], of: (field: HeaderField) => string | undefined) =>
  Object.fromEntries(fields.map((field) => [field, of(field)]));
const rows = (lines: readonly Partial<Record<LineField, string | undefined>>[]) =>
  lines.map((line) => LINE.map((field) => line[field]));

const copied = (of: Readonly<Record<string, ReadCell | undefined>>) =>
  Object.fromEntries(Object.entries(of).map(([field, cell]) => [field, { ...cell }]));

/** A reading as the rules see it before anybody has touched it. */
function unreviewed({ header, lines, taxRows, notes }: Reading): Invoice {
  return invoiceOf({
    header: copied(header),
    lines: lines.map((line) => copied(line.cells)),
    taxRows: taxRows.map((row) => copied(row.cells)),
    reading: { notes },
  });
}

describe('the reader finds on the digital samples', async () => {
  const truth = JSON.parse(await readFile(join(import.meta.dirname, 'truth.json'), 'utf8')) as Record<string, Truth>;
  const HEADER = [
    'invoiceNumber',
    'issueDate',
    'dueDate',
    'currency',
    'poNumber',
    'netTotal',
    'grossTotal',
    'vendorIban',
  ] as const;

  test.each(RECIPES.map(({ file }) => file).filter(isText))('%s', async (file) => {
    const wanted = truth[file] ?? { header: {}, lines: [] };
    const reading = await readSample(join(SAMPLES, file));
    expect(pick(HEADER, (field) => reading.header[field]?.value)).toEqual(
      pick(HEADER, (field) => wanted.header[field]),
    );
    expect(taxIdKey(reading.header.vendorTaxId?.value)).toBe(taxIdKey(wanted.header.vendorTaxId));
    // The legal form may stand on a line of its own.
    const [first = ''] = (nameKey(wanted.header.vendorName) ?? '').split(' ');
    expect(nameKey(reading.header.vendorName?.value)).toMatch(new RegExp(`^${first}`));
    const read = reading.lines.map(({ cells }) =>
      Object.fromEntries(LINE.map((field) => [field, cells[field]?.value])),
    );
    expect(rows(read)).toEqual(rows(wanted.lines));
  });

  const ARITHMETIC = ['LINE_MATH_MISMATCH', 'SUBTOTAL_MISMATCH', 'TAX_CALCULATION_ERROR', 'TOTAL_MISMATCH'];
  test('the one wrong total, and no other error of arithmetic', async () => {
    const found: string[] = [];
    for (const { file } of RECIPES.filter((recipe) => isText(recipe.file))) {
      const invoice = unreviewed(await readSample(join(SAMPLES, file)));
      const findings = validateInvoice(invoice, { ...CONTEXT, today: '2026-11-01' });
      found.push(...findings.filter(({ code }) => ARITHMETIC.includes(code)).map(({ code }) => `${file}: ${code}`));
    }
    expect(found).toEqual(['03-harrowfield-wrong-total.pdf: TOTAL_MISMATCH']);
  });
});
