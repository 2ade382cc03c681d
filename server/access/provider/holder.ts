/** The provider as its keys are now: another one when they change. All of its state is in the store, so that it can be replaced between two requests. */
import type { Provider } from 'oidc-provider';
import { createKeys, type Keys, type KeySet } from '../keys.ts';
import type { Parts } from '../parts.ts';
import { createProvider, type ProviderOptions } from './provider.ts';

const LOOK_EVERY_MS = 60_000;

export interface ProviderHolder {
  readonly keys: Keys;
  provider(): Provider;
  keySet(): KeySet;
  /** Looks whether keys were added or became the ones that sign. */
  refresh(): Promise<void>;
  /** Looks, and makes new keys when it is time, once a minute. */
  start(): void;
  close(): void;
}

export async function createProviderHolder(
  parts: Parts,
  lifetimes?: ProviderOptions['lifetimes'],
): Promise<ProviderHolder> {
  const keys = createKeys(parts);
  const make = (set: KeySet) => ({
    set,
    provider: createProvider({ parts, keys: set, ...(lifetimes === undefined ? {} : { lifetimes }) }),
  });
  let current = make(await keys.load());
  let timer: NodeJS.Timeout | undefined;
  const refresh = async (): Promise<void> => {
    const set = await keys.load();
    if (set.mark !== current.set.mark) current = make(set);
  };
  return {
    keys,
    provider: () => current.provider,
    keySet: () => current.set,
    refresh,
    start() {
      timer = setInterval(() => {
        keys
          .rotate()
          .then(refresh)
          .then(() => parts.store.tidy(parts.now()))
          .catch((error: unknown) => parts.log.warn('signing keys not looked at', { error }));
      }, LOOK_EVERY_MS).unref();
    },
    close: () => clearInterval(timer),
  };
}
