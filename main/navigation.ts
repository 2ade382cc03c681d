/** Which addresses this program ever shows or loads. Pure, so that every rule has a test. */
import { CRASH_ACTIONS } from './crash-page.ts';

const parse = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);

export const isOwn = (url: string): boolean => {
  const parsed = parse(url);
  return parsed?.protocol === 'ap:' && parsed.host === 'app';
};

export type Navigation = 'allow' | 'deny' | 'restart' | 'log';

/** The program is one page with its places in the fragment: nothing else is ever navigated to. */
export function decideNavigation(from: string, to: string): Navigation {
  if (from.startsWith('ap://app/__crash/')) {
    if (to === CRASH_ACTIONS.restart) return 'restart';
    if (to === CRASH_ACTIONS.log) return 'log';
  }
  const parsed = parse(to);
  return isOwn(to) && (parsed?.pathname === '/' || parsed?.pathname === '/index.html') ? 'allow' : 'deny';
}

/** What a page may load: itself, pictures it made itself, and in development its tools. */
export function mayLoad(url: string): boolean {
  const parsed = parse(url);
  if (!parsed) return false;
  if (parsed.protocol === 'blob:' || parsed.protocol === 'data:' || parsed.protocol === 'devtools:') return true;
  return isOwn(url);
}

/** Other programs' addresses that a click may open in the browser: none yet; a new one is a decision, made here. */
export const EXTERNAL_HOSTS: readonly string[] = [];

export function mayOpenOutside(url: string): boolean {
  const parsed = parse(url);
  return parsed?.protocol === 'https:' && EXTERNAL_HOSTS.includes(parsed.host);
}
