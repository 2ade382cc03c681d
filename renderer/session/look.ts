/** At a site the settings are everybody's: language and colours of one's own are kept in the browser. */
import { Settings } from '../../core/contract/settings.ts';

const KEY = 'ap.look';

const Kept = Settings.pick({ language: true, theme: true }).partial();
export type Look = Partial<Pick<Settings, 'language' | 'theme'>>;

/** Storage is outside of the program's control: what is no look is none. */
export function readLook(storage: Pick<Storage, 'getItem'>): Look {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    const { language, theme } = Kept.parse(kept);
    // What was never chosen stays the browser's: the defaults of the settings are no choice.
    const chosen = (name: string) => Object.hasOwn(Object(kept) as object, name);
    return {
      ...(language !== undefined && chosen('language') ? { language } : {}),
      ...(theme !== undefined && chosen('theme') ? { theme } : {}),
    };
  } catch {
    return {};
  }
}

export const keepLook = (storage: Pick<Storage, 'setItem'>, look: Look): void =>
  storage.setItem(KEY, JSON.stringify(look));
