/** What people and programs do with invoices of a running site, in a word each. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryEntry } from '../../core/contract/http.ts';
import type { IntakeResult } from '../../core/contract/intake.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { correctionOf } from '../../server/testing-client.ts';
import { multipart } from '../../server/testing.ts';
import { type Answer, type Ask, expectStatus } from './http.ts';

const LOOK_MS = 100;

export async function until<T>(what: string, timeoutMs: number, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; await sleep(LOOK_MS)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`not within ${timeoutMs / 1_000} s: ${what}`);
  }
}

export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Headers = Readonly<Record<string, string>>;

export const upload = (ask: Ask, token: string, file: NewFile, key?: string, more: Headers = {}): Promise<Answer> =>
  uploadAll(ask, token, [file], key, more);

export function uploadAll(
  ask: Ask,
  token: string,
  files: readonly NewFile[],
  key?: string,
  more: Headers = {},
): Promise<Answer> {
  const { body, type } = multipart(files);
  const headers = { ...more, 'content-type': type, ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return ask('/api/v1/invoices/upload', { token, body, headers });
}

/** The ids of the invoices of files that went in, one each, in their order. */
export function acceptedIds(answer: Answer): string[] {
  const results = answer.status === 200 ? answer.json<{ results: IntakeResult[] }>().results : [];
  const ids = results.flatMap((result) => (result.kind === 'refused' ? [] : result.invoices.slice(0, 1)));
  if (ids.length === 0 || ids.length < results.length)
    throw new Error(`not accepted: ${answer.status} ${answer.text.slice(0, 300)}`);
  return ids;
}

export const acceptedId = (answer: Answer): string => acceptedIds(answer)[0] ?? '';

export async function getInvoice(ask: Ask, token: string, id: string): Promise<Invoice> {
  return expectStatus(await ask(`/api/v1/invoices/${id}`, { token }), 200, `invoice ${id}`).json<Invoice>();
}

export const readInvoice = (ask: Ask, token: string, id: string, timeoutMs = 60_000): Promise<Invoice> =>
  until(`the reading of ${id}`, timeoutMs, async () => {
    const seen = await getInvoice(ask, token, id);
    return seen.status === 'reading' ? undefined : seen;
  });

export const correct = (ask: Ask, token: string, invoice: Invoice, corrections: readonly unknown[]): Promise<Answer> =>
  ask(`/api/v1/invoices/${invoice.id}/corrections`, { token, json: { corrections } });

export const correction = (invoice: Invoice, field: keyof Invoice['header'], value: string) =>
  correctionOf(invoice, field, value);

export function transition(
  ask: Ask,
  token: string,
  invoice: Invoice,
  to: string,
  headers: Headers = {},
): Promise<Answer> {
  const json = { opId: randomUUID(), to, digest: invoice.digest, reason: 'checked by hand' };
  return ask(`/api/v1/invoices/${invoice.id}/transitions`, { token, json, headers });
}

export async function historyOf(ask: Ask, token: string, id: string): Promise<readonly HistoryEntry[]> {
  const answer = expectStatus(await ask(`/api/v1/invoices/${id}/history`, { token }), 200, `history of ${id}`);
  return answer.json<{ entries: HistoryEntry[] }>().entries;
}
