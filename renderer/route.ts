/** Screens by the address's fragment: works on `ap://app`, on loopback and at the site alike. */
export type Route =
  | { readonly screen: 'inbox' }
  | { readonly screen: 'review'; readonly id: string }
  /** All of them, or one. */
  | { readonly screen: 'vendors'; readonly id?: string }
  /** What two people changed differently; invoices that may be here twice: all of them, or what one may be the same as. */
  | { readonly screen: 'conflicts' }
  | { readonly screen: 'duplicates'; readonly id?: string }
  | { readonly screen: 'exports' }
  /** Of a site: its people, or one of them; the stations that are connected; what happened. */
  | { readonly screen: 'users'; readonly id?: string }
  | { readonly screen: 'devices' }
  | { readonly screen: 'security' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'about' };

const PLAIN: readonly Route[] = (['conflicts', 'exports', 'settings', 'about', 'devices', 'security'] as const).map(
  (screen) => ({
    screen,
  }),
);

export function parseRoute(hash: string): Route {
  const [screen, id] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'review' && id) return { screen: 'review', id: decodeURIComponent(id) };
  if (screen === 'vendors' || screen === 'users' || screen === 'duplicates')
    return { screen, ...(id ? { id: decodeURIComponent(id) } : {}) };
  return PLAIN.find((plain) => plain.screen === screen) ?? { screen: 'inbox' };
}

export const routeHash = (route: Route): string =>
  'id' in route && route.id !== undefined ? `#/${route.screen}/${encodeURIComponent(route.id)}` : `#/${route.screen}`;
