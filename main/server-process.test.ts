import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';
import { createServerProcess, type ServerRun, type ServerState } from './server-process.ts';

interface Fake extends ServerRun {
  readonly workspace: string;
  readonly withImports: boolean;
  exit(code: number | null): void;
  ready(): void;
  ended: boolean;
  killed: boolean;
}

const nobody = (): void => {};

function setUp() {
  const runs: Fake[] = [];
  const states: ServerState[] = [];
  const timers: { at: number; work: () => void }[] = [];
  let now = 0;
  const server = createServerProcess({
    workspace: 'demo',
    now: () => now,
    schedule(work, ms) {
      const timer = { at: now + ms, work };
      timers.push(timer);
      return { cancel: () => void timers.splice(timers.indexOf(timer) >>> 0, 1) };
    },
    onState: (state) => states.push(state),
    launch(workspace, withImports) {
      let exit: (code: number | null) => void = nobody;
      let line: (text: string) => void = nobody;
      const run: Fake = {
        workspace,
        withImports,
        ended: false,
        killed: false,
        onLine: (listener) => (line = listener),
        onExit: (listener) => (exit = listener),
        end() {
          run.ended = true;
        },
        kill() {
          run.killed = true;
          exit(null);
        },
        exit: (code) => exit(code),
        ready: () => line('AP_READY {}'),
      };
      runs.push(run);
      return run;
    },
  });
  const pass = (ms: number): void => {
    const until = now + ms;
    for (;;) {
      const next = timers.toSorted((a, b) => a.at - b.at).find((timer) => timer.at <= until);
      if (!next) break;
      timers.splice(timers.indexOf(next), 1);
      now = next.at;
      next.work();
    }
    now = until;
  };
  return { server, runs, states, pass, last: () => runs.at(-1)! };
}

test('a crash is followed by a restart that waits longer each time, and imports only once', () => {
  const { server, runs, pass, last } = setUp();
  server.start();
  last().ready();
  expect(server.state().kind).toBe('ready');
  expect(runs[0]!.withImports).toBe(true);
  for (const [index, wait] of [500, 1000, 2000].entries()) {
    last().exit(1);
    pass(wait - 1);
    expect(runs).toHaveLength(index + 1);
    pass(1);
    expect(runs).toHaveLength(index + 2);
    expect(last().withImports).toBe(false);
  }
});

test('gives up after five crashes in a row, and goes on when told to', () => {
  const { server, runs, pass, last } = setUp();
  server.start();
  for (let crash = 0; crash < 5; crash += 1) {
    last().exit(1);
    pass(backoffMs(crash + 1));
  }
  // The pauses between them were waits, not calm: each run ended at once.
  last().exit(7);
  expect(server.state()).toEqual({ kind: 'gave-up', code: 7 });
  const before = runs.length;
  server.restart();
  expect(runs).toHaveLength(before + 1);
  last().ready();
  expect(server.state().kind).toBe('ready');
});

test('a crash after a calm minute counts as the first', () => {
  const { server, runs, pass, last } = setUp();
  server.start();
  for (let crash = 0; crash < 20; crash += 1) {
    last().ready();
    pass(61_000);
    last().exit(1);
    pass(500);
  }
  expect(runs).toHaveLength(21);
});

test('exit code 75 starts again at once on the own workspace', () => {
  const { server, runs, last } = setUp();
  server.start();
  last().ready();
  last().exit(75);
  expect(runs).toHaveLength(2);
  expect(last().workspace).toBe('own');
  expect(last().withImports).toBe(false);
  expect(server.workspace()).toBe('own');
});

test('a server that never becomes ready is killed and started again', () => {
  const { server, runs, pass } = setUp();
  server.start();
  pass(30_000);
  expect(runs[0]!.killed).toBe(true);
  pass(500);
  expect(runs).toHaveLength(2);
});

test('stopping asks first, kills after eight seconds, and restarts nothing', async () => {
  const { server, runs, pass } = setUp();
  server.start();
  runs[0]!.ready();
  const stopped = server.stop();
  expect(runs[0]!.ended).toBe(true);
  pass(8_000);
  expect(runs[0]!.killed).toBe(true);
  await stopped;
  pass(60_000);
  expect(runs).toHaveLength(1);
});

test('backoff doubles up to half a minute', () => {
  expect([1, 2, 3, 7, 50].map(backoffMs)).toEqual([500, 1000, 2000, 30_000, 30_000]);
});
