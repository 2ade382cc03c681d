/** A site that goes away between the page of the browser and the end of the connection. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { sitePlace, type SitePlace, startServing, type TestServing } from '../site/testing.ts';
import type { SiteFetch } from './site-fetch.ts';
import { SiteLinkError } from './site-link.ts';
import { enrol, openTestStation, type TestStation } from './testing-enrol.ts';

let place: SitePlace;
let site: TestServing;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  place = await sitePlace();
  site = await startServing(place.config(undefined));
}, 60_000);
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await site.close();
  place.cleanUp();
});

/** The way to the site, with `between` in it: what it gives is the answer, and where it gives none the site's own is. */
function onTheWay(
  { station: { site: own } }: TestStation,
  between: (path: string, ask: () => Promise<Response>) => Promise<Response> | undefined,
): void {
  const fetchOf = own.link.fetchOf.bind(own.link);
  vi.spyOn(own.link, 'fetchOf').mockImplementation((address): SiteFetch => {
    const fetch = fetchOf(address);
    const asked = (url: string | URL, request: Parameters<SiteFetch>[1]): Promise<Response> =>
      between(new URL(url).pathname, () => fetch(url, request)) ?? fetch(url, request);
    return Object.assign(asked, { close: () => fetch.close() });
  });
}
const away = (): Promise<Response> => Promise.reject(new SiteLinkError('unreachable', 'no answer'));

test('a site that is away for a moment costs nobody the sign-in that they have just made', async () => {
  const made = await openTestStation();
  closing.push(() => made.close());
  const left: (() => Promise<Response>)[] = [away, () => Promise.resolve(new Response('busy', { status: 503 }))];
  const faults = new Map(['/oidc/token', '/api/v1/me', '/api/v1/me/devices'].map((path) => [path, [...left]]));
  onTheWay(made, (path) => faults.get(path)?.shift()?.());
  expect((await enrol(made, site.people, await site.people.person('reviewer'), { address: place.origin })).step).toBe(
    'done',
  );
  expect([...faults.values()]).toEqual([[], [], []]);
});

test('where the answer to the code was lost, that is what is said: nobody refused anything', async () => {
  const made = await openTestStation();
  closing.push(() => made.close());
  let lost = 0;
  onTheWay(made, (path, ask) => (path === '/oidc/token' && (lost += 1) === 1 ? ask().then(away) : undefined));
  const ended = await enrol(made, site.people, await site.people.person('reviewer'), { address: place.origin });
  expect(ended.failure).toMatchObject({ code: 'unreachable' });
  expect(made.station.site.link.state()).toEqual({ enrolled: false });
});
