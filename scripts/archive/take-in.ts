/** An invoice of an archive comes in where somebody works: with its bytes, its operations, and the job that shows it. */
import type { Context } from '../../server/context.ts';
import type { Archive } from './invoices.ts';

/** Its id. Nothing was decided about it, and the kind of its document is not known yet. */
export async function takeIn(context: Context, archive: Archive): Promise<string> {
  const item = archive.next();
  await context.blobs.put(item.readingBlob);
  await context.blobs.put(item.original);
  const ops = item.ops.filter(({ kind }) => kind !== 'transition');
  const { kind: _kind, ...document } = item.document;
  const { id: root } = item.invoice;
  const job = { id: context.newId(), name: 'refresh' as const, data: {}, root, priority: 3 };
  const done = await context.commit({ ops, documents: [document], jobs: [job] });
  if (done.kind !== 'ok') throw new Error(`not taken in: ${done.kind}`);
  return root;
}
