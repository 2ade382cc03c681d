/** What stands in the window when the server has given up: why, where the log is, and two ways on. No script: its links are caught as navigations. */
import type { Language } from '../core/text/format.ts';
import { text } from '../core/text/text.ts';

export interface CrashFacts {
  readonly code: number | null;
  readonly log: string;
  readonly data: string;
  readonly language: Language;
}

export const CRASH_ACTIONS = { restart: 'ap://app/__crash/restart', log: 'ap://app/__crash/log' } as const;

const escape = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function crashPage({ code, log, data, language }: CrashFacts): Response {
  const nonce = crypto.randomUUID();
  const html = `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<title>${escape(text(language, 'desktop.crash.title'))}</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 40rem; margin: 15vh auto; padding: 0 2rem; overflow-wrap: anywhere; }
  a { display: inline-block; margin-right: 1rem; padding: .5rem 1rem; border: 1px solid; border-radius: .4rem; color: inherit; text-decoration: none; }
</style>
<main>
  <h1>${escape(text(language, 'desktop.crash.title'))}</h1>
  <p>${escape(text(language, 'desktop.crash.text', { code: code ?? '?' }))}</p>
  <p>
    <a href="${CRASH_ACTIONS.restart}">${escape(text(language, 'desktop.crash.restart'))}</a>
    <a href="${CRASH_ACTIONS.log}">${escape(text(language, 'desktop.crash.log'))}</a>
  </p>
  <p>${escape(text(language, 'desktop.crash.where', { data, log }))}</p>
</main>
</html>`;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
      'cache-control': 'no-store',
    },
  });
}
