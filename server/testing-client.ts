/** For tests: a real server in a folder of its own, and what a client does with it in a word each. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IntakeResult } from '../core/contract/intake.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import { readConfig } from './config.ts';
import { type RunningServer, startServer } from './serve.ts';
import { ask, type Asked, type NamedBytes, type Reply, upload } from './testing.ts';

const STEP_MS = 50;
const MAX_STEPS = 600;

export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  throw new Error(`never happened: ${what}`);
}

export const correctionOf = (invoice: Invoice, field: keyof Invoice['header'], value: string | null) => ({
  entity: { type: 'invoice', id: invoice.id },
  field,
  value,
  parents: invoice.header[field]?.parents ?? [],
  opId: randomUUID(),
});

export type TestClient = Awaited<ReturnType<typeof startClient>>;

export async function startClient() {
  const token = randomBytes(32).toString('base64url');
  const data = mkdtempSync(join(tmpdir(), 'ap-client-'));
  let logged = '';
  const server: RunningServer = await startServer(readConfig({ AP_DATA: data, AP_TOKEN: token, AP_THREADS: '1' }), {
    logTo: { write: (line: string) => void (logged += line) },
    checkReplies: true,
  });
  const place = { port: server.ready.port ?? 0, token };
  const request = (path: string, asked?: Asked): Promise<Reply> => ask(place, path, asked);
  const invoice = async (id: string): Promise<Invoice> => (await request(`/api/v1/invoices/${id}`)).json<Invoice>();
  const take = async (files: readonly NamedBytes[], key?: string) => {
    const reply = await upload(place, files, key);
    return { reply, results: reply.json<{ results: IntakeResult[] }>().results };
  };
  const takeOne = async (name: string, bytes: Uint8Array): Promise<string> => {
    const { results } = await take([{ name, bytes }]);
    const [result] = results;
    if (result?.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(results)}`);
    return result.invoices[0] ?? '';
  };
  return {
    server,
    place,
    data,
    logged: () => logged,
    request,
    invoice,
    take,
    takeOne,
    /** The invoice once it was read. */
    read: (id: string): Promise<Invoice> =>
      until('the reading', async () => {
        const seen = await invoice(id);
        return seen.status === 'reading' ? undefined : seen;
      }),
    correct: (id: string, corrections: readonly unknown[]): Promise<Reply> =>
      request(`/api/v1/invoices/${id}/corrections`, { json: { corrections } }),
    transition: (seen: Invoice, to: string): Promise<Reply> =>
      request(`/api/v1/invoices/${seen.id}/transitions`, { json: { opId: randomUUID(), to, digest: seen.digest } }),
    close: () => server.close(),
  };
}
