/**
 * Who may speak to the local server (DESKTOP.md, One handler, two transports). On TCP: the exact loopback Host, an Origin that is absent or our own,
 * Sec-Fetch-Site same-origin or none, and the bearer token of this start. On the private socket the file's mode is the guard; a token is asked for where one
 * was set (a Windows pipe can be read by others). State changes must come as JSON, octet-stream or multipart: what a form can send without asking never passes.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../core/contract/errors.ts';
import type { Transport } from './config.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const BODIES = new Set(['application/json', 'application/octet-stream', 'multipart/form-data']);

export function createTokenCheck(token: string | undefined): (header: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const expected = digest(`Bearer ${token}`);
  return (header) => timingSafeEqual(digest(header ?? ''), expected);
}

function origins(request: FastifyRequest, transport: Transport): { host: string | undefined; origin: string } {
  if (transport.kind === 'socket') return { host: undefined, origin: 'ap://app' };
  const port = request.socket.localPort;
  const host = port === 80 ? '127.0.0.1' : `127.0.0.1:${port}`;
  return { host, origin: `http://${host}` };
}

export function installGuard(app: FastifyInstance, transport: Transport, token: string | undefined): void {
  const tokenIsRight = createTokenCheck(token);
  app.addHook('onRequest', async (request) => {
    const { headers } = request;
    const { host, origin } = origins(request, transport);
    if (host !== undefined && headers.host !== host)
      throw new AppError('forbidden', `This server answers only to ${host}.`);
    if (headers.origin !== undefined && headers.origin !== origin)
      throw new AppError('forbidden', 'Requests from other origins are refused.');
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw new AppError('forbidden', 'Requests from other sites are refused.');
    if (request.routeOptions.config.open !== true && !tokenIsRight(headers.authorization))
      throw new AppError(
        'unauthorized',
        'The bearer token is missing or not the one of this start. Open the address that the station printed.',
      );
    if (!CHANGING.has(request.method)) return;
    // Forms cannot do that, and there is nothing in it to have a type.
    if (request.method === 'DELETE' && headers['content-type'] === undefined) return;
    const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (!BODIES.has(type))
      throw new AppError('unsupported', 'A change must be sent as JSON, octet-stream or multipart/form-data.');
  });
}
