/** The two ways to run the server: a utility process of Electron, or (tests on an older Electron) a Node of its own. */
import { utilityProcess } from 'electron';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { ServerRun } from './server-process.ts';

const linesOf = (stream: Readable | null, listener: (line: string) => void): void => {
  if (stream) createInterface({ input: stream }).on('line', listener);
};

/** Undefined: not a question to this process. */
export type Answer = (message: unknown) => object | undefined;

export function launchUtility(file: string, env: Record<string, string>, answer: Answer): ServerRun {
  const child = utilityProcess.fork(file, [], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    serviceName: 'AP Intake Station server',
  });
  child.on('message', (message: unknown) => {
    const reply = answer(message);
    // A port between two processes has no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (reply !== undefined) child.postMessage(reply);
  });
  return {
    onLine: (listener) => linesOf(child.stdout as Readable | null, listener),
    onExit: (listener) => child.on('exit', (code) => listener(code)),
    // On POSIX `kill` is SIGTERM, which the server answers by finishing what it does; on Windows its log and queue make up for the hard end.
    end: () => void child.kill(),
    kill: () => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}

export function launchNode(exec: string, file: string, env: Record<string, string>, answer: Answer): ServerRun {
  const child = spawn(exec, ['--enable-source-maps', file], {
    env,
    // By the fourth channel the server asks for the key store; and when this process dies, however, it notices and ends too.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    windowsHide: true,
  });
  child.on('message', (message: unknown) => {
    const reply = answer(message);
    // It may end while it is being answered.
    if (reply !== undefined && child.connected) child.send(reply, () => undefined);
  });
  let ended = false;
  return {
    onLine: (listener) => linesOf(child.stdout, listener),
    onExit(listener) {
      const once = (code: number | null): void => {
        if (!ended) listener(code);
        ended = true;
      };
      child.on('exit', once);
      child.on('error', () => once(127));
    },
    end: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
}
