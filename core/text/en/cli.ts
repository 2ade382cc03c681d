/** Words of the command line (`cli.`) and why an invoice is left out of an export (`export.skip.`). */
export const cli = {
  'cli.unreadable': '{file}: {reason:reason}.',
  'export.skip.not-confirmed': 'is not confirmed yet',
  'export.skip.already-exported': 'was exported before',
  'export.skip.in-conflict': 'two people set a field differently; decide that first',
  'export.skip.not-a-bill': 'is no bill (a reminder, a statement, a delivery note)',
  'export.skip.not-found': 'is not here any more',
  'export.skip.not-ubl': 'cannot be written as UBL: {detail}',
} as const;
