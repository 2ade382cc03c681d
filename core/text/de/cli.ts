import type { cli as en } from '../en/cli.ts';

export const cli = {
  'cli.unreadable': '{file}: {reason:reason}.',
  'export.skip.not-confirmed': 'ist noch nicht bestätigt',
  'export.skip.already-exported': 'wurde schon exportiert',
  'export.skip.in-conflict': 'zwei Personen haben ein Feld verschieden gesetzt; erst das entscheiden',
  'export.skip.not-a-bill': 'ist keine Rechnung (Mahnung, Kontoauszug, Lieferschein)',
  'export.skip.not-found': 'ist nicht mehr da',
  'export.skip.not-ubl': 'lässt sich nicht als UBL schreiben: {detail}',
} as const satisfies Record<keyof typeof en, string>;
