/** Vendor memory over HTTP: what is corrected once comes right the next time, until it is forgotten. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Invoice } from '../core/contract/invoice.ts';
import type { Vendor, VendorSummary } from '../core/contract/vendors.ts';
import { oddPdf } from './testing-odd.ts';
import { correctionOf, startClient, type TestClient, until } from './testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

const odd = (folio: string, date: string, net: number, order: string, lines = 2) =>
  oddPdf({ folio, date, net, order, lines });

const confirm = (seen: Invoice, reason: string) =>
  client.request(`/api/v1/invoices/${seen.id}/transitions`, {
    json: { opId: randomUUID(), to: 'confirmed', digest: seen.digest, reason },
  });

const values = ({ header }: Invoice) => ({
  number: header.invoiceNumber?.value,
  date: header.issueDate?.value,
  order: header.poNumber?.value,
  vendor: header.vendorName?.value,
});

test('one confirmed invoice teaches the next; forgetting takes it back', async () => {
  const first = await client.takeOne('a.pdf', await odd('QT/4711', '2026-03-04', 50_000, 'K-90-1'));
  const unseen = await client.read(first);
  expect(unseen.header.invoiceNumber?.value).not.toBe('QT/4711');
  // Open meanwhile, read as badly.
  const waiting = await client.takeOne('w.pdf', await odd('QT/4712', '2026-03-09', 61_500, 'K-90-2', 5));
  await client.read(waiting);
  const corrected = await client.correct(first, [
    correctionOf(unseen, 'invoiceNumber', 'QT/4711'),
    correctionOf(unseen, 'issueDate', '2026-03-04'),
    correctionOf(unseen, 'poNumber', 'K-90-1'),
    correctionOf(unseen, 'vendorName', 'Quillon & Thrush Ltd'),
  ]);
  const confirmed = await confirm(corrected.json<Invoice>(), 'checked');
  expect(confirmed.status).toBe(200);

  await until('the lesson is learned', async () => {
    const { items } = (await client.request('/api/v1/vendors')).json<{ items: VendorSummary[] }>();
    return items.length > 0 ? true : undefined;
  });
  // The one that was open, untouched by anybody, is looked at again without being asked.
  const again = await until('the open one is read with what was learned', async () => {
    const now = await client.invoice(waiting);
    return now.header.invoiceNumber?.value === 'QT/4712' ? now : undefined;
  });
  expect(again.header.invoiceNumber).toMatchObject({
    source: 'vendor-memory',
    reasons: expect.arrayContaining(['memory:1']),
  });

  const second = await client.takeOne('b.pdf', await odd('QT/4720', '2026-04-01', 99_900, 'K-91-7', 9));
  expect(values(await client.read(second))).toEqual({
    number: 'QT/4720',
    date: '2026-04-01',
    order: 'K-91-7',
    vendor: 'Quillon & Thrush Ltd',
  });

  const { items } = (await client.request('/api/v1/vendors')).json<{ items: VendorSummary[] }>();
  expect(items).toMatchObject([{ name: 'Quillon & Thrush Ltd', lessons: 1, active: 1 }]);
  const id = items[0]?.vendor ?? '';
  const vendor = (await client.request(`/api/v1/vendors/${id}`)).json<Vendor>();
  expect(vendor.keys).toContain('tax:GB980780684');
  expect(vendor.fields.find((field) => field.field === 'invoiceNumber')).toMatchObject({
    fixed: false,
    value: 'QT/4711',
    label: 'Leaf',
    corrected: 1,
    forgotten: false,
    example: { invoice: first, page: 1 },
  });

  // One field forgotten, then all of it, then brought back.
  const forget = async (what: object) =>
    (await client.request(`/api/v1/vendors/${id}/forget`, { json: what })).json<Vendor>();
  const without = await forget({ field: 'poNumber' });
  expect(without.fields.find((field) => field.field === 'poNumber')?.forgotten).toBe(true);
  const third = await client.takeOne('c.pdf', await odd('QT/4733', '2026-04-03', 12_300, 'K-92-2'));
  const partly = await client.read(third);
  expect(partly.header.invoiceNumber?.value).toBe('QT/4733');
  expect(partly.header.poNumber?.value).not.toBe('K-92-2');
  expect(await forget({})).toMatchObject({ active: 0 });
  expect(await forget({})).toMatchObject({ active: 0 });
  const fourth = await client.takeOne('d.pdf', await odd('QT/4740', '2026-04-05', 45_600, 'K-93-3'));
  expect((await client.read(fourth)).header.invoiceNumber?.value).not.toBe('QT/4740');
  const back = (await client.request(`/api/v1/vendors/${id}/restore`, { json: {} })).json<Vendor>();
  expect(back).toMatchObject({ active: 1, items: [{ forgotten: false }] });
  const audit = await client.server.station.context.store.verifyAudit();
  expect(audit.problems).toEqual([]);
});

test('what was remembered is counted, and an account that differs is a doubt', async () => {
  const id = await client.takeOne(
    'e.pdf',
    await oddPdf({
      folio: 'QT/4750',
      date: '2026-04-09',
      net: 20_000,
      order: 'K-94-1',
      iban: 'DE89370400440532013000',
    }),
  );
  const seen = await client.read(id);
  expect(seen.header.vendorIban).toMatchObject({ value: 'DE89370400440532013000' });
  expect(seen.reading?.notes).toContainEqual(
    expect.objectContaining({
      code: 'IBAN_DIFFERS_FROM_KNOWN',
      params: expect.objectContaining({ known: 'GB33BUKB20201555555555' }),
    }),
  );
  expect((await confirm(seen, 'called the vendor')).status).toBe(200);
  const used = await until('the use is counted', async () => {
    const { items } = (await client.request('/api/v1/vendors')).json<{ items: VendorSummary[] }>();
    return items[0]?.uses === 1 ? items[0] : undefined;
  });
  expect(used.right).toBeGreaterThan(2);
});
