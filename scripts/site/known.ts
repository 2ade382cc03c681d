/** What somebody can see of a site, so that real things can be asked for. */
import type { KnownIds } from './generate.ts';
import type { Ask } from './http.ts';
import type { Description, Operation } from './openapi.ts';

export const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/gi;
export const SHA = /\b[0-9a-f]{64}\b/g;

/** Everything with an id that somebody sees in the collections of a site. */
export interface Seen {
  readonly ids: KnownIds;
  readonly all: ReadonlySet<string>;
}

const idsIn = (text: string, what: RegExp): string[] => [...new Set(text.match(what) ?? [])].slice(0, 20);

export const isCollection = ({ method, path, isOpen, isStream }: Operation): boolean =>
  method === 'GET' && !isOpen && !isStream && !path.includes('{');

interface Listed {
  readonly items?: readonly { readonly id?: string }[];
}

/** The own account is left out: nobody is to lock themselves out on the way. */
export async function look(ask: Ask, { operations }: Description, token: string): Promise<Seen> {
  const texts = new Map<string, string>();
  for (const operation of operations.filter(isCollection))
    texts.set(operation.path, (await ask(operation.path, { token })).text);
  const everything = [...texts.values()].join('\n');
  const shas = idsIn(everything, SHA);
  const uuids = idsIn(everything, UUID);
  const me = texts.get('/api/v1/me') ?? '';
  const [own] = idsIn(me, UUID);
  const site = me.startsWith('{') ? ((JSON.parse(me) as { site?: string }).site ?? '') : '';
  const others = uuids.filter((id) => id !== own);
  const ids: KnownIds = ({ path }, name) => {
    if (name === 'site') return [site];
    if (name === 'sha' || name === 'sha256') return shas;
    if (name === 'page') return ['1'];
    // /api/v1/users/{id}/disable: what /api/v1/users shows.
    const shown = texts.get(path.slice(0, path.indexOf(`/{${name}}`))) ?? '';
    const items = shown.startsWith('{') ? ((JSON.parse(shown) as Listed).items ?? []) : [];
    const named = items.flatMap(({ id }) => (id === undefined || id === own ? [] : [id]));
    return named.length > 0 ? named.slice(0, 20) : others;
  };
  return { ids, all: new Set([...uuids, ...shas]) };
}
