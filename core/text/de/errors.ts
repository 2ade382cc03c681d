import type { errors as en } from '../en/errors.ts';

export const errors = {
  'error.bad_request': 'Die Anfrage ist unverständlich',
  'error.unauthorized': 'Nicht angemeldet',
  'error.forbidden': 'Nicht erlaubt',
  'error.not_found': 'Nicht gefunden',
  'error.conflict': 'Gleichzeitig geändert',
  'error.stale': 'Die Rechnung hat sich seit der Anzeige geändert',
  'error.in_conflict': 'Zwei Personen haben ein Feld verschieden gesetzt; erst das entscheiden',
  'error.not_allowed': 'In diesem Zustand nicht möglich',
  'error.precondition_failed': 'Es hat sich seit der Anzeige geändert',
  'error.precondition_required': 'Es muss zuerst angesehen werden',
  'error.too_large': 'Zu groß',
  'error.unsupported': 'Nicht unterstützt',
  'error.invalid_value': 'Der Wert ist nicht gültig',
  'error.too_many': 'Zu viele Anfragen',
  'error.internal': 'Im Programm ist etwas schiefgegangen',
  'error.upgrade_required': 'Diese Version ist für den Standort zu alt',
  'error.unavailable': 'Zurzeit nicht verfügbar',
  'error.storage': 'Der Datenträger hat es abgelehnt',
} as const satisfies Record<keyof typeof en, string>;
