/** Security events of what other parts do by their endpoints: an export and a change of settings are told before they are answered. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { EventKind } from '../../core/access/audit-event.ts';
import { api } from '../../core/contract/http.ts';
import { event, type Parts } from './parts.ts';

interface Told {
  readonly kind: EventKind;
  readonly data: Readonly<Record<string, string>>;
}

const short = (value: unknown): string => (typeof value === 'string' ? value : '');

function toldOf({ routeOptions, body, params }: FastifyRequest): Told | undefined {
  const { endpoint } = routeOptions.config;
  if (endpoint === undefined) return undefined;
  switch (endpoint) {
    case api.createExport: {
      const { format, batchId, dryRun } = body as { format?: unknown; batchId?: unknown; dryRun?: unknown };
      // A preview leaves nothing behind.
      return dryRun === true ? undefined : { kind: 'export', data: { batch: short(batchId), format: short(format) } };
    }
    case api.getExportFile:
      return { kind: 'export', data: { batch: short((params as { id?: unknown }).id), what: 'file' } };
    case api.putSettings:
      return { kind: 'settings', data: {} };
    default:
      return undefined;
  }
}

export function installTelling(app: FastifyInstance, parts: Parts): void {
  app.addHook('onSend', async (request, reply) => {
    const { principal } = request;
    if (principal === null || reply.statusCode >= 300) return;
    const told = toldOf(request);
    if (told === undefined) return;
    await parts.store.commit(principal.site, { events: [event(parts, told.kind, principal.actor, told.data)] });
  });
}
