/**
 * A thread of the store that is started again when it ends by a bug, for want of memory, or because somebody killed it. What was asked of it at that moment
 * is refused as unavailable; what is asked afterwards waits for the new thread. Nothing acknowledged is lost by it: that is on the disk.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../core/contract/errors.ts';
import { callThread, type Methods, type RemoteCalls } from './rpc.ts';

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 5_000;
/** A thread that lived this long did not end by the way it began. */
const CALM_MS = 30_000;

export interface KeptThread {
  readonly file: URL;
  /** What the thread starts with; `first` until it was opened once. */
  readonly data: (first: boolean) => unknown;
  readonly died: (cause: Error) => void;
}

export interface KeptCalls<M extends Methods> extends RemoteCalls<M> {
  /** Starts the thread now. Rejects where it cannot be opened. */
  start(): Promise<void>;
  /** Ends the thread until it is asked or started again. */
  rest(): Promise<void>;
}

export function keepThread<M extends Methods>({ file, data, died }: KeptThread): KeptCalls<M> {
  type Calls = RemoteCalls<M>;
  let thread: Promise<Calls> | undefined;
  let openedOnce = false;
  let failures = 0;
  let openedAt = 0;
  const ending = new AbortController();

  async function open(): Promise<Calls> {
    if (failures > 0) {
      const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
      await sleep(delay, undefined, { signal: ending.signal }).catch(() => undefined); // cut short: closed, as said below
    }
    if (ending.signal.aborted) throw new AppError('unavailable', 'The store is closed.', { reason: 'closed' });
    let isOpen = false;
    const calls: Calls = callThread(file, data(!openedOnce), (cause) => {
      died(cause);
      if (isOpen) again();
    });
    try {
      await (calls as unknown as RemoteCalls<{ open(): void }>).call('open');
    } catch (error) {
      await calls.close().catch(() => undefined); // it never opened; the reason is the error at hand
      throw error;
    }
    isOpen = true;
    openedOnce = true;
    openedAt = performance.now();
    return calls;
  }

  /** At once and not with the next call: the thread that writes holds the lock of the data folder. */
  function again(): void {
    failures = performance.now() - openedAt > CALM_MS ? 1 : failures + 1;
    thread = undefined;
    if (!ending.signal.aborted) current().catch(() => undefined); // told to whoever calls next, who tries again
  }

  function current(): Promise<Calls> {
    if (thread === undefined) {
      const opening = open();
      thread = opening;
      opening.catch(() => {
        failures += 1;
        if (thread === opening) thread = undefined;
      });
    }
    return thread;
  }

  return {
    start: async () => {
      await current();
    },
    call: (method, ...args) => current().then((calls) => calls.call(method, ...args)),
    callWithProgress: (method, listener, ...args) =>
      current().then((calls) => calls.callWithProgress(method, listener, ...args)),
    async rest() {
      const last = thread;
      thread = undefined;
      await (await last?.catch(() => undefined))?.close();
    },
    close: async () => {
      ending.abort();
      const last = await thread?.catch(() => undefined);
      await last?.close();
    },
  };
}
