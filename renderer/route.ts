/** Screens by the address's fragment: works on `ap://app`, on loopback and at the site alike. */
export type Route =
  | { readonly screen: 'inbox' }
  | { readonly screen: 'review'; readonly id: string }
  /** All of them, or one. */
  | { readonly screen: 'vendors'; readonly id?: string }
  | { readonly screen: 'exports' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'about' };

export function parseRoute(hash: string): Route {
  const [screen, id] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'review' && id) return { screen: 'review', id: decodeURIComponent(id) };
  if (screen === 'vendors') return { screen: 'vendors', ...(id ? { id: decodeURIComponent(id) } : {}) };
  if (screen === 'exports' || screen === 'settings' || screen === 'about') return { screen };
  return { screen: 'inbox' };
}

export const routeHash = (route: Route): string =>
  'id' in route && route.id !== undefined ? `#/${route.screen}/${encodeURIComponent(route.id)}` : `#/${route.screen}`;
