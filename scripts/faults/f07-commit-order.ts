/** F7: a reader goes along with the log while many write it: a number that is given before another and committed after it must not be missed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../server/store/postgres/clients.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createPen, PENS_AT } from './pens.ts';
import { startPushing } from './pushing.ts';
import type { FaultSite } from './site.ts';

const WRITERS = 6;

export const fault: Fault = {
  id: 'F7',
  what: 'a reader of the log while transactions commit in another order than they began',
  unit: 'seconds',
  short: 5,
  needsSite: true,
  bugs: { 'plain-sequence': ['missing'] },
  run: faultCommitOrder,
};

interface Seen {
  readonly written: ReadonlySet<string>;
  readonly read: ReadonlySet<string>;
}

async function byTheSite(site: FaultSite, { count, random }: FaultRun): Promise<Seen> {
  const [reader, ...pens] = await Promise.all(
    Array.from({ length: WRITERS + 1 }, () => createPen(site, { name: PENS_AT })),
  );
  if (reader === undefined) throw new Error('nobody reads');
  let place = await reader.history();
  const read = new Set<string>();
  /** A page after the other, as the newest is there. */
  const turn = async (wait: number): Promise<number> => {
    const page = await reader.pull(place, wait);
    ({ place } = page);
    for (const { body } of page.ops) read.add(body.op_id);
    return page.ops.length;
  };
  while ((await turn(0)) > 0);
  const load = startPushing({ pens, random, pauseMs: 0 });
  const until = Date.now() + count * 1_000;
  while (Date.now() < until) await turn(1);
  const { acknowledged } = await load.stop();
  while ((await turn(0)) > 0);
  return { written: acknowledged, read };
}

const INSERT = 'INSERT INTO faults_plain_log DEFAULT VALUES RETURNING seq';

/** The same with a log whose numbers come from a sequence, as most people would write it first. */
async function byASequence({ running: { stores } }: FaultSite, { count, random }: FaultRun): Promise<Seen> {
  const url = new URL(stores.postgres.url);
  url.pathname = '/ap_intake';
  const connection = { connectionString: url.href };
  const written = new Set<string>();
  const read = new Set<string>();
  await stores.sql('CREATE TABLE faults_plain_log (seq bigserial PRIMARY KEY)');
  try {
    const until = Date.now() + count * 1_000;
    const write = (): Promise<void> =>
      withClient(connection, async (client) => {
        while (Date.now() < until) {
          await client.query('BEGIN');
          const { rows } = await client.query<{ seq: string }>(INSERT);
          // What else a push does before it commits.
          await sleep(random.integer(0, 3));
          await client.query('COMMIT');
          written.add(rows[0]?.seq ?? '');
        }
      });
    const follow = withClient(connection, async (client) => {
      for (let cursor = '0', isLast = false; ;) {
        const sql = 'SELECT seq FROM faults_plain_log WHERE seq > $1 ORDER BY seq';
        const { rows } = await client.query<{ seq: string }>(sql, [cursor]);
        for (const { seq } of rows) read.add(seq);
        cursor = rows.at(-1)?.seq ?? cursor;
        if (isLast) return;
        isLast = Date.now() > until + 500;
      }
    });
    await Promise.all([...Array.from({ length: WRITERS }, write), follow]);
  } finally {
    await stores.sql('DROP TABLE faults_plain_log');
  }
  return { written, read };
}

async function faultCommitOrder(run: FaultRun): Promise<void> {
  const site = await run.site();
  const { written, read } = await (run.bug === undefined ? byTheSite(site, run) : byASequence(site, run));
  run.say(`${written.size} written by ${WRITERS}, ${read.size} read`);
  run.figures.atLeast('f7.written', written.size, 100);
  run.figures.atMost('f7.missing', [...written].filter((one) => !read.has(one)).length, 0);
}
