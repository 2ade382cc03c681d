import { describe, expect, it, vi } from 'vitest';
import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';
import { createInboxStore, PAGE } from './inbox-store.ts';

const summary = (n: number, change: Partial<InvoiceSummary> = {}): InvoiceSummary => ({
  id: `id-${n}`,
  revision: 1,
  status: 'ready',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  documentName: `${n}.pdf`,
  documentSha: 'a'.repeat(64),
  source: 'text',
  documentType: 'invoice',
  vendorName: `Vendor ${n}`,
  invoiceNumber: String(n),
  issueDate: null,
  dueDate: null,
  currency: 'EUR',
  grossTotal: '1',
  errors: 0,
  warnings: 0,
  attention: 0,
  pages: 1,
  reason: null,
  ...change,
});

/** A list of `count` invoices behind a cursor, as the server pages it. */
function fakeServer(count: number, all = Array.from({ length: count }, (_, n) => summary(n))) {
  const queries: { q?: string; limit: number; cursor?: string; status?: readonly string[] }[] = [];
  const client = {
    listInvoices: ({ query }: { query: (typeof queries)[number] }) => {
      queries.push(query);
      const from = Number(query.cursor ?? 0);
      const to = Math.min(all.length, from + query.limit);
      const next = to < all.length ? String(to) : null;
      return Promise.resolve({ items: all.slice(from, to), next, total: all.length });
    },
  };
  return { queries, all, client: client as unknown as Client };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('createInboxStore', () => {
  it('loads as far as is looked at, and no further', async () => {
    const { client, queries } = fakeServer(1_000);
    const inbox = createInboxStore(client);
    await inbox.reload();
    expect(inbox.getState()).toMatchObject({ total: 1_000, phase: 'ready' });
    expect(inbox.getState().rows).toHaveLength(PAGE);
    inbox.ensure(PAGE - 1);
    await settled();
    expect(queries).toHaveLength(1);
    inbox.ensure(650);
    await vi.waitFor(() => expect(inbox.getState().rows.length).toBeGreaterThan(650));
    expect(inbox.getState().rows.map((r) => r.id)).toEqual(
      Array.from({ length: inbox.getState().rows.length }, (_, n) => `id-${n}`),
    );
  });

  it('drops the answer to a question that is no longer asked', async () => {
    const waiting: ((value: unknown) => void)[] = [];
    const client = { listInvoices: () => new Promise((resolve) => waiting.push(resolve)) } as unknown as Client;
    const inbox = createInboxStore(client);
    void inbox.reload();
    inbox.setQuery({ q: 'new' });
    waiting[1]!({ items: [summary(2)], next: null, total: 1 });
    await settled();
    waiting[0]!({ items: [summary(1)], next: null, total: 1 });
    await settled();
    expect(inbox.getState().rows.map((r) => r.id)).toEqual(['id-2']);
  });

  it('replaces a row in place and never by an older revision', async () => {
    const { client } = fakeServer(3);
    const inbox = createInboxStore(client);
    await inbox.reload();
    inbox.onSummary(summary(1, { revision: 5, vendorName: 'New' }));
    inbox.onSummary(summary(1, { revision: 4, vendorName: 'Old' }));
    expect(inbox.getState().rows[1]).toMatchObject({ vendorName: 'New', revision: 5 });
  });

  it('keeps the place and the selection over a reload', async () => {
    const { client, all } = fakeServer(3);
    const inbox = createInboxStore(client);
    await inbox.reload();
    inbox.move(1);
    inbox.toggle('id-0');
    inbox.toggle('id-1');
    all.unshift(summary(9));
    all.splice(1, 1);
    await inbox.reload();
    expect(inbox.getState().rows[inbox.getState().active]!.id).toBe('id-1');
    expect([...inbox.getState().selected]).toEqual(['id-1']);
  });

  it('finds the next invoice that waits for a person, over the end of what is loaded', async () => {
    const many = Array.from({ length: 450 }, (_, n) => summary(n, { status: n === 420 ? 'exception' : 'exported' }));
    const { client } = fakeServer(0, many);
    const inbox = createInboxStore(client);
    await inbox.reload();
    expect((await inbox.neighbour('id-0', 1, true))?.id).toBe('id-420');
    expect((await inbox.neighbour('id-420', 1, true))?.id).toBeUndefined();
    expect((await inbox.neighbour('id-3', -1, false))?.id).toBe('id-2');
    expect((await inbox.neighbour('id-0', -1, false))?.id).toBeUndefined();
  });

  it('offers several to go on with, and reads no further than to the first of them', async () => {
    const few = new Set([150, 420, 430, 2_900]);
    const many = Array.from({ length: 3_000 }, (_, n) => summary(n, { status: few.has(n) ? 'ready' : 'exported' }));
    const { client, queries } = fakeServer(0, many);
    const inbox = createInboxStore(client);
    await inbox.reload();
    const following = async (id: string, leftOut = '') =>
      (await inbox.following(id, 12, (one) => one === leftOut)).map((row) => row.id);
    expect(await following('id-160', 'id-420')).toEqual(['id-430', 'id-150']);
    const asked = queries.length;
    expect(await following('id-160')).toEqual(['id-420', 'id-430', 'id-150']);
    expect(await following('id-0')).toEqual(['id-150', 'id-420', 'id-430']);
    expect(queries).toHaveLength(asked);
    expect(inbox.getState().rows.length).toBeLessThan(1_000);
    expect(await following('id-430')).toEqual(['id-2900', 'id-150', 'id-420']);
  });

  it('says why a list could not be loaded, and keeps what it had', async () => {
    const { client } = fakeServer(2);
    const inbox = createInboxStore(client);
    await inbox.reload();
    (client as { listInvoices: unknown }).listInvoices = () => Promise.reject(new ApiError('offline', 'no answer'));
    await inbox.reload();
    expect(inbox.getState()).toMatchObject({ phase: 'ready', error: { code: 'offline' } });
    expect(inbox.getState().rows).toHaveLength(2);
  });

  it('sorts by a column, then the other way round', async () => {
    const { client, queries } = fakeServer(1);
    const inbox = createInboxStore(client);
    inbox.sortBy('vendorName');
    inbox.sortBy('vendorName');
    await settled();
    expect(queries.map((q) => (q as { order?: string }).order)).toEqual(['asc', 'desc']);
  });

  it('keeps what was told of a row while the list was on its way', async () => {
    const answers: (() => void)[] = [];
    const { client, all } = fakeServer(3);
    const listInvoices: Client['listInvoices'] = async (args) => {
      const page = await client.listInvoices(args);
      await new Promise<void>((resolve) => answers.push(resolve));
      return page;
    };
    const answer = async (): Promise<void> => {
      await vi.waitFor(() => expect(answers).toHaveLength(1));
      answers.shift()?.();
    };
    const inbox = createInboxStore({ listInvoices } as Client);
    await Promise.all([inbox.reload(), answer()]);
    const again = inbox.reload();
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    inbox.onSummary({ ...all[1]!, revision: 2, status: 'exception' });
    await Promise.all([again, answer()]);
    expect(inbox.getState().rows.map(({ status }) => status)).toEqual(['ready', 'exception', 'ready']);
  });
});
