/** `jobs`: what the queue gave up; try it again, or remove it. */
import { AppError } from '../../core/contract/errors.ts';
import { replayAll } from '../jobs/dead.ts';
import type { Queue } from '../queue/queue.ts';
import { type Command, parse, type Surroundings, UsageError } from './command.ts';
import { configFor, withStation } from './open.ts';
import { withSiteDatabase } from './site-database.ts';

const HELP = `Usage: ap-intake jobs [dead | replay JOB... | replay --all | purge JOB... | purge --all | purge --before DATE] [--data DIR] [--workspace own|demo]
       DATABASE_URL=... ap-intake jobs ... [--site SITE]

A job that failed every time was given up: it is listed by "dead" (id, when, tries, kind, invoice, reason), tried again by "replay"
and removed by "purge". Documents and invoices stay whatever is purged. The station must not be running; a site (DATABASE_URL) may.

  --site SITE    one site of the database (default: all of them)
  --all          every job that was given up
  --before DATE  those given up before a day (2026-05-01) or an instant
  --data DIR     data folder (default: the user's own)

Examples:
  ap-intake jobs dead
  ap-intake jobs replay --all
  ap-intake jobs purge --before 2026-05-01
`;

const PAGE = 200;

export interface Wish {
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly before: string | undefined;
}

async function list(queue: Queue, around: Surroundings): Promise<number> {
  let cursor: string | undefined;
  do {
    const page = await queue.deadLetters({ cursor, limit: PAGE });
    for (const { id, updatedAt, attempts, name, root, error } of page.items)
      around.out(`${id}\t${updatedAt}\t${attempts}\t${name}\t${root}\t${error ?? ''}\n`);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && !around.signal.aborted);
  return 0;
}

async function replay(queue: Queue, { ids, all }: Wish, around: Surroundings): Promise<number> {
  if (all) {
    const { replayed, superseded } = await replayAll(queue);
    around.out(`${replayed} replayed, ${superseded} superseded\n`);
    return 0;
  }
  let missing = 0;
  for (const id of ids) {
    const outcome = await queue.replay(id);
    if (outcome === 'gone') missing += 1;
    around.out(`${id}\t${outcome}\n`);
  }
  return missing === 0 ? 0 : 1;
}

async function purge(queue: Queue, { ids, before }: Wish, around: Surroundings): Promise<number> {
  if (ids.length === 0) {
    around.out(`${await queue.purge({ before })} purged\n`);
    return 0;
  }
  let purged = 0;
  for (const id of ids) purged += await queue.purge({ id });
  around.out(`${purged} purged\n`);
  return purged === ids.length ? 0 : 1;
}

function instant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new UsageError('--before must be a day such as 2026-05-01, or an instant.');
  return new Date(ms).toISOString();
}

/** On any queue. */
export async function runJobs(queue: Queue, what: string, wish: Wish, around: Surroundings): Promise<number> {
  if (what === 'dead') return list(queue, around);
  const isNothing = wish.ids.length === 0 && !wish.all && wish.before === undefined;
  if (isNothing) throw new UsageError(`Name the jobs to ${what}, or say --all.`);
  if (what === 'replay' && wish.before !== undefined) throw new UsageError('--before is for purge.');
  if (what === 'replay') return replay(queue, wish, around);
  if (what === 'purge') return purge(queue, wish, around);
  throw new AppError('bad_request', `There is no "jobs ${what}".`);
}

export const jobsCommand: Command = {
  summary: 'jobs that were given up: list, try again, remove',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, {
      all: { type: 'boolean', default: false },
      before: { type: 'string' },
      data: { type: 'string' },
      workspace: { type: 'string' },
      site: { type: 'string' },
    });
    const [what = 'dead', ...ids] = positionals;
    if (!['dead', 'replay', 'purge'].includes(what)) throw new UsageError(`There is no "jobs ${what}".`);
    const wish = { ids, all: values.all, before: instant(values.before) };
    const { site } = values;
    const isStation = values.data !== undefined || values.workspace !== undefined;
    if (isStation && site !== undefined) throw new UsageError('--site is for a database, --data for a station.');
    const atSite = isStation
      ? undefined
      : await withSiteDatabase(around, async ({ database }) => {
          const queue = site === undefined ? database.queue : (await database.site(site)).queue;
          return runJobs(queue, what, wish, around);
        });
    if (atSite !== undefined) return atSite.result;
    if (site !== undefined) throw new UsageError('--site needs DATABASE_URL.');
    return withStation(configFor(around, values), ({ context }) => runJobs(context.queue, what, wish, around));
  },
};
