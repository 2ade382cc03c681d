import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TRUST_NOTE, withTrust } from '../../core/trust/apply.ts';
import { checksOf, trustTargets } from '../../core/trust/targets.ts';
import { checkText } from '../../worker/tasks/check-text.ts';
import { extractFields } from '../../worker/tasks/extract.ts';
import { readPage } from '../../worker/tasks/read-page.ts';
import { honestDocuments, lyingDocuments, type TrustDocument } from './lying.ts';

const folder = mkdtempSync(join(tmpdir(), 'ap lying '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Fields that are said to lie, as the station finds them. */
async function alarms({ name, bytes }: TrustDocument): Promise<string[]> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const read = await readPage({ path, type: 'pdf', page: 1, languages: ['eng'] });
  if (read.kind !== 'page') throw new Error(read.detail);
  const extracted = await extractFields({ path, type: 'pdf', document: '0', pages: [read.page] });
  if (extracted.kind !== 'reading') throw new Error(extracted.detail);
  const targets = trustTargets(extracted.reading);
  const looked = await checkText({ path, checks: checksOf(targets) });
  if (looked.kind !== 'checked') throw new Error(looked.detail);
  const { notes } = withTrust(extracted.reading, targets, looked.results);
  return notes.filter(({ code }) => code === TRUST_NOTE).map(({ params }) => params['field'] ?? '');
}

describe('a text layer that lies is found', async () => {
  const documents = await lyingDocuments(1, 18);
  test.each(documents)('$way: $field', async (document) => {
    expect(await alarms(document)).toContain(document.field);
  });
});

describe('odd but honest print is believed', async () => {
  const documents = await honestDocuments(1, 19);
  test.each(documents)('$way: $field', async (document) => {
    expect(await alarms(document)).toEqual([]);
  });
});

test('the same seed makes the same documents', async () => {
  const [a] = await lyingDocuments(7, 1);
  const [b] = await lyingDocuments(7, 1);
  expect(Buffer.from(a!.bytes).equals(Buffer.from(b!.bytes))).toBe(true);
});
