/** Conflicts and duplicates: what there is to settle, and settling it. */
import { api } from '../../core/contract/http.ts';
import { invoiceTag, tagged } from '../conditions.ts';
import type { On } from '../endpoint.ts';

export function installSettlingRoutes(on: On): void {
  on(api.listConflicts, ({ conflicts }, { query }) => conflicts.list(query));
  on(api.getConflicts, ({ conflicts }, { params }) => conflicts.of(params.id));
  on(api.settleRow, async ({ settling }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await settling.row(params.id, body)),
  );
  on(api.unsettle, async ({ settling }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await settling.unsettle(params.id, body)),
  );
  on(api.listDuplicates, ({ duplicates }, { query }) => duplicates.list(query));
  on(api.getDuplicates, async ({ duplicates }, { params }) => ({ items: await duplicates.of(params.id) }));
  on(api.mergeDuplicate, async ({ settling }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await settling.merge(params.id, body)),
  );
  on(api.notDuplicate, async ({ settling }, { params, body, reply }) =>
    tagged(reply, invoiceTag, await settling.apart(params.id, body)),
  );
}
