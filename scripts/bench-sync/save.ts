/** What a reviewer waits for while the station is in step with its site: a correction, from the key to the disk, one every tenth of a second. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Correction, InvoiceQuery } from '../../core/contract/http.ts';
import { enrol, openTestStation } from '../../server/enrol/testing-enrol.ts';
import { correctionOf } from '../../server/testing-client.ts';
import { createArchive } from '../archive/invoices.ts';
import type { Figures } from '../figure.ts';
import { median, percentile } from './numbers.ts';
import type { BenchSite } from './site.ts';

const INVOICES = 20;
const PAUSE_MS = 100;
const FIELD = 'contractRef' as const;

const PATIENCE_MS = 120_000;

/** `look` says why it goes on waiting. */
async function patiently(what: string, look: () => Promise<string | undefined>): Promise<void> {
  for (const late = performance.now() + PATIENCE_MS; ; await sleep(100)) {
    const why = await look();
    if (why === undefined) return;
    if (performance.now() > late) throw new Error(`never happened: ${what}: ${why}`);
  }
}

export async function measureSave(parts: {
  readonly site: BenchSite;
  readonly saves: number;
  readonly figures: Figures;
  readonly say: (line: string) => void;
}): Promise<void> {
  const { site, saves, figures, say } = parts;
  const folder = mkdtempSync(join(tmpdir(), 'bench-save-'));
  const made = await openTestStation({ folder });
  try {
    const { station } = made;
    await station.start({ watch: false });
    const reviewer = await site.people.person('reviewer', 'save');
    const enrolled = await enrol(made, site.people, reviewer, { address: site.origin });
    if (enrolled.step !== 'done') throw new Error(`not connected: ${enrolled.step}`);
    const { context } = station;
    const archive = createArchive(11, 100);
    const ids: string[] = [];
    for (let at = 0; at < INVOICES; at += 1) {
      const item = archive.next();
      await context.blobs.put(item.readingBlob);
      await context.blobs.put(item.original);
      const { kind: _kind, ...document } = item.document;
      const { id: root } = item.invoice;
      const job = { id: context.newId(), name: 'refresh' as const, data: {}, root, priority: 3 };
      await context.commit({
        ops: item.ops.filter(({ kind }) => kind !== 'transition'),
        documents: [document],
        jobs: [job],
      });
      ids.push(root);
    }
    await patiently('the invoices in the list', async () => {
      const { items } = await context.store.invoices(InvoiceQuery.parse({ limit: INVOICES }));
      const listed = new Set(items.map(({ id }) => id));
      const missing = ids.filter((id) => !listed.has(id)).length;
      return missing === 0 ? undefined : `${missing} are missing`;
    });
    await patiently('a station that is up to date', async () => {
      const view = await station.sync.view();
      const { waiting, heardAt, joining } = view;
      const isInStep = heardAt !== null && joining === null && waiting.send === 0 && waiting.fetch === 0;
      return isInStep ? undefined : `${JSON.stringify(view)} ${made.logged().slice(-2_000)}`;
    });
    const times: number[] = [];
    for (let at = 0; at < saves; at += 1) {
      const id = ids[at % ids.length] ?? '';
      const invoice = await context.model.invoice(id);
      const correction = Correction.parse({ ...correctionOf(invoice, FIELD, `saved ${at}`), opId: context.newId() });
      const from = performance.now();
      await context.review.correct(id, [correction]);
      times.push(performance.now() - from);
      await sleep(PAUSE_MS);
    }
    say(
      `save of a correction while in step: p50 ${median(times).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms`,
    );
    figures.atMost('sync_save_p95_ms', percentile(times, 0.95), 20);
  } finally {
    await made.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
