/** A part of the bench that runs as a process of its own: its functions called from outside, one at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

interface Call {
  readonly name: string;
  readonly arg: unknown;
}
type Answer = { readonly value: unknown } | { readonly error: string };
type Handlers = Readonly<Record<string, (arg: never) => unknown>>;

const failed = (error: unknown): Answer => ({ error: error instanceof Error ? String(error.stack) : String(error) });

/** In the child. Ends with whoever started it. */
export function answerCalls(handlers: Handlers): void {
  process.on('message', ({ name, arg }: Call) => {
    const run = async (): Promise<Answer> => {
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`no function ${name}`);
      return { value: await handler(arg as never) };
    };
    void run().then(
      (answer) => process.send?.(answer),
      (error: unknown) => process.send?.(failed(error)),
    );
  });
  process.on('disconnect', () => process.exit());
}

export interface Child {
  call<T>(name: string, arg?: unknown): Promise<T>;
  stop(): Promise<void>;
}

export function startChild(
  file: string,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Child {
  const child: ChildProcess = fork(file, options.args ?? [], {
    env: { ...process.env, ...options.env },
    // What others print of their own work is theirs.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const ended = once(child, 'exit');
  const gone = ended.then(([code]): never => {
    throw new Error(`${file} ended with ${String(code)}:\n${said}`);
  });
  gone.catch(() => undefined);
  return {
    async call<T>(name: string, arg?: unknown): Promise<T> {
      const answered = once(child, 'message');
      child.send({ name, arg: arg ?? null } satisfies Call);
      const [answer] = (await Promise.race([answered, gone])) as [Answer];
      if ('error' in answer) throw new Error(`${name}: ${answer.error}`);
      return answer.value as T;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
}
