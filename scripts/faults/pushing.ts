/** Pens that write and push without end, and send the same again where there was no answer. What was acknowledged is remembered. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../site/http.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import type { Random } from '../random.ts';
import { detailsOf, type Pen } from './pens.ts';

export interface Pushed {
  /** Operations that the site said it has. */
  readonly acknowledged: ReadonlySet<string>;
  /** Written, whether acknowledged or not. */
  readonly written: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  /** Times that the site asked for numbers which it had acknowledged. */
  readonly askedAgain: number;
  readonly repeated: number;
  /** Why they were sent again. */
  readonly repeatedFor: readonly string[];
  /** Until a batch was acknowledged, from its first try, in ms; and when that was. */
  readonly took: readonly { readonly at: number; readonly ms: number }[];
  /** Answers that are neither a success nor a wish to wait. */
  readonly refused: readonly string[];
}

export interface PushingParts {
  readonly pens: readonly Pen[];
  readonly random: Random;
  readonly pauseMs: number;
  /** Between a pen and the site. */
  readonly push?: (pen: Pen, from: number, to: number) => Promise<Answer>;
}

const AGAIN_MS = 100;
const BATCH = 12;
const PASSING = new Set([429, 500, 502, 503, 504]);

export function startPushing({ pens, random, pauseMs, push }: PushingParts) {
  const send = push ?? ((pen, from, to) => pen.push(from, to));
  const over = new AbortController();
  const pushed = {
    acknowledged: new Set<string>(),
    written: new Set<string>(),
    values: new Set<string>(),
    askedAgain: 0,
    repeated: 0,
    repeatedFor: [] as string[],
    took: [] as { at: number; ms: number }[],
    refused: [] as string[],
  };
  const invoice = uuid7(Date.now(), randomBytes(10));

  function write({ device }: Pen): void {
    const size = random.integer(1, BATCH);
    for (let n = 0; n < size; n += 1) {
      const before = device.ops.at(-1);
      const value = randomUUID();
      // A fifth of it in one cell, without a look at what others wrote there.
      const isShared = random.integer(1, 5) === 1;
      const root = isShared ? invoice : device.id;
      const parents = isShared || before === undefined || before.body.root !== root ? [] : [before.body.op_id];
      const op = device.setField(root, value, parents);
      pushed.written.add(op.body.op_id);
      pushed.values.add(value);
    }
  }

  /** The numbers of a device that come after what was acknowledged; true where the site has them. */
  async function once(pen: Pen, acked: number): Promise<number> {
    const { ops } = pen.device;
    const answer = await send(pen, acked + 1, ops.length).catch((error: unknown) => String(error));
    if (typeof answer === 'string' || PASSING.has(answer.status)) {
      pushed.repeated += 1;
      pushed.repeatedFor.push(typeof answer === 'string' ? answer : `${answer.status} ${answer.text.slice(0, 300)}`);
      await sleep(AGAIN_MS);
      return acked;
    }
    if (answer.status === 200) {
      for (const op of ops.slice(acked)) pushed.acknowledged.add(op.body.op_id);
      return ops.length;
    }
    const { reason, expected } = answer.status === 409 ? detailsOf(answer) : {};
    if (reason === 'gap' && typeof expected === 'number' && expected <= acked) {
      // As a station does it: it goes back, and nothing is lost in the end. That the site forgot it is.
      pushed.askedAgain += 1;
      return expected - 1;
    }
    pushed.refused.push(`${answer.status} ${answer.text.slice(0, 300)}`);
    await sleep(AGAIN_MS);
    return acked;
  }

  async function run(pen: Pen): Promise<void> {
    let acked = pen.device.ops.length;
    while (!over.signal.aborted) {
      write(pen);
      const from = Date.now();
      while (acked < pen.device.ops.length) {
        acked = await once(pen, acked);
        if (pushed.refused.length > 20) throw new Error(`refused: ${pushed.refused[0]}`);
      }
      pushed.took.push({ at: from, ms: Date.now() - from });
      await sleep(pauseMs);
    }
  }
  const running = Promise.all(pens.map(run));
  running.catch(() => undefined);
  return {
    pushed: pushed as Pushed,
    /** Resolves when everything that was written is acknowledged. */
    async stop(): Promise<Pushed> {
      over.abort();
      await running;
      return pushed;
    },
  };
}

export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
