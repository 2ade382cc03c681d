/** People at work while things break: they bring in, correct, and try the same again where there was no answer. What was acknowledged is remembered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { invoicePdf } from '../../server/testing.ts';
import type { Answer, Ask } from './http.ts';
import { acceptedId, correct, correction, getInvoice, until, upload } from './work.ts';

export interface LoadParts {
  readonly ask: Ask;
  readonly token: () => Promise<string>;
  /** At the beginning of every number. */
  readonly prefix: string;
}

export interface Corrected {
  readonly invoice: string;
  readonly opId: string;
  readonly value: string;
}

export interface Load {
  /** Ids of invoices whose upload was acknowledged. */
  readonly uploaded: readonly string[];
  readonly corrected: readonly Corrected[];
  /** Tries that had no good answer. */
  readonly repeated: () => number;
  /** One more invoice: resolves once it is acknowledged. `like`: of the same amount as that one. */
  bring(like?: string): Promise<string>;
  /** Gives it another number, so that what might be its duplicates are judged again: resolves once that is acknowledged. */
  renumber(id: string): Promise<void>;
  /** Whether it was read; remembered, so that it is asked once. */
  isRead(id: string): Promise<boolean>;
  /** Ends when what was begun is acknowledged. */
  stop(): Promise<void>;
}

const AGAIN_MS = 200;
const LOOK_MS = 200;
const PAUSE_MS = 100;
const PEOPLE = 3;
const CORRECTIONS = 4;
const GIVE_UP_MS = 90_000;
/** What the site refuses for now, or nginx for it. */
const PASSING = new Set([429, 500, 502, 503, 504]);

export function startLoad({ ask, token, prefix }: LoadParts): Load {
  const uploaded: string[] = [];
  const corrected: Corrected[] = [];
  const amounts = new Map<string, number>();
  const read = new Set<string>();
  const broken: unknown[] = [];
  let repeated = 0;
  let counter = 0;
  const end = new AbortController();

  /** The same again until there is an answer to it. */
  async function insist(send: () => Promise<Answer>): Promise<Answer> {
    for (const late = Date.now() + GIVE_UP_MS; ; repeated += 1) {
      let what: string;
      try {
        const answer = await send();
        if (!PASSING.has(answer.status)) return answer;
        what = `${answer.status} ${answer.text.slice(0, 200)}`;
      } catch (error) {
        what = String(error);
      }
      if (Date.now() > late) throw new Error(`no answer for ${GIVE_UP_MS / 1_000} s: ${what}`);
      await sleep(AGAIN_MS);
    }
  }

  async function bring(like?: string): Promise<string> {
    const number = `${prefix}-${(counter += 1)}`;
    // No two of one amount by chance: those would be taken for duplicates, and each of them be judged again with each that comes in.
    const price = amounts.get(like ?? '') ?? 5_000 + 137 * counter;
    const lines = [{ description: 'Copy paper A4', quantity: 1, price }];
    const file = { name: `${number}.pdf`, bytes: await invoicePdf({ number, lines }) };
    const key = randomUUID();
    const id = acceptedId(await insist(async () => upload(ask, await token(), file, key)));
    uploaded.push(id);
    amounts.set(id, price);
    return id;
  }

  async function isRead(id: string): Promise<boolean> {
    if (read.has(id)) return true;
    const seen = await getInvoice(ask, await token(), id).catch(() => undefined);
    if (seen === undefined || seen.status === 'reading') return false;
    read.add(id);
    return true;
  }

  async function change(id: string, field: 'poNumber' | 'invoiceNumber'): Promise<boolean> {
    const invoice = await getInvoice(ask, await token(), id).catch(() => undefined);
    if (invoice === undefined) return false;
    const value = `PO-${randomUUID()}`;
    const wish = correction(invoice, field, value);
    const answer = await insist(async () => correct(ask, await token(), invoice, [wish]));
    if (answer.status !== 200) throw new Error(`correction: ${answer.status} ${answer.text.slice(0, 200)}`);
    corrected.push({ invoice: id, opId: wish.opId, value });
    return true;
  }

  async function renumber(id: string): Promise<void> {
    await until(`another number of ${id}`, GIVE_UP_MS, async () => (await change(id, 'invoiceNumber')) || undefined);
  }

  /** Brings one in, waits for its reading, corrects it: as many at work as there are, however slow the machine is. */
  async function person(): Promise<void> {
    const id = await bring();
    while (!(await isRead(id)) && !end.signal.aborted) await sleep(LOOK_MS);
    for (let times = 0; times < CORRECTIONS && !end.signal.aborted; times += 1) {
      await change(id, 'poNumber');
      await sleep(PAUSE_MS);
    }
  }

  async function repeat(): Promise<void> {
    while (!end.signal.aborted) await person().catch((error: unknown) => broken.push(error));
  }
  const running = Array.from({ length: PEOPLE }, repeat);
  return {
    uploaded,
    corrected,
    repeated: () => repeated,
    bring,
    renumber,
    isRead,
    async stop() {
      end.abort();
      await Promise.all(running);
      if (broken.length > 0) throw new Error(`${broken.length} people gave up, the first: ${String(broken[0])}`);
    },
  };
}
