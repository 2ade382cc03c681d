/** Connections to Redis, by `REDIS_URL` (`redis://` or `rediss://`, user and password in it). */
import { Redis, type RedisOptions } from 'ioredis';
import { checkRedisUrl } from './redis-url.ts';

export interface RedisPlace {
  readonly url: string;
  /** Certificates of the authority that signed the server's, where the system does not know it. */
  readonly ca?: string | undefined;
}

const RETRY_MS = 1_000;
/** A server that hangs is as good as one that is gone. */
const COMMAND_MS = 3_000;

function options({ url, ca }: RedisPlace) {
  checkRedisUrl(url);
  return {
    connectTimeout: COMMAND_MS,
    keepAlive: 10_000,
    // Sooner than the screens give up, later than a server that restarts would be flooded.
    retryStrategy: (times: number) => Math.min(RETRY_MS, times * 100),
    // After a failover the old master refuses writes: the name is looked up anew.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    replyMapping: 'legacy',
    ...(url.startsWith('rediss:') && ca !== undefined ? { tls: { ca } } : {}),
  } as const satisfies RedisOptions;
}

/** Fails at once while Redis is away: whoever asks has another way. */
export const quickRedis = (place: RedisPlace): Redis =>
  new Redis(place.url, {
    ...options(place),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
  });

/** Waits for Redis as long as it takes: for BullMQ's workers, whose commands block. */
export const patientRedis = (place: RedisPlace): Redis =>
  new Redis(place.url, { ...options(place), maxRetriesPerRequest: null });

/** Receives messages, and subscribes again by itself after a break. */
export const listeningRedis = (place: RedisPlace): Redis =>
  new Redis(place.url, { ...options(place), maxRetriesPerRequest: null, autoResubscribe: true });
