/** Whether everything that was acknowledged has its effect, once. */
import type { HistoryEntry } from '../../core/contract/http.ts';
import type { Around } from './around.ts';
import { allInvoices } from './lists.ts';
import type { Load } from './load.ts';
import { historyOf, until } from './work.ts';

export interface Effects {
  readonly lost: readonly string[];
  readonly notOnce: readonly string[];
}

const PATIENCE_MS = 120_000;

const OPEN_JOBS = `SELECT name, state, attempts, run_at <= now(), lease_until < now(), handed_at, root FROM job
  WHERE root = ANY ($1::text[]) AND state NOT IN ('done', 'cancelled')`;

/** The effects that an invoice must show, and how often each is there. */
function dueOf(
  { corrected }: Load,
  id: string,
  history: readonly HistoryEntry[],
): readonly (readonly [string, number])[] {
  const times = (what: (entry: HistoryEntry) => boolean): number => history.filter(what).length;
  return [
    [`arrival of ${id}`, times(({ kind }) => kind === 'invoice.created')],
    [`reading of ${id}`, times(({ kind }) => kind === 'reading.recorded')],
    ...corrected
      .filter(({ invoice }) => invoice === id)
      .map(
        ({ opId, value }) => [`correction ${opId}`, times((one) => one.op === opId && one.value === value)] as const,
      ),
  ];
}

/** `prefix`: of the names of all documents that were brought in. */
export async function countEffects(
  { ask, site }: Around,
  load: Load,
  prefix: string,
  token: () => Promise<string>,
): Promise<Effects> {
  const { uploaded } = load;
  const lost: string[] = [];
  const notOnce: string[] = [];
  const listed = (await allInvoices(ask, await token())).filter(({ documentName }) => documentName.startsWith(prefix));
  const ids = new Set(listed.map(({ id }) => id));
  for (const id of uploaded) if (!ids.has(id)) lost.push(`upload ${id}`);
  if (listed.length !== uploaded.length) notOnce.push(`${listed.length} invoices of ${uploaded.length} uploads`);
  for (const id of uploaded)
    for (const [effect, times] of dueOf(load, id, await historyOf(ask, await token(), id))) {
      if (times === 0) lost.push(effect);
      if (times > 1) notOnce.push(`${effect}: ${times} times`);
    }
  let jobs: string[][] = [];
  // What was corrected last is judged in its turn.
  await until('the end of every job', PATIENCE_MS, async () => {
    jobs = await site.stores.sql(OPEN_JOBS, [uploaded]);
    return jobs.length === 0 || undefined;
  }).catch(() => undefined);
  for (const job of jobs) notOnce.push(`not ended: ${job.join(' ')}`);
  return { lost, notOnce };
}
