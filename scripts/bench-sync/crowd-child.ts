/** Those who ask, in a process of their own that gives way to the site: stations that save, wait for news, and check every page. */
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PageEnd, PulledOp } from '../../core/contract/sync-http.ts';
import { judgePage, startOf } from '../../core/sync/pull.ts';
import { type Blobs } from '../../server/blobs/blobs.ts';
import { createDiskBlobs } from '../../server/blobs/disk.ts';
import { sha256 } from '../../server/store/audit.ts';
import { type Archive, createArchive } from '../archive/invoices.ts';
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

/** An invoice, and what an edit of it names while nobody has made one: its reading. */
interface Known {
  readonly id: string;
  readonly reading: string;
}
interface Desk {
  readonly pen: Pen;
  readonly own: Known;
  readonly room: Room;
  readonly seen: Set<string>;
}
interface Room {
  /** Invoices of everybody, and the last value of each that everybody has. */
  readonly shared: readonly Known[];
  readonly heads: Map<string, string>;
  readonly sentAt: Map<string, number>;
}

const desks: Desk[] = [];

/** Taken in and read: as a station has it before anybody reviews it. Its bytes are at the site, so that the site shows it, too. */
async function takeIn(pen: Pen, archive: Archive, blobs: Blobs): Promise<Known> {
  const { ops, invoice, readingBlob, original } = archive.next();
  await blobs.put(readingBlob);
  await blobs.put(original);
  pen.device.write(...ops.filter(({ kind }) => kind !== 'transition'));
  const reading = ops.find(({ kind }) => kind === 'reading.recorded');
  return { id: invoice.id, reading: reading?.op_id ?? '' };
}

async function connect({ sites, reviewers }: CrowdWish): Promise<void> {
  const given = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const connecting = await openConnecting(Object.fromEntries(given));
  for (const [number, site] of sites.entries()) {
    const person = await connecting.person(site);
    const archive = createArchive(100 + number, 100);
    const blobs = await createDiskBlobs(join(process.env['AP_DATA'] ?? '', 'site', 'blobs', site));
    const shared: Known[] = [];
    const room: Room = { shared, heads: new Map(), sentAt: new Map() };
    for (let at = 0; at < reviewers; at += 1) {
      const pen = await createPen(connecting, person);
      for (let more = at === 0 ? SHARED : 0; more > 0; more -= 1) shared.push(await takeIn(pen, archive, blobs));
      desks.push({ pen, own: await takeIn(pen, archive, blobs), room, seen: new Set() });
      await pen.send();
    }
  }
  await connecting.close();
}

async function work(seconds: number): Promise<CrowdSeen> {
  setPriority(10);
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
      const parent = (isShared ? undefined : room.heads.get(invoice.id)) ?? invoice.reading;
      if (isShared) conflicts += 1;
      const op = pen.device.setField(invoice.id, `${pen.device.id} ${pen.device.ops.length}`, [parent], FIELD);
      if (!isShared) room.heads.set(invoice.id, op.body.op_id);
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
