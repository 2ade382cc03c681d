/** A way to a server whose weather is made: slow, cut off in the middle, without an echo, gone. Bytes are passed on as they are, so TLS goes through it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Weather =
  | { readonly kind: 'fair' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** A reset after so many more bytes of a connection, to the server (`up`) or back. */
  | { readonly kind: 'cut'; readonly side: 'up' | 'down'; readonly bytes: number }
  /** A bit of a connection comes out as another one, so many bytes on. */
  | { readonly kind: 'flipped'; readonly bytes: number }
  /** Nothing goes through until the weather changes; then it goes on, as retransmitted packets do. */
  | { readonly kind: 'hole' }
  /** As a hole, but connections that were open in it never come back: whoever waits for them has to give up by itself, or is told (`heal`). */
  | { readonly kind: 'dead' }
  /** What is sent arrives, is worked on, and the answer never comes: the connection is reset in place of it. */
  | { readonly kind: 'lost-reply' }
  | { readonly kind: 'refused' };

export interface Network {
  readonly port: number;
  turn(weather: Weather): void;
  /** Fair weather, and connections that are dead are reset: as a router does it that comes back. */
  heal(): void;
  /** Connections that a weather has broken. */
  readonly broken: () => number;
  close(): Promise<void>;
}

interface Line {
  readonly near: Socket;
  readonly far: Socket;
  readonly passed: { up: number; down: number };
  isDead: boolean;
}

function flippedAt({ passed }: Line, chunk: Buffer, bytes: number): Buffer {
  const at = bytes - passed.up;
  passed.up += chunk.length;
  if (at < 0 || at >= chunk.length) return chunk;
  const other = Buffer.from(chunk);
  other[at] = (other[at] ?? 0) ^ 1;
  return other;
}

export async function startNetwork(to: { readonly host: string; readonly port: number }): Promise<Network> {
  const lines = new Set<Line>();
  let weather: Weather = { kind: 'fair' };
  let broken = 0;

  function reset({ near, far }: Line): void {
    broken += 1;
    near.resetAndDestroy();
    far.resetAndDestroy();
  }

  function cutAt(line: Line, onward: Socket, chunk: Buffer, bytes: number): void {
    const side = onward === line.far ? 'up' : 'down';
    const left = bytes - line.passed[side];
    line.passed[side] += chunk.length;
    if (chunk.length < left) onward.write(chunk);
    else onward.write(chunk.subarray(0, Math.max(0, left)), () => reset(line));
  }

  function pass(line: Line, side: 'up' | 'down', chunk: Buffer): void {
    const onward = side === 'up' ? line.far : line.near;
    if (line.isDead || onward.destroyed) return;
    if (weather.kind === 'dead') {
      line.isDead = true;
      broken += 1;
    } else if (weather.kind === 'lost-reply' && side === 'down') reset(line);
    else if (weather.kind === 'cut' && weather.side === side) cutAt(line, onward, chunk, weather.bytes);
    else if (weather.kind === 'flipped' && side === 'up') onward.write(flippedAt(line, chunk, weather.bytes));
    else onward.write(chunk);
  }

  /** Each piece at its time, and never before the one that came before it. */
  function carry(line: Line, side: 'up' | 'down', from: Socket): void {
    let before = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      if (weather.kind !== 'slow') {
        before = before.then(() => pass(line, side, chunk));
        return;
      }
      const due = Date.now() + weather.ms;
      before = before.then(async () => {
        await new Promise((done) => setTimeout(done, Math.max(0, due - Date.now())));
        pass(line, side, chunk);
      });
    });
    from.on('end', () => void before.then(() => (side === 'up' ? line.far : line.near).end()));
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    if (weather.kind === 'refused') {
      broken += 1;
      near.resetAndDestroy();
      return;
    }
    const far = connect({ ...to, allowHalfOpen: true, noDelay: true });
    const line: Line = { near, far, passed: { up: 0, down: 0 }, isDead: false };
    lines.add(line);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        lines.delete(line);
        if (!line.isDead) other.destroy();
      });
    }
    carry(line, 'up', near);
    carry(line, 'down', far);
    if (weather.kind === 'hole') for (const one of [near, far]) one.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function turn(next: Weather): void {
    weather = next;
    for (const line of lines) {
      line.passed.up = 0;
      line.passed.down = 0;
      for (const one of [line.near, line.far]) {
        if (next.kind === 'hole') one.pause();
        else one.resume();
      }
      if (next.kind === 'refused') reset(line);
      if (next.kind === 'dead') line.isDead = true;
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    broken: () => broken,
    turn,
    heal() {
      turn({ kind: 'fair' });
      for (const { near, far, isDead } of lines)
        if (isDead) {
          near.resetAndDestroy();
          far.resetAndDestroy();
        }
    },
    async close() {
      for (const { near, far } of lines) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
