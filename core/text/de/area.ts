import type { area as en } from '../en/area.ts';

export const area = {
  'ui.action.area': 'Bereich der Seite lesen',
  'ui.action.areaRead': 'Bereich: in das Feld lesen',
  'ui.action.areaCancel': 'Bereich: wegräumen',
  'ui.action.areaMove': 'Bereich: verschieben (Pfeiltasten)',
  'ui.action.areaSize': 'Bereich: vergrößern oder verkleinern (Umschalt + Pfeiltasten)',
  'ui.help.mouse.edge': 'Rand eines Rahmens ziehen',
  'ui.help.mouse.edge.does': 'liest den größeren oder kleineren Bereich',
  'ui.area.choose':
    '{field} umranden, oder den Rahmen mit den Pfeiltasten verschieben und mit Umschalt in der Größe ändern.',
  'ui.area.keys.read': 'lesen',
  'ui.area.keys.cancel': 'abbrechen',
  'ui.area.keys.close': 'wegräumen',
  'ui.area.reading': 'Der Bereich wird gelesen …',
  'ui.area.done': '{field}: „{text}“ von der Seite gelesen.',
  'ui.area.nothing': 'In diesem Bereich ist nichts Lesbares. Größer umranden, oder den Wert eintippen.',
  'ui.area.failed': 'Der Bereich konnte nicht gelesen werden: {message}',
  'ui.area.noField': 'Zuerst ein Feld wählen: Der Text des Bereichs kommt hinein.',
} as const satisfies Record<keyof typeof en, string>;
