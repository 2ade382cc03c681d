/** Keeps the server child running: restart with backoff after a crash, at once for a change of workspace, and a word when it gives up. */
import { backoffMs } from './backoff.ts';

/** Exit code of the server that means: start again on the user's own workspace. */
const RESTART_ON_OWN = 75;
const CRASHES_IN_A_ROW = 5;
const CALM_MS = 60_000;
const READY_WITHIN_MS = 30_000;

/** One run of the server, whatever runs it (a utility process, or Node in tests). */
export interface ServerRun {
  onLine(listener: (line: string) => void): void;
  onExit(listener: (code: number | null) => void): void;
  end(): void;
  kill(): void;
}

export type ServerState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'waiting'; readonly ms: number; readonly code: number | null }
  | { readonly kind: 'gave-up'; readonly code: number | null }
  | { readonly kind: 'stopped' };

export interface ServerProcessOptions {
  readonly launch: (workspace: 'demo' | 'own', withImports: boolean) => ServerRun;
  readonly workspace: 'demo' | 'own';
  readonly onState: (state: ServerState) => void;
  readonly now: () => number;
  readonly schedule: (work: () => void, ms: number) => { cancel(): void };
}

export interface ServerProcess {
  start(): void;
  /** After it gave up, or to be sure: ends what runs and starts again. */
  restart(): void;
  stop(): Promise<void>;
  state(): ServerState;
  workspace(): 'demo' | 'own';
}

export function createServerProcess(options: ServerProcessOptions): ServerProcess {
  let workspace = options.workspace;
  let run: ServerRun | undefined;
  let state: ServerState = { kind: 'stopped' };
  let crashes = 0;
  let stopping: (() => void) | undefined;
  let timer: { cancel(): void } | undefined;

  const set = (next: ServerState): void => {
    state = next;
    options.onState(next);
  };

  function launch(withImports: boolean): void {
    const startedAt = options.now();
    set({ kind: 'starting' });
    const mine = options.launch(workspace, withImports);
    run = mine;
    const late = options.schedule(() => mine.kill(), READY_WITHIN_MS);
    mine.onLine((line) => {
      if (!line.startsWith('AP_READY ') || run !== mine) return;
      late.cancel();
      set({ kind: 'ready' });
    });
    mine.onExit((code) => {
      late.cancel();
      if (run === mine) run = undefined;
      exited(code, startedAt);
    });
  }

  function exited(code: number | null, startedAt: number): void {
    if (stopping) {
      set({ kind: 'stopped' });
      stopping();
      return;
    }
    if (code === RESTART_ON_OWN) {
      workspace = 'own';
      launch(false);
      return;
    }
    crashes = options.now() - startedAt > CALM_MS ? 1 : crashes + 1;
    if (crashes > CRASHES_IN_A_ROW) {
      set({ kind: 'gave-up', code });
      return;
    }
    const ms = backoffMs(crashes);
    set({ kind: 'waiting', ms, code });
    timer = options.schedule(() => launch(false), ms);
  }

  return {
    start: () => launch(true),
    restart() {
      timer?.cancel();
      crashes = 0;
      if (run) run.kill();
      else launch(false);
    },
    stop() {
      timer?.cancel();
      if (!run) {
        set({ kind: 'stopped' });
        return Promise.resolve();
      }
      const mine = run;
      const hard = options.schedule(() => mine.kill(), 8_000);
      return new Promise((resolve) => {
        stopping = () => {
          hard.cancel();
          resolve();
        };
        mine.end();
      });
    },
    state: () => state,
    workspace: () => workspace,
  };
}
