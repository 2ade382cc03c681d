import type { ui as en } from '../en/ui.ts';

export const ui = {
  'ui.app': 'AP Intake Station',
  'ui.queue': 'Eingang',
  'ui.review': 'Prüfung',
} as const satisfies Record<keyof typeof en, string>;
