/** Stations reduced to what the site sees of them - a key, a chain of operations, batches - over real HTTP, with a sign-in that stays fresh. */
import { gzipSync } from 'node:zlib';
import { deviceProofText } from '../../core/contract/access.ts';
import { CONTRACT_HEADER, PageEnd, PulledOp } from '../../core/contract/sync-http.ts';
import type { z } from 'zod';
import type { Problem } from '../../core/contract/http.ts';
import { CONTRACT_VERSION } from '../../core/contract/version.ts';
import { judgePage, type LogPlace, startOf, type TakenOp } from '../../core/sync/pull.ts';
import { sha256 } from '../../server/store/audit.ts';
import { createTestDevice, type TestDevice } from '../../server/sync/hub/testing-device.ts';
import { type Answer, type Ask, type Asked, expectStatus } from '../site/http.ts';
import { SITES } from '../site/site.ts';
import type { FaultSite } from './site.ts';

/** Where pens write without end: stations are connected to the other site, and need not read all of it. */
export const PENS_AT = SITES[1];

export interface Pen {
  readonly device: TestDevice;
  readonly actor: string;
  /** Below `/api/v1/sites/<site>`, in this device's name. */
  readonly ask: Ask;
  /** Operations `from` to `to` by their numbers: all by default. */
  push(from?: number, to?: number): Promise<Answer>;
  /** One page from `at`, checked as a station checks it: dense, and continuing the chain. */
  pull(at: LogPlace, wait?: number): Promise<{ readonly place: LogPlace; readonly ops: readonly TakenOp[] }>;
  history(): Promise<LogPlace>;
}

interface PenOptions {
  readonly name?: string;
  /** In whose name it writes: its person's, unless told otherwise. */
  readonly actor?: string;
  /** Another way to the site than its front. */
  readonly ask?: Ask;
}

export async function createPen({ people, ask: front }: FaultSite, options: PenOptions = {}): Promise<Pen> {
  const { name = SITES[0], ask: send = front } = options;
  const { person, actor: own, token } = await people.another('reviewer', name);
  const { actor = own } = options;
  const device = createTestDevice(name, actor);
  const { publicKey, sign } = device.signer;
  const proof = sign(deviceProofText(name, person.id, publicKey, device.id));
  const wish = { name: 'Pen', device: device.id, publicKey, proof };
  expectStatus(await front('/api/v1/me/devices', { token: await token(), json: wish }), 200, 'a device');

  const ask = async (path: string, asked: Asked = {}): Promise<Answer> =>
    send(`/api/v1/sites/${name}${path}`, {
      token: await token(),
      ...asked,
      headers: { [CONTRACT_HEADER]: String(CONTRACT_VERSION), ...asked.headers },
    });
  let epoch = 0;
  const pen: Pen = {
    device,
    actor,
    ask,
    push: (from, to) =>
      ask('/ops', {
        method: 'POST',
        body: gzipSync(JSON.stringify(device.batch(epoch, from, to))),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        impatient: true,
      }),
    async pull(at, wait = 0) {
      const query = `after=${at.cursor}&epoch=${at.epoch}&wait=${wait}&limit=1000`;
      const lines = expectStatus(await ask(`/ops?${query}`), 200, 'a page')
        .text.trimEnd()
        .split('\n');
      const end = PageEnd.parse(JSON.parse(lines.at(-1) ?? ''));
      const ops = lines.slice(0, -1).map((line) => PulledOp.parse(JSON.parse(line)));
      const judged = judgePage(at, { ops, end }, sha256);
      if (judged.kind !== 'ok') throw new Error(`a bad page: ${JSON.stringify(judged)}`);
      return { place: judged.place, ops: judged.ops };
    },
    async history() {
      const head = expectStatus(await ask('/head'), 200, 'the head of the log').json<{ epoch: number }>();
      ({ epoch } = head);
      return startOf(epoch);
    },
  };
  await pen.history();
  return pen;
}

/** What a refusal says of itself. */
export const detailsOf = (answer: Answer): Readonly<Record<string, unknown>> =>
  answer.json<z.infer<typeof Problem>>().details ?? {};
