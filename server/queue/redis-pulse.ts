/**
 * Whether Redis is there, takes writes, and still has what it was given: every process adds one to a common counter each second. A counter that went back
 * means that Redis lost something (flushed, restarted, an older copy); after a break, too, it is taken to have done so.
 */
import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';

export interface Pulse {
  readonly available: () => boolean;
  readonly onChange: (listener: (available: boolean) => void) => () => void;
  /** Called by the one process that is to hand everything out again. */
  readonly onLoss: (listener: () => void) => () => void;
  /** A write failed: not available until a beat gets through. */
  readonly suspect: () => void;
  start(): void;
  stop(): void;
}

const BEAT_MS = 1_000;
/** Processes that notice one loss within this time leave it to the first. */
const LOSS_MS = 3_000;

export function createPulse(redis: Redis, prefix: string, log: Log): Pulse {
  const changes = new Set<(available: boolean) => void>();
  const losses = new Set<() => void>();
  let isAvailable = false;
  let last: number | undefined;
  let beating: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const turn = (now: boolean): void => {
    if (now === isAvailable) return;
    isAvailable = now;
    log.warn(now ? 'redis available' : 'redis away');
    for (const listener of changes) listener(now);
  };
  const lose = async (): Promise<void> => {
    const first = await redis.set(`${prefix}:lost`, '1', 'PX', LOSS_MS, 'NX');
    if (first === 'OK') for (const listener of losses) listener();
  };
  const beat = async (): Promise<void> => {
    try {
      const count = await redis.incr(`${prefix}:pulse`);
      // The first beat of all, a counter that went back, or a break in which anything may have happened.
      const isLost = last === undefined ? count === 1 : !isAvailable || count <= last;
      last = count;
      if (isLost) await lose();
      turn(true);
    } catch {
      turn(false);
    }
  };
  const once = (): void => {
    beating ??= beat().finally(() => {
      beating = undefined;
    });
  };
  const away = (): void => turn(false);

  return {
    available: () => isAvailable,
    onChange: (listener) => {
      changes.add(listener);
      return () => changes.delete(listener);
    },
    onLoss: (listener) => {
      losses.add(listener);
      return () => losses.delete(listener);
    },
    suspect: away,
    start() {
      redis.on('ready', once);
      redis.on('close', away);
      timer = setInterval(once, BEAT_MS);
      if (redis.status === 'ready') once();
    },
    stop() {
      clearInterval(timer);
      redis.off('ready', once);
      redis.off('close', away);
      changes.clear();
      losses.clear();
      isAvailable = false;
    },
  };
}
