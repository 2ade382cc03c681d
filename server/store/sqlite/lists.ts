/** Lists and counts: by a thread of their own, and by the one that writes while there is none. */
import type { KeptCalls } from './kept-thread.ts';
import type { Queries } from './queries.ts';
import type { RemoteCalls } from './rpc.ts';
import type { Writer } from './writer.ts';

const AFTER_MS = 400;

export type Lists = RemoteCalls<
  Pick<
    Queries,
    | 'invoices'
    | 'invoiceIds'
    | 'counters'
    | 'exportBatches'
    | 'learntVendors'
    | 'conflicts'
    | 'conflictTotals'
    | 'conflictInvoices'
  >
>;

export interface ListsParts {
  readonly own: RemoteCalls<Queries>;
  readonly thread: Pick<KeptCalls<Queries>, 'start' | 'rest'>;
  readonly writer: RemoteCalls<Writer>;
  readonly afterMs?: number | undefined;
}

/** Until their own thread is there, lists are answered by the one that writes: the first of them is what a person waits for at the start. */
export function listsWhenReady({ own, thread, writer, afterMs = AFTER_MS }: ListsParts): Lists & {
  /** Ends the thread, and with it its hold on the database; the writer answers until what is returned is called. */
  rest(): Promise<() => void>;
} {
  let current: Lists = writer;
  let isResting = false;
  let isClosed = false;
  const begin = (): void => {
    thread.start().then(
      () => {
        if (!isResting) current = own;
      },
      // The writer goes on answering; that the thread ended has been told.
      () => undefined,
    );
  };
  const timer = setTimeout(begin, afterMs).unref();
  return {
    call: (method, ...args) => current.call(method, ...args),
    callWithProgress: (method, listener, ...args) => current.callWithProgress(method, listener, ...args),
    async rest() {
      isResting = true;
      clearTimeout(timer);
      current = writer;
      await thread.rest();
      return () => {
        isResting = false;
        if (!isClosed) begin();
      };
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      return own.close();
    },
  };
}
