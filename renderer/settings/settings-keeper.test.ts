import { expect, test } from 'vitest';
import { Settings } from '../../core/contract/settings.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';
import { createAppStore } from '../app-store.ts';
import { createSettingsKeeper } from './settings-keeper.ts';

/** A server whose answers are given by hand, one at a time. */
function slowServer(first: Partial<Settings> = {}, tagged = false) {
  let held = Settings.parse(first);
  const asked: { readonly what: string; readonly answer: (error?: Error) => void }[] = [];
  const ask = (what: string, act: () => Settings): Promise<Settings> =>
    new Promise((resolve, reject) => {
      asked.push({
        what,
        answer: (error) => {
          try {
            if (error !== undefined) throw error;
            resolve(act());
          } catch (refusal) {
            reject(refusal);
          }
        },
      });
    });
  const client = {
    tagOf: (reply: Settings) => (tagged ? JSON.stringify(reply) : undefined),
    getSettings: () => ask('get', () => held),
    putSettings: ({ body, ifMatch }: { body: Settings; ifMatch?: string }) =>
      ask('put', () => {
        if (ifMatch !== undefined && ifMatch !== JSON.stringify(held)) throw new ApiError('stale', 'changed');
        return (held = Settings.parse(body));
      }),
  } as unknown as Client;
  return {
    client,
    held: () => held,
    set: (part: Partial<Settings>) => (held = { ...held, ...part }),
    waiting: () => asked.map(({ what }) => what),
    async answer(error?: Error) {
      asked.shift()!.answer(error);
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

async function opened(first: Partial<Settings> = {}) {
  const server = slowServer(first);
  const shown: Settings[] = [];
  const keeper = createSettingsKeeper(server.client, (settings) => shown.push(settings));
  const read = keeper.read();
  await server.answer();
  await read;
  return { server, keeper, shown: () => shown.at(-1)! };
}

test('two quick changes are both kept, and both show at once', async () => {
  const { server, keeper, shown } = await opened();
  const one = keeper.change({ language: 'de' });
  const two = keeper.change({ theme: 'dark' });
  const three = keeper.change({ csvDelimiter: ',' });
  expect(shown()).toMatchObject({ language: 'de', theme: 'dark', csvDelimiter: ',' });
  // One is on its way; the others go together with the next.
  expect(server.waiting()).toEqual(['put']);
  await server.answer();
  expect(server.waiting()).toEqual(['put']);
  await server.answer();
  await Promise.all([one, two, three]);
  expect(server.held()).toMatchObject({ language: 'de', theme: 'dark', csvDelimiter: ',' });
  expect(shown()).toEqual(server.held());
});

test('a refused change goes back to what the server has; one that came after it is still made', async () => {
  const { server, keeper, shown } = await opened({ timeZone: 'Europe/Berlin' });
  const wrong = keeper.change({ timeZone: 'Mars/Olympus' });
  const right = keeper.change({ theme: 'dark' });
  const said = wrong.catch(String);
  await server.answer(new Error('no time zone'));
  // What it has is asked for: a request may be done although its answer was lost.
  expect(server.waiting()).toEqual(['get']);
  server.set({ csvDecimal: ',' });
  await server.answer();
  expect(await said).toContain('no time zone');
  expect(shown()).toMatchObject({ timeZone: 'Europe/Berlin', theme: 'dark', csvDecimal: ',' });
  await server.answer();
  await right;
  expect(server.held()).toMatchObject({ timeZone: 'Europe/Berlin', theme: 'dark', csvDecimal: ',' });
});

test('a late event of an older change does not take a newer one back', async () => {
  const server = slowServer();
  const app = createAppStore(server.client, { screen: 'settings' });
  const done = Promise.all([app.changeSettings({ language: 'de' }), app.changeSettings({ theme: 'dark' })]);
  await server.answer();
  await server.answer();
  await done;
  app.onEvent({ type: 'settings', settings: Settings.parse({}) });
  expect(app.getState().settings).toMatchObject({ language: 'de', theme: 'dark' });
  const next = app.changeSettings({ csvDecimal: ',' });
  await server.answer();
  await server.answer();
  await next;
  expect(server.held()).toMatchObject({ language: 'de', theme: 'dark', csvDecimal: ',' });
});

test('without an answer the change is refused, and nothing is invented', async () => {
  const server = slowServer();
  const shown: Settings[] = [];
  const keeper = createSettingsKeeper(server.client, (settings) => shown.push(settings));
  const change = keeper.change({ theme: 'dark' }).catch(String);
  await server.answer(new Error('away'));
  await server.answer(new Error('away'));
  expect(await change).toContain('away');
  expect(shown).toEqual([]);
});

test('what somebody else changed in between stays: the change is made again over it', async () => {
  const server = slowServer({}, true);
  const shown: Settings[] = [];
  const keeper = createSettingsKeeper(server.client, (settings) => shown.push(settings));
  const read = keeper.read();
  await server.answer();
  await read;
  server.set({ timeZone: 'Europe/Berlin' });
  const change = keeper.change({ csvDecimal: ',' });
  await server.answer();
  expect(server.waiting()).toEqual(['get']);
  await server.answer();
  await server.answer();
  await change;
  expect(server.held()).toMatchObject({ timeZone: 'Europe/Berlin', csvDecimal: ',' });
  expect(shown.at(-1)).toEqual(server.held());
});
