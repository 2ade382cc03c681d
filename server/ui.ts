/** The built user interface, with the headers that keep it to itself (DESKTOP.md, Electron security checklist). */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/contract/errors.ts';

/** Written into index.html by the build; replaced for every response. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

export async function installUi(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    app.get('/', { config: { open: true } }, () => {
      throw new AppError(
        'not_found',
        'The user interface is not built. Run "npm start", or use the interface at /docs.',
      );
    });
    return;
  }
  const index = async (): Promise<{ html: string; nonce: string }> => {
    const nonce = randomBytes(16).toString('base64');
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    return { html: html.replaceAll(NONCE_PLACEHOLDER, nonce), nonce };
  };
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true };
    });
    for (const url of ['/', '/index.html'])
      scope.get(url, async (_request, reply) => {
        const { html, nonce } = await index();
        return reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', contentSecurityPolicy(nonce))
          .header('cache-control', 'no-store')
          .send(html);
      });
    await scope.register(fastifyStatic, {
      root: folder,
      index: false,
      // Built files carry a hash in their name.
      immutable: true,
      maxAge: '1y',
      setHeaders: (reply) => {
        void reply.header('content-security-policy', contentSecurityPolicy(randomBytes(16).toString('base64')));
      },
    });
  });
}
