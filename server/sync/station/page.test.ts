/** A page as it comes over the wire: cut into parts, and left in the middle where it is no page. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PageEnd, PulledOp } from '../../../core/contract/sync-http.ts';
import { startOf } from '../../../core/sync/pull.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { closeAll, born, database, pushAll, SITE } from '../../store/sqlite/testing-sync.ts';
import { createSiteLog, type SiteLog } from '../../store/testing-site-log.ts';
import { until } from '../../testing-client.ts';
import { readPage } from './page.ts';

const gzipped = { headers: { 'content-encoding': 'gzip' } };

function answerOf(log: SiteLog): Response {
  const { ops, heads, siteHash } = log.page(0);
  const lines = ops.map(({ seq, verdict, text, content }): PulledOp => ({ body: text, content, seq, verdict }));
  const { length } = ops;
  const place = { next: length, head: length, durable_seq: 0, epoch: log.epoch };
  const end: PageEnd = { ...place, site_hash: siteHash, heads: [...heads] };
  return new Response(gzipSync([...lines, end].map((line) => `${JSON.stringify(line)}\n`).join('')), gzipped);
}

test('the heads of a page come with its first part: none is lost between two', async () => {
  const own = await database();
  try {
    const log = createSiteLog(SITE);
    const archive = createArchive(41);
    for (let n = 0; n < 80; n += 1) await born(own, archive.next());
    await pushAll(own, log);
    const page = await readPage(SITE, startOf(1), answerOf(log));
    if (page.kind !== 'page') throw new Error(page.kind);
    expect(page.parts.length).toBeGreaterThan(1);
    expect(page.parts.map(({ heads }) => heads.length)).toEqual([1, ...page.parts.slice(1).map(() => 0)]);
  } finally {
    await closeAll();
  }
});

test('an answer that is no page is not listened to any longer', async () => {
  let isLeft = false;
  const body = new ReadableStream<Uint8Array>({
    start: (answer) => answer.enqueue(gzipSync('no page\n')),
    cancel: () => void (isLeft = true),
  });
  expect(await readPage(SITE, startOf(1), new Response(body, gzipped))).toMatchObject({ kind: 'torn' });
  await until('the connection is let go', async () => isLeft || undefined);
});
