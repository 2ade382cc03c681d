/** The provider within the Fastify app, under /oidc. It is a Koa app: it gets the raw request and answers by itself. */
import type { FastifyInstance } from 'fastify';
import type { ProviderHolder } from './holder.ts';

export const OIDC_PATH = '/oidc';
const METHODS = ['GET', 'POST', 'OPTIONS'] as const;

/** The provider answers a link that carries a code with a page that sends itself by script; ours only fills the code in. */
const withoutUserCode = (url: string): string =>
  url.startsWith('/device?') ? url.replace(/([?&])user_code=/, '$1code=') : url;

export async function mountProvider(app: FastifyInstance, holder: ProviderHolder, origin: string): Promise<void> {
  const scheme = origin.startsWith('https:') ? 'https' : 'http';
  await app.register(
    async (scope) => {
      // The provider reads bodies itself.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      for (const method of METHODS)
        scope.route({
          method,
          url: '/*',
          config: { open: true },
          async handler(request, reply) {
            reply.hijack();
            const raw: typeof request.raw & { originalUrl?: string } = request.raw;
            for (const [name, value] of Object.entries(reply.getHeaders()))
              if (value !== undefined) reply.raw.setHeader(name, value);
            raw.url = withoutUserCode((raw.url ?? '').slice(OIDC_PATH.length) || '/');
            raw.originalUrl = `${OIDC_PATH}${raw.url}`;
            // Addresses are made of these: only what is configured counts, whatever a client or a proxy sent.
            raw.headers['x-forwarded-proto'] = scheme;
            delete raw.headers['x-forwarded-host'];
            await holder.provider().callback()(raw, reply.raw);
            return reply;
          },
        });
    },
    { prefix: OIDC_PATH },
  );
}
