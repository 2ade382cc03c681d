/** Changes by a person, over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Invoice } from '../core/contract/invoice.ts';
import { invoicePdf } from './testing.ts';
import { correctionOf, until, startClient, type TestClient } from './testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

test('a correction is made once however often it is sent, and never refused as stale', async () => {
  const id = await client.takeOne('c.pdf', await invoicePdf({ number: 'C-1' }));
  const seen = await client.read(id);
  const one = correctionOf(seen, 'poNumber', 'P-1');
  const first = (await client.correct(id, [one])).json<Invoice>();
  const second = (await client.correct(id, [one])).json<Invoice>();
  expect(second.revision).toBe(first.revision);
  // Another person who has not seen the first edit: both stay, the field is in conflict, and nothing goes on until it is settled.
  const blind = (await client.correct(id, [correctionOf(seen, 'poNumber', 'P-2')])).json<Invoice>();
  expect(blind.header.poNumber?.conflict?.map((head) => head.value).toSorted()).toEqual(['P-1', 'P-2']);
  expect((await client.transition(blind, 'confirmed')).json()).toMatchObject({ code: 'in_conflict' });
  const settled = (await client.correct(id, [correctionOf(blind, 'poNumber', 'P-2')])).json<Invoice>();
  expect(settled.header.poNumber?.conflict).toBeUndefined();
});

test('many corrections at once all arrive', async () => {
  const id = await client.takeOne('m.pdf', await invoicePdf({ number: 'M-1' }));
  const seen = await client.read(id);
  const fields = ['poNumber', 'buyerReference', 'contractRef', 'vendorBic', 'paymentReference', 'vendorEmail'] as const;
  const replies = await Promise.all(
    fields.map((field) => client.correct(id, [correctionOf(seen, field, `v-${field}`)])),
  );
  expect(replies.map((reply) => reply.status)).toEqual(fields.map(() => 200));
  const now = await client.invoice(id);
  expect(fields.map((field) => now.header[field]?.value)).toEqual(fields.map((field) => `v-${field}`));
});

const duplicates = (invoice: Invoice) => invoice.findings.filter((finding) => finding.code === 'DUPLICATE_INVOICE');

test('who is compared is judged again when what they are compared with changes', async () => {
  const vendor = 'Twofold Tiles Ltd';
  const first = await client.takeOne('d1.pdf', await invoicePdf({ number: 'D-100', vendor }));
  expect(duplicates(await client.read(first))).toEqual([]);
  const second = await client.takeOne('d2.pdf', await invoicePdf({ number: 'D-100', vendor, pages: 2 }));
  const copy = await client.read(second);
  expect(duplicates(copy)).toMatchObject([{ severity: 'error', params: { other: first } }]);
  await until('the first knows of its copy', async () => {
    const found = duplicates(await client.invoice(first));
    return found.length === 1 ? found : undefined;
  });
  await client.correct(second, [correctionOf(copy, 'invoiceNumber', 'D-999')]);
  await until('the first is clear again', async () =>
    duplicates(await client.invoice(first)).length === 0 ? true : undefined,
  );
});

test('lines are added, deleted and brought back', async () => {
  const id = await client.takeOne('l.pdf', await invoicePdf({ number: 'LN-1' }));
  const seen = await client.read(id);
  const lineId = randomUUID();
  const added = (
    await client.request(`/api/v1/invoices/${id}/lines`, { json: { opId: randomUUID(), lineId, order: 'zzV' } })
  ).json<Invoice>();
  expect(added.lines.at(-1)?.id).toBe(lineId);
  const gone = (
    await client.request(`/api/v1/invoices/${id}/lines/${lineId}/delete`, { json: { opId: randomUUID(), parents: [] } })
  ).json<Invoice>();
  expect(gone.lines).toHaveLength(seen.lines.length);
  const back = (
    await client.request(`/api/v1/invoices/${id}/lines/${lineId}/restore`, { json: { opId: randomUUID() } })
  ).json<Invoice>();
  expect(back.lines).toHaveLength(seen.lines.length + 1);
  // Deleted once more, the line is gone and in dispute with nobody.
  const again = (
    await client.request(`/api/v1/invoices/${id}/lines/${lineId}/delete`, { json: { opId: randomUUID(), parents: [] } })
  ).json<Invoice>();
  expect(again.lines).toHaveLength(seen.lines.length);
});

test('an invoice that a rule calls wrong is confirmed with a reason only', async () => {
  const seen = await client.read(await client.takeOne('w.pdf', await invoicePdf({ number: 'WR-1' })));
  const corrected = (
    await client.correct(seen.id, [
      {
        entity: { type: 'invoice', id: seen.id },
        field: 'grossTotal',
        value: '99999',
        parents: seen.header.grossTotal?.parents ?? [],
        opId: randomUUID(),
      },
    ])
  ).json<Invoice>();
  expect(corrected.findings.map((finding) => finding.code)).toContain('TOTAL_MISMATCH');
  expect((await client.transition(corrected, 'confirmed')).json()).toMatchObject({
    status: 409,
    code: 'not_allowed',
    details: { why: 'reason' },
  });
  const wish = { opId: randomUUID(), to: 'confirmed', digest: corrected.digest, reason: 'Agreed with the vendor' };
  const approved = await client.request(`/api/v1/invoices/${seen.id}/transitions`, { json: wish });
  expect(approved.json<Invoice>().state).toBe('approved');
});

test('an operation id of another invoice is refused', async () => {
  const [one, two] = [
    await client.read(await client.takeOne('o1.pdf', await invoicePdf({ number: 'O-1' }))),
    await client.read(await client.takeOne('o2.pdf', await invoicePdf({ number: 'O-2' }))),
  ];
  const first = correctionOf(one, 'poNumber', 'P');
  expect((await client.correct(one.id, [first])).status).toBe(200);
  const stolen = { ...correctionOf(two, 'poNumber', 'P'), opId: first.opId };
  expect((await client.correct(two.id, [stolen])).json()).toMatchObject({ status: 409, code: 'conflict' });
});

test('wrong values are refused with the field named', async () => {
  const id = await client.takeOne('w.pdf', await invoicePdf({ number: 'W-1' }));
  const seen = await client.read(id);
  const reply = await client.correct(id, [correctionOf(seen, 'grossTotal', '1.234,56')]);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.json()).toMatchObject({ status: 422, code: 'invalid_value', details: { field: 'grossTotal' } });
  const foreign = { ...correctionOf(seen, 'poNumber', 'x'), parents: [randomUUID()] };
  expect((await client.correct(id, [foreign])).json()).toMatchObject({ code: 'bad_request' });
});
