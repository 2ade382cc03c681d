import type { why as en } from '../en/why.ts';

export const why = {
  'why.label': 'steht bei „{value}“',
  'why.arithmetic': 'damit gehen die Beträge auf',
  'why.checksum': 'die Prüfziffern passen',
  'why.format': 'hat die Form eines solchen Wertes',
  'why.position': 'steht, wo ein solcher Wert meist steht',
  'why.letterhead': 'steht im Briefkopf',
  'why.footer': 'steht in der Fußzeile',
  'why.table': 'steht in der Positionstabelle',
  'why.largest': 'ist der größte Betrag',
  'why.currency': 'steht neben einem Währungszeichen',
  'why.xml': 'steht im XML unter {value}',
  'why.code': 'steht im Zahlungscode',
  'why.vendor-memory': 'dieser Lieferant hat ihn hier schon gedruckt',
  'why.only-candidate': 'ist der einzige solche Wert auf dem Beleg',
  'why.date-order': 'passt zur Reihenfolge der Daten',
} as const satisfies Record<keyof typeof en, string>;
