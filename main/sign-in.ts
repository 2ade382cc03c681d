/** The page that a running sign-in waits for, opened in the system's browser. The address comes from our own server, never from the page. */
import { siteLinkApi } from '../core/contract/site-link-http.ts';
import { ORIGIN } from './proxy.ts';

const parse = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);

/** Encrypted, or at the very site that was allowed to be without. */
export function maySignInAt(open: string, site: string): boolean {
  const [page, home] = [parse(open), parse(site)];
  if (page === undefined || home === undefined || page.username !== '' || page.password !== '') return false;
  return page.protocol === 'https:' || (page.protocol === 'http:' && home.protocol === 'http:');
}

export function createSignInOpener(
  send: (request: Request) => Promise<Response>,
  openOutside: (url: string) => Promise<void>,
): () => Promise<boolean> {
  return async () => {
    const response = await send(new Request(`${ORIGIN}${siteLinkApi.getEnrolment.path}`));
    if (!response.ok) return false;
    const { enrolment } = siteLinkApi.getEnrolment.reply.parse(await response.json());
    if (enrolment?.step !== 'signing-in' || enrolment.open === null) return false;
    if (!maySignInAt(enrolment.open, enrolment.address)) return false;
    await openOutside(enrolment.open);
    return true;
  };
}
