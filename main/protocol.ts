/** The scheme `ap://app`: the only origin this program ever loads. */
import { protocol, type Session } from 'electron';
import { crashPage, type CrashFacts } from './crash-page.ts';

export const SCHEME = 'ap';
export const HOME = 'ap://app/';
export const CRASH = 'ap://app/__crash/';

/** Before the app is ready: makes the scheme a real, secure origin that can fetch and stream. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

export function handleScheme(
  session: Session,
  proxy: (request: Request) => Promise<Response>,
  facts: () => CrashFacts,
): void {
  session.protocol.handle(SCHEME, (request) => (request.url === CRASH ? crashPage(facts()) : proxy(request)));
}
