/** For tests and benches: a station without a database, over real HTTP - it is connected by a person, pushes its chain, and checks every page that it pulls. */
import { gzipSync } from 'node:zlib';
import { deviceProofText } from '../../../core/contract/access.ts';
import { CONTRACT_HEADER, PageEnd, PulledOp, type PushBatch, PushReply } from '../../../core/contract/sync-http.ts';
import { CONTRACT_VERSION } from '../../../core/contract/version.ts';
import { judgePage, type LogPlace, startOf, type TakenOp } from '../../../core/sync/pull.ts';
import type { Person, TestPeople } from '../../access/testing-people.ts';
import { sha256 } from '../../store/audit.ts';
import { createTestDevice, type TestDevice } from './testing-device.ts';

export interface TestStation {
  readonly device: TestDevice;
  readonly access: string;
  place: LogPlace;
  /** Everything pulled so far. */
  readonly taken: TakenOp[];
  readonly heads: PageEnd['heads'][number][];
  request(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  push(batch?: PushBatch, query?: string): Promise<Response>;
  pull(
    wait?: number,
    limit?: number,
  ): Promise<{ status: number; took: number; end: PageEnd | undefined; problem?: unknown }>;
  /** Pages until there is no more. */
  catchUp(): Promise<void>;
}

/** What became of each operation of a push. */
export async function verdictsOf(reply: Response): Promise<string[]> {
  if (reply.status !== 200) throw new Error(`not taken: ${reply.status} ${await reply.text()}`);
  return PushReply.parse(await reply.json()).results.map(({ verdict }) => verdict);
}

interface Making {
  readonly people: TestPeople;
  readonly person: Person;
  readonly epoch?: number;
}

export async function connectStation({ people, person, epoch = 1 }: Making): Promise<TestStation> {
  const { site } = person;
  const device = createTestDevice(site, `user:${person.id}`);
  const { access } = await people.signIn(person);
  const { publicKey, sign } = device.signer;
  const proof = sign(deviceProofText(site, person.id, publicKey, device.id));
  const wish = { name: 'Desk', device: device.id, publicKey, proof };
  const enrolled = await people.request('/api/v1/me/devices', access, { json: wish });
  if (enrolled.status !== 200) throw new Error(`not connected: ${await enrolled.text()}`);
  const base = `/api/v1/sites/${site}`;
  const request: TestStation['request'] = (path, init = {}) =>
    people.request(`${base}${path}`, access, {
      ...init,
      headers: { [CONTRACT_HEADER]: String(CONTRACT_VERSION), ...(init.headers as Record<string, string> | undefined) },
    });

  const station: TestStation = {
    device,
    access,
    place: startOf(epoch),
    taken: [],
    heads: [],
    request,
    push: (batch = device.batch(station.place.epoch), query = '') =>
      request(`/ops${query}`, {
        method: 'POST',
        body: gzipSync(JSON.stringify(batch)),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      }),
    async pull(wait = 0, limit = 1_000) {
      const { cursor, epoch: history } = station.place;
      const reply = await request(`/ops?after=${cursor}&epoch=${history}&wait=${wait}&limit=${limit}`);
      if (reply.status !== 200) return { status: reply.status, took: 0, end: undefined, problem: await reply.json() };
      const lines = (await reply.text()).trimEnd().split('\n');
      const end = PageEnd.parse(JSON.parse(lines.at(-1) ?? ''));
      const ops = lines.slice(0, -1).map((line) => PulledOp.parse(JSON.parse(line)));
      const judged = judgePage(station.place, { ops, end }, sha256);
      if (judged.kind !== 'ok') throw new Error(`a bad page: ${JSON.stringify(judged)}`);
      station.place = judged.place;
      station.taken.push(...judged.ops);
      station.heads.push(...end.heads);
      return { status: 200, took: ops.length, end };
    },
    async catchUp() {
      for (let took = 1; took > 0;) ({ took } = await station.pull());
    },
  };
  return station;
}
