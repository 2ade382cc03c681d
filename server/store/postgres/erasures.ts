/** What the database knows of erasures; `erase_now` (migration-erase.ts) carries them out. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { OpBody, StoredOp } from '../../../core/sync/op.ts';
import type { Store } from '../store.ts';
import type { Connections } from './connection.ts';
import { erased, erasedBlob } from './schema-erasure.ts';
import { opLog, opValue } from './schema.ts';
import { givenContent } from './text.ts';

type Erasures = Pick<Store, 'erasures' | 'erased' | 'doomedBlobs' | 'droppedBlobs'>;

/** As its index says it. */
const IS_ERASURE = sql`${opLog.kind} = ANY (ARRAY['erase.asked', 'erase.confirmed', 'erase.withdrawn'])`;

/** Not what something names by now. */
const IS_WAITING = sql`${erasedBlob.state} = 'waiting' AND NOT is_named(${erasedBlob.site}, ${erasedBlob.sha256})`;

export const createErasures = (connections: Connections, site: string): Erasures => ({
  async erasures() {
    const rows = await connections.read(site, ({ orm }) =>
      orm
        .select({ log: opLog, value: opValue.value, reason: opValue.reason, salt: opValue.salt })
        .from(opLog)
        .leftJoin(opValue, and(eq(opValue.site, opLog.site), eq(opValue.opId, opLog.opId)))
        .where(and(eq(opLog.site, site), IS_ERASURE))
        .orderBy(asc(opLog.seq)),
    );
    return rows.map(({ log: { body, hash, receivedAt, verdict }, ...content }): StoredOp => ({
      body: JSON.parse(body) as OpBody,
      hash,
      content: givenContent(content),
      receivedAt,
      verdict: verdict as StoredOp['verdict'],
    }));
  },
  async erased(targets) {
    if (targets.length === 0) return [];
    const rows = await connections.read(site, ({ orm }) =>
      orm
        .select({ target: erased.target })
        .from(erased)
        .where(and(eq(erased.site, site), inArray(erased.target, [...targets]))),
    );
    return rows.map(({ target }) => target);
  },
  async doomedBlobs(which) {
    const rows = await connections.read(site, ({ orm }) =>
      orm
        .select({ sha256: erasedBlob.sha256 })
        .from(erasedBlob)
        .where(and(eq(erasedBlob.site, site), which === 'all' ? undefined : IS_WAITING)),
    );
    return rows.map(({ sha256 }) => sha256);
  },
  async droppedBlobs(sha256s) {
    if (sha256s.length === 0) return;
    await connections.write(site, (tx) =>
      tx.commit([
        tx.orm
          .update(erasedBlob)
          .set({ state: 'gone' })
          .where(and(eq(erasedBlob.site, site), inArray(erasedBlob.sha256, [...sha256s]))),
      ]),
    );
  },
});
