/**
 * F6: the same operations pushed to two sites: to one in the order in which they were written, each once; to the other in any order, doubled, cut at other places,
 * and long after they were acknowledged. Both come to the same state.
 */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { deviceProofText } from '../../core/contract/access.ts';
import { headProofText } from '../../core/contract/sync-http.ts';
import { rowAddedOp, rowDeletedOp } from '../../core/sync/drafts.ts';
import type { SealedOp } from '../../core/sync/seal.ts';
import type { TestDevice } from '../../server/sync/hub/testing-device.ts';
import type { Random } from '../random.ts';
import { type Answer, expectStatus } from '../site/http.ts';
import { SITES } from '../site/site.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createPen, detailsOf, type Pen } from './pens.ts';
import { readSiteLog } from './site-log.ts';
import type { FaultSite } from './site.ts';

const PENS = 5;
const MOST = 6;
const [IN_ORDER, IN_DISORDER] = SITES;

export const fault: Fault = {
  id: 'F6',
  what: 'duplicated, reordered and replayed requests',
  unit: 'requests',
  short: 1_000,
  needsSite: true,
  bugs: { 'written-again': ['differences'] },
  run: faultReplays,
};

/** Numbers `from` to `to` of one device. */
interface Part {
  readonly pen: number;
  readonly from: number;
  readonly to: number;
}

/** A device that both sites know: the same chain, signed for each. */
async function atBoth(site: FaultSite, pen: Pen): Promise<(part: Part) => Promise<Answer>> {
  const { people, ask } = site;
  const { device } = pen;
  const { person, token } = await people.another('reviewer', IN_DISORDER);
  const { publicKey, sign } = device.signer;
  const proof = sign(deviceProofText(IN_DISORDER, person.id, publicKey, device.id));
  const wish = { name: 'Pen', device: device.id, publicKey, proof };
  expectStatus(await ask('/api/v1/me/devices', { token: await token(), json: wish }), 200, 'a device');
  const path = `/api/v1/sites/${IN_DISORDER}`;
  const head = expectStatus(await ask(`${path}/head`, { token: await token() }), 200, 'the head').json<{
    epoch: number;
  }>();
  return async ({ from, to }) => {
    const { signature: _of, ...end } = device.head(to);
    const signed = { ...end, signature: sign(headProofText(IN_DISORDER, end)) };
    const batch = { ...device.batch(head.epoch, from, to), head: signed };
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    return ask(`${path}/ops`, { token: await token(), method: 'POST', body: gzipSync(JSON.stringify(batch)), headers });
  };
}

/** Everybody edits a few invoices: what one saw of the others' is drawn, so that some edits follow others and some contradict them. */
function write(devices: readonly TestDevice[], random: Random, parts: number): Part[] {
  const invoices = Array.from({ length: 4 }, () => randomUUID());
  const last = new Map<string, SealedOp>();
  const ends = devices.map(() => 0);
  return Array.from({ length: parts }, (): Part => {
    const pen = random.integer(0, devices.length - 1);
    const device = devices[pen]!;
    for (let left = random.integer(1, MOST); left > 0; left -= 1) {
      const invoice = random.pick(invoices);
      const field = random.pick(['poNumber', 'contractRef', 'invoiceNumber']);
      const cell = `${invoice} ${field}`;
      const seen = random.integer(1, 3) > 1 ? last.get(cell) : undefined;
      if (random.integer(1, 8) === 1) {
        const id = randomUUID();
        const [added] = device.write(rowAddedOp(device.author(), invoice, { type: 'line', id, order: 'a0' }));
        const parents = added === undefined ? [] : [added.body.op_id];
        if (random.integer(1, 2) === 1)
          device.write(rowDeletedOp(device.author(), invoice, { type: 'line', id, parents }));
      } else last.set(cell, device.setField(invoice, randomUUID(), seen === undefined ? [] : [seen.body.op_id], field));
    }
    const from = ends[pen]! + 1;
    ends[pen] = device.ops.length;
    return { pen, from, to: ends[pen] };
  });
}

interface Tally {
  requests: number;
  refused: number;
  readonly odd: string[];
}

async function inDisorder(
  send: (part: Part) => Promise<Answer>,
  all: readonly Part[],
  count: number,
  {
    random,
    bug,
    devices,
  }: {
    random: Random;
    bug: string | undefined;
    devices: readonly TestDevice[];
  },
): Promise<Tally> {
  const waiting = [...all];
  const done: Part[] = [];
  const tally: Tally = { requests: 0, refused: 0, odd: [] };
  async function one(part: Part): Promise<boolean> {
    tally.requests += 1;
    const answer = await send(part);
    if (answer.status === 200) return true;
    const { reason } = answer.status === 409 ? detailsOf(answer) : {};
    tally.refused += 1;
    if (reason !== 'gap' && reason !== 'missing_parents')
      tally.odd.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    return false;
  }
  const replay = (): Promise<unknown> => {
    const { pen, from, to } = random.pick(done);
    if (bug === undefined) return one({ pen, from: random.integer(from, to), to });
    // A sender that does not know its request again, and writes a new one.
    const device = devices[pen]!;
    const before = device.ops.length;
    // Its numbers go on only behind what was written before.
    if (waiting.some((part) => part.pen === pen)) return one({ pen, from, to });
    for (const { body, content } of device.ops.slice(from - 1, to))
      device.setField(body.root, content.value ?? '', body.parents, body.field);
    const part = { pen, from: before + 1, to: device.ops.length };
    done.push(part);
    return one(part);
  };
  while (tally.requests < count) {
    const isReplay = done.length > 0 && (waiting.length === 0 || random.integer(1, 3) === 1);
    if (isReplay) await replay();
    else {
      // One of those that are next, mostly; any other now and then.
      const at = random.integer(0, Math.min(waiting.length - 1, random.integer(1, 4) === 1 ? waiting.length : 3));
      const part = waiting[at]!;
      const times = random.integer(1, 3) === 1 ? 2 : 1;
      const took = await Promise.all(Array.from({ length: times }, () => one(part)));
      if (took.includes(true)) done.push(...waiting.splice(waiting.indexOf(part), 1));
    }
  }
  for (const part of waiting.splice(0)) await one(part);
  // By now each of them has been sent: the error can be made with all.
  if (bug !== undefined) for (let times = 0; times < PENS; times += 1) await replay();
  return tally;
}

const HEADS = `SELECT entity, field, op_id, value FROM cell_head WHERE site = $1 AND op_id = ANY ($2::text[])`;
const ALL_OF = `SELECT l.op_id, l.verdict FROM op_log l WHERE l.site = $1 AND l.device = ANY ($2::text[])`;

async function stateOf({ running }: FaultSite, name: string, devices: readonly string[]): Promise<Set<string>> {
  const ops = await running.stores.sql(ALL_OF, [name, devices]);
  const heads = await running.stores.sql(HEADS, [name, ops.map(([op]) => op)]);
  return new Set([...ops, ...heads].map((row) => row.join(' ')));
}

async function faultReplays({ count, random, figures, say, bug, site: open }: FaultRun): Promise<void> {
  const site = await open();
  const pens = await Promise.all(Array.from({ length: PENS }, () => createPen(site, { actor: 'service:pens' })));
  const devices = pens.map(({ device }) => device);
  const sends = await Promise.all(pens.map((pen) => atBoth(site, pen)));
  const all = write(devices, random, Math.ceil(count / 3));
  for (const { pen, from, to } of all) expectStatus(await pens[pen]!.push(from, to), 200, 'operations in their order');
  const ids = devices.map(({ id }) => id);
  const wanted = await stateOf(site, IN_ORDER, ids);
  const { requests, refused, odd } = await inDisorder((part) => sends[part.pen]!(part), all, count, {
    random,
    bug,
    devices,
  });
  const found = await stateOf(site, IN_DISORDER, ids);
  const log = await readSiteLog(site, IN_DISORDER);
  const other =
    [...wanted].filter((one) => !found.has(one)).length + [...found].filter((one) => !wanted.has(one)).length;
  say(
    `${requests} requests with ${devices.reduce((sum, { ops }) => sum + ops.length, 0)} operations, ${refused} of them too early`,
  );
  for (const line of [...odd, ...log.problems].slice(0, 5)) say(`WRONG   ${line}`);
  figures.atLeast('f6.requests', requests, count);
  figures.atMost('f6.differences', other, 0);
  figures.atMost('f6.odd-answers', odd.length, 0);
  figures.atMost('f6.log-problems', log.problems.length, 0);
}
