import type { sync as en } from '../en/sync.ts';

export const sync: Record<keyof typeof en, string> = {
  'ui.sync': 'Abgleich mit dem Standort',
  'ui.sync.state.offline': 'Offline',
  'ui.sync.state.syncing': 'Gleicht ab, noch {n}',
  'ui.sync.state.joining.fetching': 'Rechnungen des Standorts werden geholt, {done} von {total} MB',
  'ui.sync.state.joining.opening': 'Rechnungen des Standorts werden geöffnet, {done} von {total} MB',
  'ui.sync.state.up-to-date': 'Auf dem neuesten Stand, {at}',
  'ui.sync.state.attention': 'Braucht Sie',
  'ui.sync.title': 'Standort {site}',
  'ui.sync.heard': 'Der Standort hat zuletzt {at} geantwortet.',
  'ui.sync.unheard': 'Der Standort hat noch nicht geantwortet.',
  'ui.sync.retry': 'Er wird um {at} wieder gefragt.',
  'ui.sync.work': 'Sie können weiterarbeiten; alles ist auf dieser Station gespeichert.',
  'ui.sync.calm': 'Es wartet nichts.',
  'ui.sync.waiting': 'Es warten',
  'ui.sync.send': 'Änderungen zu senden: {n}',
  'ui.sync.fetch': 'Änderungen zu holen: {n}',
  'ui.sync.uploads': 'Dokumente und Lesungen zu senden: {n}',
  'ui.sync.downloads': 'Dokumente und Lesungen zu holen: {n}',
  'ui.sync.now': 'Jetzt versuchen',
  'ui.sync.settings': 'Einstellungen der Verbindung',
  'ui.sync.state.disk-full': 'Die Festplatte ist voll',
  'ui.sync.attention': 'Braucht Sie',
  'ui.sync.attention.signed-out': 'Ihre Anmeldung am Standort ist abgelaufen. Melden Sie sich neu an.',
  'ui.sync.attention.revoked': 'Diese Station wurde vom Standort entfernt.',
  'ui.sync.attention.copied': 'Diese Datenbank ist eine Kopie. Verbinden Sie sie als eigene Station mit dem Standort.',
  'ui.sync.attention.locked':
    'Der Schlüsselspeicher dieses Rechners ist gesperrt. Entsperren Sie ihn und starten Sie die Station neu.',
  'ui.sync.attention.upgrade':
    'Der Standort nimmt Änderungen nur von einer neueren Version der Station. Aktualisieren Sie; was andere ändern, kommt weiterhin.',
  'ui.sync.attention.rejected':
    'Der Standort nimmt nicht, was diese Station sendet. Ihre Arbeit ist hier gespeichert; sagen Sie Ihrer Verwaltung Bescheid.',
  'ui.sync.attention.broken':
    'Was der Standort gesendet hat, widerspricht dem, was er davor gesendet hat. Der Abgleich steht, Ihre Arbeit ist hier gespeichert; sagen Sie Ihrer Verwaltung Bescheid.',
  'ui.sync.attention.forked':
    'Eine andere Kopie dieser Datenbank arbeitet in ihrem Namen. Der Abgleich steht, Ihre Arbeit ist hier gespeichert; verbinden Sie diese Station neu.',
  'ui.sync.attention.untrusted':
    'Dieser Rechner vertraut dem Zertifikat des Standorts nicht. Sagen Sie Ihrer Verwaltung Bescheid.',
  'ui.sync.attention.disk-full':
    'Die Festplatte dieses Rechners ist voll: was andere geändert haben, kann hier nicht gespeichert werden. Schaffen Sie Platz; der Rest kommt von selbst. Was gespeichert war, ist gespeichert.',
  'ui.sync.attention.refused': 'Der Standort hat einige Ihrer Änderungen nicht genommen.',
  'ui.sync.attention.conflicts': 'Einige Werte haben zwei Personen verschieden gesetzt. Entscheiden Sie, welcher gilt.',
  'ui.sync.attention.deferred': 'Änderungen, die eine neuere Version der Station brauchen: {n}',
  'ui.sync.attention.blobs': 'Einige Dokumente kamen nicht so an, wie sie gesendet wurden. Sie werden nicht gezeigt.',
  'ui.sync.refused': 'Nicht genommene Änderungen',
  'ui.sync.refused.seen': 'Gesehen',
  'ui.sync.conflicts': 'Zu entscheidende Werte',
  'ui.sync.conflicts.more': 'und weitere',
  'ui.sync.change.transition': 'Entscheidung über eine Rechnung',
  'ui.sync.change.document': 'Dokument',
  'ui.sync.change.line': 'Position',
  'ui.sync.change.vendor': 'Was über einen Lieferanten gelernt wurde',
  'ui.sync.change.other': 'Änderung',
  'ui.sync.clock.ahead': 'Die Uhr dieses Rechners geht gegenüber dem Standort {n} Minuten vor. Bitte stellen Sie sie.',
  'ui.sync.clock.behind':
    'Die Uhr dieses Rechners geht gegenüber dem Standort {n} Minuten nach. Bitte stellen Sie sie.',
  'ui.sync.changed.one': '{actor} hat {field} geändert: {value}',
  'ui.sync.changed.more': '{actor} hat Felder dieser Rechnung geändert: {fields}',
  'ui.sync.changed.state': 'Über diese Rechnung wurde entschieden: {state}',
  'ui.sync.needs-site':
    'Der Verlauf dieser alten Rechnung liegt am Standort, der gerade nicht antwortet. Die Rechnung selbst wird gezeigt; für den Verlauf und für Änderungen braucht es den Standort.',
  'ui.export.at-site':
    'Diese Station ist mit einem Standort verbunden. Exportieren Sie dort: er hat die Rechnungen aller, jede einmal.',
  'ui.export.site-left':
    'Der Standort, mit dem diese Station verbunden war, hat diese Rechnungen auch: Hier exportiert, könnten sie zweimal bezahlt werden. Exportieren Sie dort, oder verbinden Sie diese Station wieder.',
  'ui.page.fetching': 'Diese Seite ist noch nicht auf dieser Station',
  'ui.page.fetching.fetching': 'Sie wird vom Standort geholt …',
  'ui.page.fetching.late':
    'Die Station, die das Dokument aufgenommen hat ({device}), hat es noch nicht gesendet. Es erscheint, sobald es da ist.',
  'ui.page.fetching.unreachable': 'Der Standort ist gerade nicht erreichbar. Die Seite erscheint, sobald sie da ist.',
  'ui.reading.kept': '{why} Ihre Änderung bleibt in diesem Fenster und wird gemacht, sobald es da ist.',
  'ui.reading.again': '{why} Es wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
  'ui.reading.fetching': 'Was aus dieser Rechnung gelesen wurde, wird gerade geholt.',
  'ui.reading.late': 'Die Station, die diese Rechnung gelesen hat ({device}), hat das Gelesene noch nicht gesendet.',
  'ui.reading.late.unknown': 'Die Station, die diese Rechnung gelesen hat, hat das Gelesene noch nicht gesendet.',
  'ui.reading.unreachable':
    'Was aus dieser Rechnung gelesen wurde, ist noch nicht auf dieser Station, und der Standort ist gerade nicht erreichbar.',
  'ui.reading.full':
    'Die Festplatte dieser Station ist voll: was aus dieser Rechnung gelesen wurde, kommt, sobald Platz ist.',
  'ui.page.fetching.full': 'Die Festplatte dieser Station ist voll. Die Seite wird geholt, sobald Platz ist.',
  'ui.page.fetching.wrong':
    'Was der Standort unter diesem Namen hat, sind andere Bytes. Sagen Sie Ihrer Verwaltung Bescheid.',

  'sync.refused.role': 'Ihre Rolle am Standort erlaubt es nicht',
  'sync.refused.actor': 'es steht unter dem Namen von jemand anderem',
  'sync.refused.content': 'der Standort konnte es nicht lesen',
  'sync.refused.root': 'es gehört zu einer anderen Rechnung',
  'sync.refused.stale': 'die Rechnung war inzwischen von jemand anderem geändert; sehen Sie sie noch einmal an',
  'sync.refused.in_conflict': 'zwei Personen hatten ein Feld verschieden gesetzt; entscheiden Sie das zuerst',
  'sync.refused.not_allowed': 'die Rechnung war schon weiter',
  'sync.refused.site_only': 'nur der Standort exportiert',
  'sync.refused.other': 'der Standort hat es nicht genommen ({code})',
};
