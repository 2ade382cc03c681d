/** A PouchDB on LevelDB as a process of its own: each change is a document, as PouchDB sends of a document only what it says last. */
import { randomUUID } from 'node:crypto';
import { requirePeer } from './peers.ts';
import { answerCalls } from './child.ts';

interface Replication {
  readonly ok: boolean;
  readonly docs_written: number;
}
interface Database {
  bulkDocs(docs: readonly object[]): Promise<unknown>;
  info(): Promise<{ doc_count: number }>;
  replicate: {
    to(url: string, options: object): Promise<Replication>;
    from(url: string, options: object): Promise<Replication>;
  };
}
let database: Database;
let remote = '';

/** Its own is 100, with which it takes longer. */
const OPTIONS = { batch_size: 1_000 };

const timed = async (run: () => Promise<Replication>) => {
  const from = performance.now();
  const { docs_written: docs } = await run();
  return { ms: performance.now() - from, docs };
};

answerCalls({
  open({ path, url }: { path: string; url: string }) {
    const Pouch = requirePeer('pouchdb') as new (path: string) => Database;
    database = new Pouch(path);
    remote = url;
  },
  async write({ changes, round }: { changes: number; round: number }) {
    const docs = Array.from({ length: changes }, (_, at) => ({
      _id: randomUUID(),
      kind: 'field.set',
      invoice: `invoice ${at % (changes / 5)}`,
      field: `field ${at % 5}`,
      value: `value ${round} of ${at}`,
      by: 'user:bench',
      at: new Date().toISOString(),
    }));
    const begun = performance.now();
    for (let from = 0; from < changes; from += 1_000) await database.bulkDocs(docs.slice(from, from + 1_000));
    return performance.now() - begun;
  },
  push: () => timed(() => database.replicate.to(remote, OPTIONS)),
  pull: () => timed(() => database.replicate.from(remote, OPTIONS)),
});
