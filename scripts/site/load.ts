/** People at work while things break: they bring in, correct, and try the same again where there was no answer. What was acknowledged is remembered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { invoicePdf } from '../../server/testing.ts';
import type { Answer, Ask } from './http.ts';
import { acceptedId, correct, correction, getInvoice, upload } from './work.ts';

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
  /** One more invoice: resolves once it is acknowledged. */
  bring(): Promise<string>;
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

  async function bring(): Promise<string> {
    const number = `${prefix}-${(counter += 1)}`;
    const file = { name: `${number}.pdf`, bytes: await invoicePdf({ number }) };
    const key = randomUUID();
    const id = acceptedId(await insist(async () => upload(ask, await token(), file, key)));
    uploaded.push(id);
    return id;
  }

  async function isRead(id: string): Promise<boolean> {
    if (read.has(id)) return true;
    const seen = await getInvoice(ask, await token(), id).catch(() => undefined);
    if (seen === undefined || seen.status === 'reading') return false;
    read.add(id);
    return true;
  }

  async function change(id: string): Promise<void> {
    const invoice = await getInvoice(ask, await token(), id).catch(() => undefined);
    if (invoice === undefined) return;
    const value = `PO-${randomUUID()}`;
    const wish = correction(invoice, 'poNumber', value);
    const answer = await insist(async () => correct(ask, await token(), invoice, [wish]));
    if (answer.status !== 200) throw new Error(`correction: ${answer.status} ${answer.text.slice(0, 200)}`);
    corrected.push({ invoice: id, opId: wish.opId, value });
  }

  /** Brings one in, waits for its reading, corrects it: as many at work as there are, however slow the machine is. */
  async function person(): Promise<void> {
    const id = await bring();
    while (!(await isRead(id)) && !end.signal.aborted) await sleep(LOOK_MS);
    for (let times = 0; times < CORRECTIONS && !end.signal.aborted; times += 1) {
      await change(id);
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
    isRead,
    async stop() {
      end.abort();
      await Promise.all(running);
      if (broken.length > 0) throw new Error(`${broken.length} people gave up, the first: ${String(broken[0])}`);
    },
  };
}
