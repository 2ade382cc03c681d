/** Stations that have nothing to say: what they cost the process that answers, and how often the database is asked for them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asSuper } from '../../server/store/testing-roles.ts';
import { secondsOf } from '../site/cpu.ts';
import type { Figures } from '../figure.ts';
import type { Person } from '../../server/access/testing-people.ts';
import { createPen, type Pen } from './pen.ts';
import type { BenchSite } from './site.ts';

const STATIONS = 50;
const EACH = 20;
const WAIT_S = 25;

/** How often somebody looked at the heads of sites so far. */
const looks = ({ files }: BenchSite): Promise<number> =>
  asSuper(files, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      "SELECT (seq_scan + idx_scan)::float8 AS n FROM pg_stat_user_tables WHERE relname = 'site_head'",
    );
    return rows[0]?.n ?? 0;
  });

interface Seen {
  readonly cores: number;
  readonly looks: number;
}

async function over(site: BenchSite, seconds: number): Promise<Seen> {
  const [cpu, looked] = [secondsOf(site.pid), await looks(site)];
  await sleep(seconds * 1_000);
  return { cores: (secondsOf(site.pid) - cpu) / seconds, looks: (await looks(site)) - looked };
}

export async function measureIdle(parts: {
  readonly site: BenchSite;
  readonly seconds: number;
  readonly figures: Figures;
  readonly say: (line: string) => void;
}): Promise<void> {
  const { site, seconds, figures, say } = parts;
  const pens: Pen[] = [];
  let person: Person | undefined;
  for (let at = 0; at < STATIONS; at += 1) {
    // Nobody may connect more than a few.
    if (person === undefined || at % EACH === 0) person = await site.person('idle');
    pens.push(await createPen(site, person));
  }
  const head = JSON.parse((await pens[0]?.ask('/head'))?.text ?? '{}') as { seq: number; epoch: number };
  const calm = await over(site, seconds);
  const end = new AbortController();
  let polls = 0;
  const poll = async (pen: Pen): Promise<void> => {
    // As stations come: not all in one moment.
    await sleep(Math.random() * WAIT_S * 1_000, undefined, { signal: end.signal });
    while (!end.signal.aborted) {
      polls += 1;
      const { status, text } = await pen.ask(
        `/ops?after=${head.seq}&epoch=${head.epoch}&limit=1000&wait=${WAIT_S}`,
        undefined,
        end.signal,
      );
      if (status !== 200) throw new Error(`a poll: ${status} ${text.slice(0, 200)}`);
    }
  };
  const polling = pens.map((pen) => poll(pen).catch((error: unknown) => (end.signal.aborted ? undefined : error)));
  await sleep(WAIT_S * 1_000);
  polls = 0;
  const waiting = await over(site, seconds);
  const begun = polls;
  end.abort();
  const broken = (await Promise.all(polling)).find((error) => error !== undefined);
  for (const pen of pens) pen.stop();
  if (broken !== undefined) throw broken;
  // Without Redis a process looks once a second for all who wait.
  const asked = Math.max(0, waiting.looks - calm.looks - seconds) / Math.max(1, begun);
  say(
    `${STATIONS} stations waiting: ${(100 * waiting.cores).toFixed(1)} % of a core (${(100 * calm.cores).toFixed(1)} % without them), ${begun} polls, ${asked.toFixed(2)} looks at the head for each, and one a second for all`,
  );
  figures.atMost('sync_idle_50_stations_core_percent', 100 * waiting.cores, 5);
  figures.atMost('sync_idle_head_queries_per_poll', asked, 1.1);
}
