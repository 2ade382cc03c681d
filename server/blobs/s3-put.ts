/**
 * An object in one request, past the SDK: nearly everything that comes in goes this way, and the SDK's layers work several times as long as the request itself.
 * The signature covers the hash of the content: the store refuses other bytes than these.
 */
import { type Agent, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { S3Config } from './s3-config.ts';
import { createSigner, placesIn, SHA_HEADER } from './s3-signer.ts';

export interface Sending {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** Only where there is nothing yet. */
  readonly absent: boolean;
}

/** False where the store says that the bucket is somewhere else: the SDK knows how to follow. Rejects with the store's refusals as the SDK names them. */
export type SendBytes = (sending: Sending) => Promise<boolean>;

export interface Way {
  readonly agent: Agent;
  readonly connectMs: number;
  readonly idleMs: number;
}

/** A refusal is a few lines of XML. */
const MOST_TEXT = 64 * 1024;

export function createSendBytes(config: S3Config, { agent, connectMs, idleMs }: Way): SendBytes {
  const { base, host, hostname, pathOf } = placesIn(config.endpoint, config);
  const signer = createSigner(config);
  const open = base.protocol === 'https:' ? secureRequest : plainRequest;

  const exchange = (path: string, headers: Readonly<Record<string, string>>, bytes: Uint8Array): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const place = { hostname: hostname.replaceAll(/[[\]]/g, ''), port: base.port, agent };
      const sent = open({ ...place, method: 'PUT', path, headers, timeout: connectMs });
      const connected = (): void => void sent.setTimeout(idleMs);
      sent.once('socket', (socket) => {
        if (socket.connecting) socket.once(base.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
        else connected();
      });
      sent.once('timeout', () => sent.destroy(named('TimeoutError')));
      sent.once('error', reject);
      sent.once('response', (reply) => {
        textOf(reply).then((text) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }), reject);
      });
      sent.end(bytes);
    });

  return async ({ key, sha256, bytes, absent }) => {
    const path = pathOf(key);
    const { headers } = await signer.sign({
      method: 'PUT',
      protocol: base.protocol,
      hostname,
      path,
      query: {},
      headers: {
        host,
        'content-length': String(bytes.length),
        'content-type': 'application/octet-stream',
        [SHA_HEADER]: sha256,
        ...(absent ? { 'if-none-match': '*' } : {}),
      },
    });
    const reply = await exchange(path, headers, bytes);
    if (reply.status >= 200 && reply.status < 300) return true;
    if (isElsewhere(reply, config.region)) return false;
    throw refusalOf(reply);
  };
}

interface Reply extends Pick<IncomingMessage, 'headers'> {
  readonly status: number;
  readonly text: string;
}

async function textOf(reply: IncomingMessage): Promise<string> {
  let text = '';
  // To its end, however long it is: the connection is used again.
  for await (const chunk of reply.setEncoding('utf8') as AsyncIterable<string>)
    if (text.length < MOST_TEXT) text += chunk;
  return text;
}

const isElsewhere = ({ status, headers }: Reply, region: string): boolean =>
  (status >= 300 && status < 400) || (status === 400 && (headers['x-amz-bucket-region'] ?? region) !== region);

const named = (name: string, $metadata: object = {}): Error => Object.assign(new Error(name), { name, $metadata });

function refusalOf({ status, headers, text }: Reply): Error {
  const name = /<Code>([A-Za-z0-9]+)<\/Code>/.exec(text)?.[1] ?? 'Unknown';
  const id = headers['x-amz-request-id'];
  return named(name, { httpStatusCode: status, ...(typeof id === 'string' ? { requestId: id } : {}) });
}
