/**
 * Three stations at work for minutes while replicas of the API are killed, Postgres crashes and the network breaks off: in the end all hold the same operations,
 * the site's log is dense and its chain holds, and every conflict was shown to everybody, and settled once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { OpBody } from '../../core/sync/op.ts';
import { until } from '../site/work.ts';
import type { Random } from '../random.ts';
import { createDesks, type Desk, EDITED, type Edited, everywhere } from './desks.ts';
import { deskBodies } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import type { FaultSite } from './site.ts';
import { readSiteLog, type SiteLog, twice } from './site-log.ts';

const DESKS = 3;
const OWN = 2;
/** Of a hundred edits, so many are of invoices that others edit at the same time. */
const CONTESTED = 20;
const PAUSE_MS = [150, 450] as const;
const CRASH_EVERY_MS = [3_000, 7_000] as const;

export const fault: Fault = {
  id: 'F23',
  what: 'three stations at work, while replicas are killed, Postgres crashes, the network breaks off',
  unit: 'minutes',
  short: 1,
  needsSite: true,
  bugs: { 'last-write-wins': ['conflicts-shown-otherwise', 'conflicts-left'] },
  run: faultTogether,
};

interface Work {
  readonly desks: readonly Desk[];
  /** Of each desk. */
  readonly own: readonly (readonly string[])[];
  readonly contested: readonly string[];
}

async function keepWorking(work: Work, place: number, random: Random, over: AbortSignal): Promise<number> {
  const desk = work.desks[place]!;
  let saves = 0;
  for (; !over.aborted; saves += 1) {
    const isContested = random.integer(1, 100) <= CONTESTED;
    const invoice = random.pick(isContested ? work.contested : work.own[place]!);
    await desk.save(invoice, random.pick(EDITED));
    await sleep(random.integer(...PAUSE_MS));
  }
  return saves;
}

async function crash({ running, front }: FaultSite, random: Random, over: AbortSignal): Promise<string> {
  const apis = running.replicas.filter(({ kind }) => kind === 'api');
  const done = { killed: 0, crashed: 0, cut: 0 };
  while (!over.aborted) {
    await sleep(random.integer(...CRASH_EVERY_MS), undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    const what = random.integer(1, 3);
    if (what === 1) {
      await random.pick(apis).kill();
      done.killed += 1;
    } else if (what === 2) {
      await running.stores.postgres.crash();
      await sleep(500);
      await running.stores.postgres.restart();
      done.crashed += 1;
    } else {
      front.turn({ kind: 'dead' });
      await sleep(random.integer(200, 2_000));
      front.turn({ kind: 'fair' });
      done.cut += 1;
    }
  }
  return `${done.killed} replicas killed, Postgres crashed ${done.crashed} times, network away ${done.cut} times`;
}

const conflictsIn = ({ header }: Invoice): Edited[] =>
  EDITED.filter((field) => (header[field]?.conflict?.length ?? 0) > 1);

/** What each desk shows to be in conflict: `<invoice> <field> <values>`. */
async function shownAt(desk: Desk, invoices: readonly string[]): Promise<Set<string>> {
  const shown = new Set<string>();
  for (const id of invoices) {
    const invoice = await desk.station().context.model.invoice(id);
    for (const field of conflictsIn(invoice)) {
      const values = (invoice.header[field]?.conflict ?? []).map(({ value }) => value ?? '').toSorted();
      shown.add(`${id} ${field} ${values.join(' ')}`);
    }
  }
  return shown;
}

/** The conflicts that there must be, by the log alone: cells with more than one head. */
const IN_CONFLICT = `SELECT entity, field, array_to_string(array_agg(value ORDER BY value COLLATE "C"), ' ') FROM cell_head
  WHERE site = 'main' AND field NOT LIKE '#%' GROUP BY entity, field HAVING count(DISTINCT value) > 1`;

async function inConflict({ running }: FaultSite, invoices: readonly string[]): Promise<Set<string>> {
  const rows = await running.stores.sql(IN_CONFLICT);
  return new Set(
    rows.flatMap(([entity = '', field = '', values = '']) => {
      const invoice = invoices.find((id) => entity.includes(id));
      return invoice === undefined ? [] : [`${invoice} ${field} ${values}`];
    }),
  );
}

/** The same by what each operation says it was written over, whatever anybody keeps of heads: values that no accepted operation stands above. */
function byParents({ byOp }: SiteLog, desks: readonly Desk[], invoices: readonly string[]): Set<string> {
  const cells = new Map<string, Map<string, string>>();
  const covered = new Set<string>();
  const bodies = new Map(desks.flatMap(({ folder }) => [...deskBodies(folder)]));
  for (const [op, text] of bodies) {
    const row = byOp.get(op);
    const { kind, root, entity, field = '', parents } = JSON.parse(text) as OpBody;
    if (row?.verdict !== 'accepted' || kind !== 'field.set' || entity.id !== root || !invoices.includes(root)) continue;
    const cell = cells.get(`${root} ${field}`) ?? new Map<string, string>();
    cells.set(`${root} ${field}`, cell.set(op, row.value));
    for (const parent of parents) covered.add(parent);
  }
  const open = new Set<string>();
  for (const [cell, values] of cells) {
    const heads = [...values].filter(([op]) => !covered.has(op)).map(([, value]) => value);
    const different = [...new Set(heads)].toSorted();
    if (different.length > 1) open.add(`${cell} ${different.join(' ')}`);
  }
  return open;
}

const differences = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number =>
  [...a].filter((one) => !b.has(one)).length + [...b].filter((one) => !a.has(one)).length;

/** Each desk settles every third of them, having seen all the others’ values. */
async function settle(desks: readonly Desk[], conflicts: readonly string[], random: Random): Promise<void> {
  for (const [at, one] of conflicts.entries()) {
    const [invoice = '', field = '', ...values] = one.split(' ');
    await desks[at % desks.length]!.correct(invoice, field as Edited, random.pick(values));
  }
}

async function together(work: Work, site: FaultSite, { count, random, bug }: FaultRun): Promise<string> {
  const over = new AbortController();
  const ending = sleep(count * 60_000, undefined, { ref: false }).then(() => over.abort());
  const faults = bug === undefined ? crash(site, random, over.signal) : Promise.resolve('no faults');
  const saves = await Promise.all(work.desks.map((_desk, place) => keepWorking(work, place, random, over.signal)));
  await ending;
  return `${saves.reduce((sum, n) => sum + n, 0)} saves, ${await faults}`;
}

/** A site that keeps the last of two edits: whoever wrote the other one is not asked. */
const LAST_WINS = `DELETE FROM cell_head h USING op_log l WHERE h.site = l.site AND h.op_id = l.op_id AND h.site = 'main'
  AND EXISTS (SELECT FROM cell_head o JOIN op_log m USING (site, op_id) WHERE o.site = h.site AND o.entity = h.entity AND o.field = h.field AND m.seq > l.seq)`;

async function faultTogether(run: FaultRun): Promise<void> {
  const { random, figures, say, bug } = run;
  const site = await run.site();
  const made = createDesks(site, random);
  try {
    const desks: Desk[] = [];
    const own: string[][] = [];
    for (let n = 0; n < DESKS; n += 1) {
      const desk = await made.add();
      desks.push(desk);
      own.push([]);
      for (let k = 0; k < OWN; k += 1) own[n]!.push(await desk.takeIn());
      await desk.connect();
    }
    const contested = [await desks[0]!.takeIn(), await desks[1]!.takeIn()];
    await Promise.all(desks.map((desk) => desk.inStep()));
    const invoices = [...own.flat(), ...contested];
    await everywhere(desks, invoices);

    const work: Work = { desks, own, contested };
    const short = bug === undefined ? run : { ...run, count: 0.2 };
    const told = await together(work, site, short);
    // However soon each hears of the others: one edit of each that nobody else has seen.
    site.front.turn({ kind: 'refused' });
    for (const desk of desks) await desk.save(contested[0]!, EDITED[0]);
    site.front.turn({ kind: 'fair' });
    const from = Date.now();
    await site.running.ready();
    await Promise.all(desks.map((desk) => desk.inStep()));
    const drain = (Date.now() - from) / 1_000;
    const drawn = await inConflict(site, invoices);
    const hidden = differences(byParents(await readSiteLog(site), desks, invoices), drawn);
    if (bug !== undefined) await site.running.stores.sql(LAST_WINS);

    const wanted = await inConflict(site, invoices);
    let apart = 0;
    for (const desk of desks) {
      const same = async (): Promise<true | undefined> =>
        differences(await shownAt(desk, invoices), wanted) === 0 || undefined;
      await until('the conflicts of the site', 20_000, same).catch(() => undefined);
      apart += differences(await shownAt(desk, invoices), wanted);
    }
    await settle(desks, [...drawn], random);
    await Promise.all(desks.map((desk) => desk.inStep()));
    const none = async (desk: Desk): Promise<true | undefined> =>
      (await shownAt(desk, invoices)).size === 0 || undefined;
    for (const desk of desks) await until('no conflict', 20_000, () => none(desk)).catch(() => undefined);
    const left = await inConflict(site, invoices);
    for (const desk of desks) for (const one of await shownAt(desk, invoices)) left.add(one);

    const log = await readSiteLog(site);
    const values = new Set(desks.flatMap(({ saved }) => [...saved]));
    const there = new Set(log.rows.map(({ value }) => value));
    const held = desks.map((desk) => new Map(desk.log().map((one) => [one.op, one])));
    const known = new Set(log.rows.filter(({ op }) => held.some((ops) => ops.has(op))).map(({ op }) => op));
    let unequal = 0;
    for (const ops of held)
      for (const [op, { seq, verdict }] of ops) {
        const row = log.byOp.get(op);
        if (row === undefined || row.seq !== seq || row.verdict !== verdict) unequal += 1;
      }
    for (const ops of held) unequal += [...known].filter((op) => !ops.has(op)).length;
    say(
      `${told}; ${known.size} operations, ${drawn.size} conflicts, in step ${drain.toFixed(1)} s after the last fault`,
    );
    for (const line of log.problems.slice(0, 5)) say(`WRONG   ${line}`);
    figures.atLeast('f23.conflicts', drawn.size, 1);
    figures.atMost('f23.lost', [...values].filter((value) => !there.has(value)).length, 0);
    figures.atMost(
      'f23.duplicated',
      twice(log, new Set([...values].filter((value) => ![...drawn].some((one) => one.includes(value))))),
      0,
    );
    figures.atMost('f23.operations-unequal', unequal, 0);
    figures.atMost('f23.conflicts-not-kept', hidden, 0);
    figures.atMost('f23.conflicts-shown-otherwise', apart, 0);
    figures.atMost('f23.conflicts-left', left.size, 0);
    figures.atMost('f23.log-problems', log.problems.length, 0);
    figures.atMost('f23.drained-s', drain, 60);
  } finally {
    site.front.turn({ kind: 'fair' });
    await made.close();
  }
}
