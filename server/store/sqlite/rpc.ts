/** Calls across a worker thread. Errors arrive as plain `Error`s on the other side, so a refusal travels as code, message and details. */
import { type MessagePort, Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../../../core/contract/errors.ts';

export type Methods = Record<string, (...args: never[]) => unknown>;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: unknown[];
}
interface WireError {
  readonly code?: ErrorCode;
  readonly details?: Record<string, unknown>;
  readonly message: string;
  readonly stack?: string | undefined;
}
type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly id: number; readonly progress: readonly [number, number] };

/** Its thread is gone and so is the answer: what the call did is on disk or not at all. */
const interrupted = (): AppError =>
  new AppError(
    'unavailable',
    'The database was interrupted and starts again by itself. Whether this was saved is not known: look, and do it again where it was not.',
    { reason: 'store-restarting' },
  );

type AfterFirst<A extends unknown[]> = A extends [_?: unknown, ...rest: infer R] ? R : [];

export interface RemoteCalls<M extends Methods> {
  call<K extends keyof M & string>(method: K, ...args: Parameters<M[K]>): Promise<Awaited<ReturnType<M[K]>>>;
  /** As `call`, for a method whose first parameter is a progress listener. */
  callWithProgress<K extends keyof M & string>(
    method: K,
    listener: (done: number, total: number) => void,
    ...args: AfterFirst<Parameters<M[K]>>
  ): Promise<Awaited<ReturnType<M[K]>>>;
  close(): Promise<void>;
}

const toWire = (error: unknown): WireError => {
  if (error instanceof AppError) return { code: error.code, details: error.details, message: error.message };
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
};

function fromWire({ code, details, message, stack }: WireError): Error {
  if (code !== undefined) return new AppError(code, message, details ?? {});
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** In the thread: answers calls one after the other (asynchronous methods may overlap). */
export function serveCalls(port: MessagePort, methods: Methods, describe: (error: unknown) => unknown): void {
  port.on('message', (call: Call) => {
    void answer(call).then((reply) => port.postMessage(reply));
  });
  async function answer({ id, method, args }: Call): Promise<Answer> {
    try {
      const run = methods[method] as ((...args: unknown[]) => unknown) | undefined;
      if (run === undefined) throw new Error(`no such method: ${method}`);
      const listener = (done: number, total: number): void => port.postMessage({ id, progress: [done, total] });
      return { id, value: await run(...args.map((arg) => (arg === PROGRESS ? listener : arg))) };
    } catch (error) {
      return { id, error: toWire(describe(error)) };
    }
  }
}

/** Stands for a listener among the arguments: functions do not cross threads. */
const PROGRESS = '\u0000progress';

/** `died` hears of a thread that ends without having been closed. */
export function callThread<M extends Methods>(
  file: URL,
  workerData: unknown,
  died: (cause: Error) => void = () => undefined,
): RemoteCalls<M> {
  const worker = new Worker(file, { workerData, stdout: false, stderr: false });
  const waiting = new Map<
    number,
    {
      resolve: (value: never) => void;
      reject: (error: Error) => void;
      listener?: (done: number, total: number) => void;
    }
  >();
  let next = 0;
  let closing = false;
  let cause: Error | undefined;
  let ended: Error | undefined;
  worker.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id);
    if (call === undefined) return;
    if ('progress' in answer) return call.listener?.(...answer.progress);
    waiting.delete(answer.id);
    if ('error' in answer) call.reject(fromWire(answer.error));
    else call.resolve(answer.value as never);
  });
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('exit', (code) => {
    ended = closing ? new AppError('unavailable', 'The store is closed.', { reason: 'closed' }) : interrupted();
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
    if (!closing) died(cause ?? new Error(`the thread ended with code ${code}`));
  });

  function send(method: string, args: unknown[], listener?: (done: number, total: number) => void): Promise<never> {
    if (ended !== undefined) return Promise.reject(ended);
    next += 1;
    const id = next;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, ...(listener === undefined ? {} : { listener }) });
      worker.postMessage({ id, method, args } satisfies Call, []);
    });
  }
  return {
    call: (method, ...args) => send(method, args),
    callWithProgress: (method, listener, ...args) => send(method, [PROGRESS, ...args], listener),
    close: async () => {
      closing = true;
      try {
        if (ended === undefined) await send('close', []);
      } finally {
        await worker.terminate();
      }
    },
  };
}
