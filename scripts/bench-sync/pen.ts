/** A station reduced to its chain and one kept connection: it writes a correction and sends it. */
import { request as httpRequest, Agent, type IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { headProofText, type PushBatch, PushReply } from '../../core/contract/sync-http.ts';
import { invoiceCreatedOp } from '../../core/sync/drafts.ts';
import type { SealedOp } from '../../core/sync/seal.ts';
import { createTestDevice, wireOf } from '../../server/sync/hub/testing-device.ts';
import type { Person } from '../../server/access/testing-people.ts';
import { makeId } from '../../server/workspace.ts';
import type { Connected, Connecting } from './connecting.ts';

const newId = makeId(Date.now);

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Kept connections, one for what is sent and one for what is waited for. */
export function createAsking(origin: string, connected: Connected, sockets = 2) {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  async function ask(path: string, body?: string, signal?: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${connected.token}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const method = body === undefined ? 'GET' : 'POST';
      const sent = httpRequest(
        `${origin}/api/v1/sites/${connected.site}${path}`,
        { agent, method, headers, ...(signal === undefined ? {} : { signal }) },
        (reply: IncomingMessage) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
          reply.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
  return { ask, stop: () => agent.destroy() };
}

export interface Pen {
  readonly connected: Connected;
  readonly device: ReturnType<typeof createTestDevice>;
  /** Writes a correction of an invoice of its own, and sends it. Milliseconds. */
  save(): Promise<number>;
  /** Sends what was written since. */
  send(): Promise<void>;
  readonly ask: ReturnType<typeof createAsking>['ask'];
  stop(): void;
}

export async function createPen(site: Pick<Connecting, 'origin' | 'connect'>, person: Person): Promise<Pen> {
  const id = randomUUID();
  const connected = await site.connect(person, id);
  const device = createTestDevice(person.site, `user:${person.id}`, { id, signer: connected.signer });
  const { ask, stop } = createAsking(site.origin, connected);
  const invoice = newId();
  let sent = 0;
  let last: SealedOp | undefined;

  async function send(): Promise<void> {
    const ops = device.ops.slice(sent);
    const [first] = ops;
    const head = ops.at(-1);
    if (first === undefined || head === undefined) return;
    const proof = { device: id, dev_seq: head.body.dev_seq, hash: head.hash };
    const batch: PushBatch = {
      device: id,
      epoch: 1,
      first_dev_seq: first.body.dev_seq,
      ops: ops.map(wireOf),
      head: { ...proof, signature: connected.signer.sign(headProofText(person.site, proof)) },
    };
    const { status, text } = await ask('/ops', JSON.stringify(batch));
    if (status !== 200) throw new Error(`${status} ${text.slice(0, 300)}`);
    const refused = PushReply.parse(JSON.parse(text)).results.find(({ verdict }) => verdict !== 'accepted');
    if (refused !== undefined) throw new Error(`refused: ${refused.verdict}`);
    sent += ops.length;
  }
  return {
    connected,
    device,
    ask,
    stop,
    send,
    async save() {
      if (last === undefined) device.write(invoiceCreatedOp(device.author(), invoice, { document: 'a'.repeat(64) }));
      last = device.setField(invoice, `value ${device.ops.length}`, last === undefined ? [] : [last.body.op_id]);
      const from = performance.now();
      await send();
      return performance.now() - from;
    },
  };
}
