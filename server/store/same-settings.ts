/** Settings as they are compared: `jsonb` and a browser each have an order of keys of their own. */
import { Settings } from '../../core/contract/settings.ts';

/** The contract's order of keys; in `tolerances`, which has none, that of their names. */
export function settingsText(given: Settings): string {
  const settings = Settings.parse(given);
  const tolerances = Object.entries(settings.tolerances).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ ...settings, tolerances });
}

export const sameSettings = (a: Settings, b: Settings): boolean => settingsText(a) === settingsText(b);
