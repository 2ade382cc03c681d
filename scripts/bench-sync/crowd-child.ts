/** Those who ask, in a process of their own that gives way to the site: stations that save, wait for news, and check every page. */
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { PageEnd, PulledOp } from '../../core/contract/sync-http.ts';
import { invoiceCreatedOp } from '../../core/sync/drafts.ts';
import { judgePage, startOf } from '../../core/sync/pull.ts';
import { sha256 } from '../../server/store/audit.ts';
import { makeId } from '../../server/workspace.ts';
import { answerCalls } from './child.ts';
import { openConnecting } from './connecting.ts';
import { createPen, type Pen } from './pen.ts';

const EVERY_MS = 5_000;
const WAIT_S = 25;
const SHARED = 5;
/** Of a site, so that what they name is what they have seen. */
const FIELD = 'contractRef';
/** What is under way at the end may arrive. */
const LATE_MS = 5_000;

export interface CrowdWish {
  readonly sites: readonly string[];
  readonly reviewers: number;
}
export interface CrowdSeen {
  /** Milliseconds. */
  readonly pushes: readonly number[];
  readonly lags: readonly number[];
  readonly conflicts: number;
  /** Saves that did not come to somebody. */
  readonly missing: number;
  readonly errors: readonly string[];
}

interface Desk {
  readonly pen: Pen;
  readonly own: string;
  readonly room: Room;
  readonly seen: Set<string>;
}
interface Room {
  /** Invoices of everybody, and the last value of each that everybody has. */
  readonly shared: readonly string[];
  readonly heads: Map<string, string>;
  readonly sentAt: Map<string, number>;
}

const newId = makeId(Date.now);
const desks: Desk[] = [];

async function connect({ sites, reviewers }: CrowdWish): Promise<void> {
  setPriority(10);
  const given = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const connecting = await openConnecting(Object.fromEntries(given));
  for (const site of sites) {
    const person = await connecting.person(site);
    const room: Room = { shared: Array.from({ length: SHARED }, newId), heads: new Map(), sentAt: new Map() };
    for (let at = 0; at < reviewers; at += 1) {
      const pen = await createPen(connecting, person);
      const own = newId();
      for (const id of at === 0 ? [own, ...room.shared] : [own])
        pen.device.write(invoiceCreatedOp(pen.device.author(), id, { document: 'b'.repeat(64) }));
      await pen.send();
      desks.push({ pen, own, room, seen: new Set() });
    }
  }
}

async function work(seconds: number): Promise<CrowdSeen> {
  const pushes: number[] = [];
  const lags: number[] = [];
  const errors: string[] = [];
  let conflicts = 0;
  const end = new AbortController();
  const until = performance.now() + seconds * 1_000;
  const failed = (error: unknown): void => {
    if (!end.signal.aborted) errors.push(String(error));
  };

  async function write({ pen, own, room }: Desk): Promise<void> {
    await sleep(Math.random() * EVERY_MS);
    while (performance.now() < until) {
      const isShared = Math.random() < 0.2;
      const invoice = isShared ? (room.shared[Math.floor(Math.random() * SHARED)] ?? own) : own;
      // Of the shared ones everybody names what stood at the beginning: that contradicts what the others wrote.
      const parent = isShared ? undefined : room.heads.get(invoice);
      if (isShared) conflicts += 1;
      const op = pen.device.setField(
        invoice,
        `${pen.device.id} ${pen.device.ops.length}`,
        parent === undefined ? [] : [parent],
        FIELD,
      );
      if (!isShared) room.heads.set(invoice, op.body.op_id);
      const from = performance.now();
      room.sentAt.set(op.body.op_id, from);
      await pen.send().then(() => pushes.push(performance.now() - from), failed);
      await sleep(EVERY_MS * (0.8 + 0.4 * Math.random()));
    }
  }

  async function listen({ pen, room, seen }: Desk): Promise<void> {
    let place = startOf(1);
    while (!end.signal.aborted) {
      const path = `/ops?after=${place.cursor}&epoch=1&limit=1000&wait=${WAIT_S}`;
      const { status, text } = await pen.ask(path, undefined, end.signal);
      if (status !== 200) throw new Error(`a page: ${status} ${text.slice(0, 200)}`);
      const lines = text.trimEnd().split('\n');
      const page = PageEnd.parse(JSON.parse(lines.at(-1) ?? ''));
      const ops = lines.slice(0, -1).map((line) => PulledOp.parse(JSON.parse(line)));
      const judged = judgePage(place, { ops, end: page }, sha256);
      if (judged.kind !== 'ok') throw new Error(`a bad page: ${JSON.stringify(judged)}`);
      place = judged.place;
      const at = performance.now();
      for (const { body } of judged.ops) {
        const sent = room.sentAt.get(body.op_id);
        if (sent === undefined) continue;
        seen.add(body.op_id);
        if (body.device !== pen.device.id) lags.push(at - sent);
      }
    }
  }
  const listening = desks.map((desk) => listen(desk).catch(failed));
  await Promise.all(desks.map((desk) => write(desk).catch(failed)));
  await sleep(LATE_MS);
  end.abort();
  await Promise.all(listening);
  const missing = desks.reduce((sum, { room, seen }) => sum + room.sentAt.size - seen.size, 0);
  return { pushes, lags, conflicts, missing, errors };
}

answerCalls({ connect, work });
