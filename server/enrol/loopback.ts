/**
 * Where the browser comes back to after a sign-in (RFC 8252, 7.3): a listener on 127.0.0.1 at a free port, for one answer, gone afterwards. Any program of this
 * machine can knock: only the answer with the right `state` counts, everything else is told that it is wrong and changes nothing.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TextKey, text } from '../../core/text/text.ts';
import { html } from '../access/pages/html.ts';
import { drawPage, languageOf, pageHeaders, STYLE, STYLE_PATH } from '../access/pages/layout.ts';

const PATH = '/callback';
/** Until a browser has fetched the page's style. */
const LINGER_MS = 2_000;

export interface Loopback {
  readonly redirectUri: string;
  /** The whole address that the browser came back to. */
  readonly answer: Promise<URL>;
  close(): void;
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function page(request: IncomingMessage, reply: ServerResponse, status: number, title: TextKey, say: TextKey): void {
  const language = languageOf(request.headers['accept-language']);
  const body = html`<p>${text(language, say)}</p>`;
  reply.writeHead(status, { ...pageHeaders(), 'referrer-policy': 'no-referrer', connection: 'close' });
  reply.end(drawPage(language, { title: text(language, title), body }));
}

export async function openLoopback(state: string): Promise<Loopback> {
  let take: ((url: URL) => void) | undefined;
  const answer = new Promise<URL>((resolve) => (take = resolve));
  const server: Server = createServer((request, reply) => {
    const { port } = server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    const url = URL.canParse(request.url ?? '', origin) ? new URL(request.url ?? '', origin) : undefined;
    // A name that somebody else's page has turned to this machine is none of ours.
    const isOurs = request.method === 'GET' && request.headers.host === `127.0.0.1:${port}` && url?.origin === origin;
    if (!isOurs || url === undefined) {
      reply.writeHead(403, { connection: 'close' }).end();
    } else if (url.pathname === STYLE_PATH) {
      reply.writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' });
      reply.end(STYLE);
    } else if (url.pathname !== PATH || !same(url.searchParams.get('state') ?? '', state)) {
      page(request, reply, 404, 'enrol.page.wrong.title', 'enrol.page.wrong.say');
    } else {
      const denied = url.searchParams.has('error');
      if (denied) page(request, reply, 200, 'enrol.page.denied.title', 'enrol.page.denied.say');
      else page(request, reply, 200, 'enrol.page.done.title', 'enrol.page.done.say');
      take?.(url);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    redirectUri: `http://127.0.0.1:${port}${PATH}`,
    answer,
    close() {
      server.close();
      setTimeout(() => server.closeAllConnections(), LINGER_MS).unref();
    },
  };
}
