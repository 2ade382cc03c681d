/** A person who saves at a station that may end at any moment, and does what a client does: what was not acknowledged is sent again under the same id. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Invoice, InvoiceSummary } from '../../core/contract/invoice.ts';
import { ask } from '../../server/testing.ts';
import type { Random } from '../random.ts';
import type { ServerChild } from '../server-child.ts';

export interface Save {
  readonly invoice: string;
  readonly field: string;
  readonly value: string;
  readonly opId: string;
  readonly parents: readonly string[];
  acknowledged: boolean;
}

export const FIELDS = ['poNumber', 'buyerReference', 'contractRef', 'paymentReference', 'vendorEmail'] as const;

/** A request that the kill cut off was not acknowledged; anything that was answered must be a success. */
export async function attempt<T>(signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (signal?.aborted === true || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

/** True where it was acknowledged. */
export async function send(child: ServerChild, save: Save, signal?: AbortSignal): Promise<boolean> {
  const { invoice, field, value, opId, parents } = save;
  const corrections = [{ entity: { type: 'invoice', id: invoice }, field, value, opId, parents }];
  const reply = await attempt(signal, () =>
    ask(child, `/api/v1/invoices/${invoice}/corrections`, { json: { corrections } }),
  );
  if (reply === undefined) return false;
  if (reply.status !== 200) throw new Error(`save answered ${reply.status}: ${reply.bytes.toString('utf8')}`);
  save.acknowledged = true;
  return true;
}

/** What a person would save next, over what is shown: `nothing` where no invoice was read yet, `gone` where the station was gone before it answered. */
export async function nextSave(
  child: ServerChild,
  random: Random,
  signal?: AbortSignal,
): Promise<Save | 'nothing' | 'gone'> {
  const list = await attempt(signal, () => ask(child, '/api/v1/invoices?status=exception&status=ready&limit=50'));
  if (list === undefined) return 'gone';
  const { items } = list.json<{ items: InvoiceSummary[] }>();
  if (items.length === 0) return 'nothing';
  const reply = await attempt(signal, () => ask(child, `/api/v1/invoices/${random.pick(items).id}`));
  if (reply === undefined) return 'gone';
  const invoice = reply.json<Invoice>();
  const field = random.pick(FIELDS);
  return {
    invoice: invoice.id,
    field,
    value: `v${randomUUID()}`,
    opId: randomUUID(),
    parents: invoice.header[field]?.parents ?? [],
    acknowledged: false,
  };
}

export async function keepSaving(
  child: ServerChild,
  { saves, random }: { readonly saves: Save[]; readonly random: Random },
  signal: AbortSignal,
): Promise<void> {
  const cutOff = saves.filter((save) => !save.acknowledged);
  for (const save of cutOff) if (!(await send(child, save, signal))) return;
  while (!signal.aborted) {
    const save = await nextSave(child, random, signal);
    if (save === 'gone') return;
    if (save === 'nothing') {
      await sleep(50);
      continue;
    }
    saves.push(save);
    if (!(await send(child, save, signal))) return;
  }
}
