import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Exit code of the server that means: start again on the user's own workspace. */
export const RESTART_ON_OWN = 75;
const QUICK_CRASHES = 5;
const CALM_MS = 60_000;

/** Wait before the n-th restart in a row (1, 2, ...): half a second, doubled, at most half a minute. */
export const backoffMs = (crashes) => Math.min(30_000, 500 * 2 ** (crashes - 1));

/**
 * Keeps the server running: a crash is followed by a restart on the same port with the same token, so that an open page just goes on; a change of
 * workspace (exit code 75) by a restart at once.
 *
 * @param {{ command: string, args: string[], env: Record<string, string>, onReady: (info: any, times: number) => void,
 *   onLine: (line: string) => void, say: (text: string) => void, shell?: boolean }} options
 */
export function supervise({ command, args, env, onReady, onLine, say }) {
  let child;
  let stopping = false;
  let crashes = 0;
  let readyTimes = 0;
  let timer;
  const current = { ...env };
  let finish;
  const ended = new Promise((resolve) => {
    finish = resolve;
  });

  const launch = () => {
    const from = Date.now();
    // The fourth channel carries nothing: when this process dies, however, the server notices and ends too.
    child = spawn(command, args, { env: current, stdio: ['ignore', 'pipe', 'inherit', 'ipc'], windowsHide: true });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('AP_READY ')) return onLine(line);
      const info = JSON.parse(line.slice('AP_READY '.length));
      if (info.port) current.AP_PORT = String(info.port);
      readyTimes += 1;
      onReady(info, readyTimes);
      return undefined;
    });
    child.on('error', (error) => {
      say(`The server could not be started: ${error.message}`);
      finish(1);
    });
    child.on('exit', (code, signal) => {
      child = undefined;
      if (stopping) return finish(0);
      if (code === RESTART_ON_OWN) {
        say('Opening your own workspace.');
        current.AP_WORKSPACE = 'own';
        delete current.AP_IMPORT;
        return launch();
      }
      if (code === 0) return finish(0);
      // Before it was ever ready the reason is in its settings or its data: starting again changes nothing, and it has said why.
      if (readyTimes === 0) return finish(code ?? 1);
      crashes = Date.now() - from > CALM_MS ? 1 : crashes + 1;
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      if (crashes > QUICK_CRASHES) {
        say(
          `The server ${how} for the ${crashes}th time in a row; giving up. Your data is safe; start again with npm start.`,
        );
        return finish(1);
      }
      delete current.AP_IMPORT;
      const wait = backoffMs(crashes);
      say(`The server ${how}; starting it again in ${wait / 1000} s.`);
      timer = setTimeout(launch, wait);
      return undefined;
    });
  };
  launch();

  return {
    ended,
    /** Asks it to end; kills it when it has not after eight seconds. */
    stop() {
      stopping = true;
      clearTimeout(timer);
      if (!child) return finish(0);
      child.kill('SIGTERM');
      const hard = setTimeout(() => child?.kill('SIGKILL'), 8_000);
      hard.unref();
      return undefined;
    },
  };
}
