/** `/docs`: the interface description, readable offline. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { api } from '../core/contract/http.ts';
import type { Endpoint } from './endpoint.ts';
import { openApiDocument } from './openapi.ts';

/** Swagger UI injects style elements without a nonce, so its page alone allows inline styles; scripts come from our own origin only. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export async function installDocs(
  app: FastifyInstance,
  version: string,
  more: Readonly<Record<string, Endpoint>> = {},
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true };
    });
    scope.addHook('onSend', async (_request, reply) => {
      void reply.header('content-security-policy', DOCS_CSP);
    });
    await scope.register(swagger, {
      mode: 'static',
      specification: { document: openApiDocument({ ...api, ...more }, version) as never },
    });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: false,
      uiConfig: { deepLinking: false, validatorUrl: null, tryItOutEnabled: true, persistAuthorization: false },
    });
  });
}
