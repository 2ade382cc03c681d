import type { cli as en } from '../en/cli.ts';

export const cli = {
  'cli.unreadable': '{file}: {reason:reason}.',
} as const satisfies Record<keyof typeof en, string>;
