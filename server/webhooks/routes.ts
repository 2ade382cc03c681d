/** Endpoints of webhooks. The guard has decided by role; whose site it is, the sign-in says. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import { type Webhook, webhooksApi } from '../../core/contract/webhooks.ts';
import { principalOf } from '../access/guard.ts';
import { serve } from '../endpoint.ts';
import type { WebhookService } from './service.ts';

function withTag(reply: FastifyReply, webhook: Webhook): Webhook {
  void reply.header('etag', `"${webhook.version}"`);
  return webhook;
}

function versionSeen(request: FastifyRequest): number {
  const found = /^"(\d+)"$/.exec(request.headers['if-match'] ?? '');
  if (found === null)
    throw new AppError('bad_request', 'Send If-Match with the ETag of the webhook as you saw it.', {
      header: 'if-match',
    });
  return Number(found[1]);
}

export function installWebhookRoutes(app: FastifyInstance, serviceOf: (site: string) => Promise<WebhookService>): void {
  const of = async (request: FastifyRequest) => {
    const { site, actor } = principalOf(request);
    return { service: await serviceOf(site), actor };
  };
  serve(app, webhooksApi.listWebhooks, async ({ request }) => ({ items: await (await of(request)).service.list() }));
  serve(app, webhooksApi.createWebhook, async ({ request, body }) => {
    const { service, actor } = await of(request);
    return service.create(actor, body);
  });
  serve(app, webhooksApi.getWebhook, async ({ request, reply, params }) =>
    withTag(reply, await (await of(request)).service.get(params.id)),
  );
  serve(app, webhooksApi.changeWebhook, async ({ request, reply, params, body }) => {
    const seen = versionSeen(request);
    const { service, actor } = await of(request);
    return withTag(reply, await service.change(actor, params.id, seen, body));
  });
  serve(app, webhooksApi.enableWebhook, async ({ request, reply, params }) => {
    const { service, actor } = await of(request);
    return withTag(reply, await service.enable(actor, params.id));
  });
  serve(app, webhooksApi.disableWebhook, async ({ request, reply, params }) => {
    const { service, actor } = await of(request);
    return withTag(reply, await service.disable(actor, params.id));
  });
  serve(app, webhooksApi.deleteWebhook, async ({ request, params }) => {
    const { service, actor } = await of(request);
    return service.remove(actor, params.id);
  });
  serve(app, webhooksApi.rotateWebhookSecret, async ({ request, params, body }) => {
    const { service, actor } = await of(request);
    return service.rotate(actor, params.id, body.overlapHours);
  });
  serve(app, webhooksApi.pingWebhook, async ({ request, params }) => (await of(request)).service.ping(params.id));
  serve(app, webhooksApi.listWebhookDeliveries, async ({ request, params, query }) =>
    (await of(request)).service.deliveries(params.id, query),
  );
  serve(app, webhooksApi.replayWebhookDelivery, async ({ request, params }) => {
    const { service, actor } = await of(request);
    return service.replay(actor, params.id, params.delivery);
  });
}
