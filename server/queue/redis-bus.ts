/** The bus over Redis' publish and subscribe. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { type Bus, BusMessage } from './bus.ts';
import type { Pulse } from './redis-pulse.ts';

export interface RedisBusParts {
  readonly publisher: Redis;
  readonly subscriber: Redis;
  readonly pulse: Pick<Pulse, 'available'>;
  readonly channel: string;
}

const Envelope = z.object({ from: z.string(), message: BusMessage });

export function createRedisBus({ publisher, subscriber, pulse, channel }: RedisBusParts): Bus {
  const self = randomUUID();
  const listeners = new Set<(message: BusMessage) => void>();
  subscriber.on('message', (_channel: string, text: string) => {
    const envelope = parse(text);
    if (envelope === undefined || envelope.from === self) return;
    for (const listener of listeners) listener(envelope.message);
  });
  // Waits for the connection; a break subscribes again by itself.
  subscriber.subscribe(channel).catch(() => undefined);
  return {
    available: pulse.available,
    tell(message) {
      if (!pulse.available()) return;
      const text = JSON.stringify({ from: self, message } satisfies z.infer<typeof Envelope>);
      publisher.publish(channel, text).catch(() => undefined);
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
}

/** A program of another version may say what we do not know. */
function parse(text: string): z.infer<typeof Envelope> | undefined {
  try {
    return Envelope.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
