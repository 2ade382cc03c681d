/** The site that this database belongs to, and which devices it has been: rows, on the store's thread. What the text means is the business of server/enrol. */
import type { Sqlite } from './open.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';

export interface LinkRow {
  readonly body: string;
  /** Changes with every start; its twin is among the secrets (server/enrol/incarnation.ts). */
  readonly incarnation: string;
}

export function createLinkRows(db: Sqlite) {
  const read = db.prepare('SELECT body, incarnation FROM site_link');
  const drop = db.prepare('DELETE FROM site_link');
  const save = db.prepare(
    `INSERT INTO site_link (id, body, incarnation) VALUES (1, @body, @incarnation)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body, incarnation = excluded.incarnation`,
  );
  const keepFormer = db.prepare('INSERT INTO device_former (device, replaced_at) SELECT device, ? FROM device_self');
  const become = db.prepare('UPDATE device_self SET device = ?, dev_seq = 0, head_hash = ?');
  const renew = db.transaction((device: string, at: string): string => {
    keepFormer.run(at);
    become.run(device, NO_HASH);
    return device;
  });
  const taken = db.prepare('SELECT EXISTS (SELECT 1 FROM sync_state)').pluck();
  return {
    /** Whether this database has begun with the history of a site. */
    hasSynced: (): boolean => taken.get() === 1,
    siteLink: (): LinkRow | undefined => read.get() as LinkRow | undefined,
    saveSiteLink: (row: LinkRow | null): void => void (row === null ? drop.run() : save.run(row)),
    /** From here on this database writes as another device, with a chain that begins anew; what no site has of the one before is written anew by it. */
    renewDevice: (device: string, at: string): string => renew.immediate(device, at),
  };
}
