/** Many at work: sites with reviewers who each save every few seconds and hear of everybody else's saves, a fifth of which contradict each other. */
import { join } from 'node:path';
import { cpuSeconds } from '../site/cpu.ts';
import type { Figures } from '../figure.ts';
import { startChild } from './child.ts';
import type { CrowdSeen, CrowdWish } from './crowd-child.ts';
import { percentile } from './numbers.ts';
import type { BenchSite } from './site.ts';

export async function measureCrowd(parts: {
  readonly site: BenchSite;
  readonly sites: readonly string[];
  readonly reviewers: number;
  readonly seconds: number;
  readonly figures: Figures;
  readonly say: (line: string) => void;
}): Promise<void> {
  const { site, sites, reviewers, seconds, figures, say } = parts;
  const worker = site.start('worker,validation');
  const child = startChild(join(import.meta.dirname, 'crowd-child.ts'), { env: site.environment });
  try {
    await child.call('connect', { sites, reviewers } satisfies CrowdWish);
    const before = cpuSeconds();
    const seen = await child.call<CrowdSeen>('work', seconds);
    worker.mustLive();
    const after = cpuSeconds();
    const cpu = [...after].map(
      ([kind, s]) => `${kind} ${(((s - (before.get(kind) ?? 0)) / seconds) * 100).toFixed(0)} %`,
    );
    say(
      `${sites.length} sites of ${reviewers} reviewers, ${seconds} s: ${seen.pushes.length} pushes, ${seen.lags.length} arrivals, ${seen.conflicts} contradictions; of a core: ${cpu.join(', ')} (others: those who asked, at nice 10)`,
    );
    for (const error of seen.errors.slice(0, 5)) say(`  ${error}`);
    figures.atMost('sync_crowd_push_p95_ms', percentile(seen.pushes, 0.95), 250);
    figures.atMost('sync_crowd_lag_p95_ms', percentile(seen.lags, 0.95), 2_000);
    figures.atMost('sync_crowd_errors', seen.errors.length + seen.missing, 0);
  } finally {
    await child.stop();
    await worker.stop();
  }
}
