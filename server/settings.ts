/** The settings at hand: read once, replaced when they are saved, so that judging and reading need no query. */
import { Settings } from '../core/contract/settings.ts';
import type { Store } from './store/store.ts';

export interface SettingsHolder {
  readonly current: () => Settings;
  replace(settings: Settings): void;
}

export async function createSettingsHolder(store: Pick<Store, 'settings'>): Promise<SettingsHolder> {
  let current = await store.settings();
  return {
    current: () => current,
    replace(settings) {
      current = Settings.parse(settings);
    },
  };
}
