/**
 * The way to an endpoint: connections, time-outs, repeated tries. The SDK's own repeating is off: it cannot send a stream twice, while every call here makes
 * its body anew for each try.
 */
import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3Config } from './s3-config.ts';
import { isMissing, isPassing, isRaced, storageError } from './s3-error.ts';
import { createSendBytes, type SendBytes } from './s3-put.ts';

export interface Patience {
  readonly tries: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** To get a connection. */
  readonly connectMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
  /** After so long no further try is begun: somebody waits for the answer. */
  readonly giveUpMs: number;
}

/** A few seconds of trouble are bridged here; longer ones by the queue's own retries. */
export const PATIENCE: Patience = {
  tries: 7,
  baseMs: 100,
  capMs: 3_000,
  connectMs: 5_000,
  idleMs: 30_000,
  giveUpMs: 40_000,
};

/** One call for the metrics. */
export type Observe = (call: {
  readonly operation: string;
  readonly seconds: number;
  readonly outcome: 'ok' | 'retried' | 'failed';
}) => void;

export interface Endpoint {
  readonly config: S3Config;
  readonly client: S3Client;
  /** Over the same connections, without the SDK. Tried once, as each command of the client. */
  readonly sendBytes: SendBytes;
  /** Tries until it works, until it cannot, or until patience ends. Missing objects and lost races come out as the SDK names them, all else as AppError. */
  call<T>(operation: string, attempt: (client: S3Client) => Promise<T>): Promise<T>;
  close(): void;
}

const CONNECTIONS = 64;

function createAgents({ ca }: S3Config, { idleMs }: Patience) {
  // Node closes connections that rest: a load balancer in between closes them at 60 s or so without a word.
  const agent = { keepAlive: true, keepAliveMsecs: 10_000, maxSockets: CONNECTIONS, timeout: idleMs };
  return {
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent({ ...agent, ...(ca === undefined ? {} : { ca }) }),
  };
}

export function createS3Client(
  config: S3Config,
  patience: Patience = PATIENCE,
  agents = createAgents(config, patience),
): S3Client {
  const client = new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    forcePathStyle: config.pathStyle,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    maxAttempts: 1,
    // Stores other than Amazon's refuse or ignore the newer checksums; what has to be proved is proved by the hash of the payload.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: patience.connectMs,
      socketTimeout: patience.idleMs,
      ...agents,
    },
  });
  digestDocuments(client);
  return client;
}

/** Settings of a bucket are XML documents; older stores want their Content-MD5 where newer ones take any checksum. */
function digestDocuments(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body?: unknown; headers: Record<string, string> };
      if (typeof request.body === 'string' && request.body.length > 0 && !hasHeader(request.headers, 'content-md5')) {
        request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64');
      }
      return next(args);
    },
    { step: 'build', name: 'digestDocuments', priority: 'low' },
  );
}

const hasHeader = (headers: Record<string, string>, name: string): boolean =>
  Object.keys(headers).some((one) => one.toLowerCase() === name);

export interface EndpointOptions {
  readonly config: S3Config;
  readonly patience?: Partial<Patience>;
  readonly observe?: Observe;
  readonly random?: () => number;
}

export function createEndpoint({ config, observe, random = Math.random, ...options }: EndpointOptions): Endpoint {
  const patience = { ...PATIENCE, ...options.patience };
  const agents = createAgents(config, patience);
  const client = createS3Client(config, patience, agents);
  const agent = config.endpoint.startsWith('https:') ? agents.httpsAgent : agents.httpAgent;
  const sendBytes = createSendBytes(config, { agent, ...patience });

  async function call<T>(operation: string, attempt: (client: S3Client) => Promise<T>): Promise<T> {
    const begun = performance.now();
    for (let tries = 1; ; tries += 1) {
      const from = performance.now();
      const told = (outcome: 'ok' | 'retried' | 'failed'): void =>
        observe?.({ operation, outcome, seconds: (performance.now() - from) / 1_000 });
      try {
        const result = await attempt(client);
        told('ok');
        return result;
      } catch (error) {
        if (isMissing(error) || isRaced(error)) {
          told('ok');
          throw error;
        }
        const late = performance.now() - begun > patience.giveUpMs;
        if (tries >= patience.tries || late || !isPassing(error)) {
          told('failed');
          throw storageError(error, config);
        }
        told('retried');
        await sleep(random() * Math.min(patience.capMs, patience.baseMs * 2 ** (tries - 1)) + patience.baseMs / 2);
      }
    }
  }
  return { config, client, sendBytes, call, close: () => client.destroy() };
}
