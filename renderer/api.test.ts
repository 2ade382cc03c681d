import { describe, expect, it } from 'vitest';
import { ApiError, createClient, takeToken } from './api.ts';

const ID = '0190a000-0000-7000-8000-000000000001';

function clientAnswering(status: number, body: unknown) {
  const calls: { url: string; init: RequestInit }[] = [];
  const client = createClient('secret', (async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    return Response.json(body, { status });
  }) as typeof fetch);
  return { client, calls };
}

describe('createClient', () => {
  it('fills path and query, repeats a list, leaves out what is undefined and sends the token', async () => {
    const { client, calls } = clientAnswering(200, { items: [], next: null, total: 0 });
    await client.listInvoices({ query: { status: ['ready', 'exception'], q: undefined, limit: 10 } });
    expect(calls[0]!.url).toBe('/api/v1/invoices?status=ready&status=exception&limit=10');
    expect(new Headers(calls[0]!.init.headers).get('Authorization')).toBe('Bearer secret');
  });

  it('turns problem details into an ApiError with its code', async () => {
    const { client } = clientAnswering(409, {
      type: 'about:blank',
      title: 'Stale',
      status: 409,
      detail: 'The invoice changed.',
      code: 'stale',
      details: { a: 1 },
    });
    const error = await client.getInvoice({ params: { id: ID } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'stale', message: 'The invoice changed.', details: { a: 1 } });
  });

  it('says offline where no answer comes', async () => {
    const client = createClient(null, () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(client.status({})).rejects.toMatchObject({ code: 'offline' });
  });

  it('refuses a reply that breaks the contract', async () => {
    const { client } = clientAnswering(200, { items: 'none' });
    await expect(client.listInvoices({})).rejects.toThrow('items');
  });

  it('names every file of an upload and carries the idempotency key', async () => {
    const { client, calls } = clientAnswering(200, { results: [] });
    await client.upload([new File(['x'], 'a.pdf'), new File(['y'], 'b.xml')], 'key-1');
    const form = calls[0]!.init.body as FormData;
    expect(form.getAll('file').map((f) => (f as File).name)).toEqual(['a.pdf', 'b.xml']);
    expect(new Headers(calls[0]!.init.headers).get('Idempotency-Key')).toBe('key-1');
  });
});

const places = (hash: string) => {
  const kept = new Map<string, string>();
  const replaced: string[] = [];
  return {
    kept,
    replaced,
    location: { hash, pathname: '/', search: '' },
    history: { replaceState: (_: unknown, __: string, url?: string | URL | null) => void replaced.push(String(url)) },
    storage: { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) },
  };
};

describe('takeToken', () => {
  it('takes the token out of the address and keeps it for the tab', () => {
    const p = places('#token=abc%2B1');
    expect(takeToken(p)).toBe('abc+1');
    expect(p.replaced).toEqual(['/']);
    expect(takeToken({ ...p, location: { ...p.location, hash: '#/inbox' } })).toBe('abc+1');
  });

  it('keeps the place that stands beside it', () => {
    const p = places('#token=abc&/review/1');
    expect(takeToken(p)).toBe('abc');
    expect(p.replaced).toEqual(['/#/review/1']);
  });

  it('is null where nothing was handed over', () => {
    expect(takeToken(places('#/inbox'))).toBeNull();
  });
});
