/** Words of the screens: every key starts with `ui.`. */
export const ui = {
  'ui.app': 'AP Intake Station',
  'ui.queue': 'Queue',
  'ui.review': 'Review',
} as const;
