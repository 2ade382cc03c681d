/** Wörter einer Station, die mit einem zentralen Standort verbunden ist. */
export const link = {
  'enrol.page.done.title': 'Sie sind angemeldet',
  'enrol.page.done.say': 'Sie können diese Seite schließen und zur Station zurückgehen.',
  'enrol.page.denied.title': 'Die Station wurde nicht verbunden',
  'enrol.page.denied.say': 'Sie können diese Seite schließen. Die Station sagt, wie es weitergeht.',
  'enrol.page.wrong.title': 'Auf diese Seite wartet nichts',
  'enrol.page.wrong.say': 'Schließen Sie sie und beginnen Sie in der Station von vorn.',

  'ui.link': 'Zentraler Standort',
  'ui.link.alone':
    'Diese Station arbeitet allein. Mit dem zentralen Standort Ihrer Firma verbunden, teilt sie die Rechnungen mit Ihren Kollegen; ohne Netz arbeitet sie weiter.',
  'ui.link.was': 'Sie war mit {address} verbunden. Dort wieder verbunden, macht sie weiter, wo sie aufgehört hat.',
  'ui.link.demo': 'Die Demo wird mit keinem Standort verbunden. Beginnen Sie zuerst mit Ihren eigenen Rechnungen.',
  'ui.link.address': 'Adresse des Standorts',
  'ui.link.address.hint': 'Wie Ihr Administrator sie Ihnen gegeben hat, zum Beispiel ap.ihre-firma.de.',
  'ui.link.name': 'Name dieser Station',
  'ui.link.name.hint': 'Daran unterscheiden Kollegen und Administrator sie von anderen.',
  'ui.link.browser': 'Im Browser anmelden',
  'ui.link.code': 'Mit einem Code anmelden',
  'ui.link.ways.hint':
    'Ein Code ist für Rechner ohne Browser: Sie geben ihn auf einem anderen ein, zum Beispiel auf Ihrem Telefon.',
  'ui.link.looking': 'Der Standort wird gesucht …',
  'ui.link.connecting': 'Angemeldet. Die Station wird verbunden …',
  'ui.link.browser.wait':
    'Melden Sie sich in Ihrem Browser auf der Seite von {address} an. Kommen Sie dann hierher zurück.',
  'ui.link.browser.open': 'Anmeldeseite öffnen',
  'ui.link.browser.again': 'Seite noch einmal öffnen',
  'ui.link.code.say':
    'Öffnen Sie diese Adresse auf irgendeinem Rechner oder Telefon, melden Sie sich an und geben Sie den Code ein:',
  'ui.link.code.page': 'Adresse',
  'ui.link.code.code': 'Code',
  'ui.link.code.compare': 'Machen Sie dort nur weiter, wenn die Seite genau diesen Code zeigt.',
  'ui.link.code.open': 'Im Browser öffnen',
  'ui.link.until': 'Gewartet wird bis {time}.',
  'ui.link.cancel': 'Abbrechen',
  'ui.link.done': 'Die Station ist mit {address} verbunden',

  'ui.link.site': 'Standort',
  'ui.link.at': '{site}, {address}',
  'ui.link.person': 'Angemeldet als',
  'ui.link.device': 'Name dieser Station',
  'ui.link.since': 'Verbunden seit',
  'ui.link.keys': 'Schlüssel',
  'ui.link.keys.store':
    'Versiegelt vom Schlüsselspeicher des Systems ({name}). Eine Kopie des Datenordners ist ohne ihn nichts wert.',
  'ui.link.keys.file':
    'In der Datei {path}, die nur Ihr Benutzerkonto lesen darf. Dieser Start hat keinen Schlüsselspeicher des Systems: wer den Datenordner kopiert, kopiert auch die Schlüssel.',
  'ui.link.disconnect': 'Trennen',
  'ui.link.disconnect.title': 'Von {address} trennen?',
  'ui.link.disconnect.say':
    'Die Station meldet sich ab, und nichts wird mehr ausgetauscht. Alle Rechnungen, Dokumente und Korrekturen bleiben hier, auch die noch nicht gesendeten; wieder verbunden, gehen sie auf den Weg. Hat sie schon Rechnungen des Standorts, exportiert weiter nur dieser. Der Standort behält die Station in seiner Liste der Geräte; dort kann sie endgültig entfernt werden.',
  'ui.link.disconnected': 'Die Station ist getrennt',
  'ui.link.disconnected.untold':
    'Die Station ist getrennt. Dem Standort konnte es nicht gesagt werden: entfernen Sie die Station dort aus der Liste der Geräte.',

  'ui.link.trouble.signed-out': 'Die Anmeldung am Standort ist zu Ende.',
  'ui.link.trouble.signed-out.say':
    'Sie können weiterarbeiten; alles wird behalten und gesendet, sobald Sie sich wieder angemeldet haben.',
  'ui.link.trouble.revoked': 'Diese Station wurde vom Standort entfernt.',
  'ui.link.trouble.revoked.by': 'Diese Station wurde von {by} vom Standort entfernt.',
  'ui.link.trouble.revoked.at': 'Diese Station wurde am {at} vom Standort entfernt.',
  'ui.link.trouble.revoked.by-at': 'Diese Station wurde von {by} am {at} vom Standort entfernt.',
  'ui.link.trouble.revoked.say':
    'Sie können hier weiterarbeiten, nichts davon geht verloren. Ein Administrator des Standorts kann sagen, warum. Neu verbunden, bekommt die Station einen neuen Schlüssel und sendet, was übrig ist.',
  'ui.link.trouble.copied':
    'Dieser Datenordner ist eine Kopie von dem einer anderen Station, oder er wurde aus einer älteren Kopie zurückgeholt.',
  'ui.link.trouble.copied.say': 'Sie können weiterarbeiten. Verbinden Sie ihn neu: er wird eine eigene Station.',
  'ui.link.trouble.locked':
    'Die Schlüssel dieser Station liegen im Schlüsselspeicher des Systems, der sie jetzt nicht öffnet.',
  'ui.link.trouble.locked.say':
    'Sie können weiterarbeiten. Starten Sie das eigene Fenster der Station, oder entsperren Sie den Schlüsselspeicher und starten Sie neu. Sind die Schlüssel verloren, verbinden Sie die Station neu.',
  'ui.link.again': 'Wieder anmelden',
  'ui.link.anew': 'Neu verbinden',

  'ui.link.failed.address': '„{address}“ ist keine Adresse eines Standorts.',
  'ui.link.failed.address.do':
    'Geben Sie sie ein, wie Ihr Administrator sie Ihnen gegeben hat, zum Beispiel ap.ihre-firma.de.',
  'ui.link.failed.plain-http': 'Diese Adresse ist nicht verschlüsselt (http).',
  'ui.link.failed.plain-http.do':
    'Nehmen Sie https. Hat Ihr Standort wirklich keines, erlaubt ein Administrator dieses Rechners den Namen mit AP_PLAIN_SITES.',
  'ui.link.failed.unknown-host': 'Es gibt keinen Rechner dieses Namens.',
  'ui.link.failed.unknown-host.do': 'Sehen Sie noch einmal auf die Adresse und ob dieser Rechner Netz hat.',
  'ui.link.failed.unreachable': 'Der Standort antwortet nicht.',
  'ui.link.failed.unreachable.do':
    'Sehen Sie, ob dieser Rechner Netz hat oder im Netz Ihrer Firma ist, und versuchen Sie es noch einmal.',
  'ui.link.failed.untrusted': 'Dieser Rechner vertraut dem Zertifikat des Standorts nicht.',
  'ui.link.failed.untrusted.do':
    'Umgehen Sie das nicht: fragen Sie Ihren Administrator. Die eigene Zertifizierungsstelle einer Firma muss unter denen sein, denen das System vertraut.',
  'ui.link.failed.not-a-site': 'Dort antwortet etwas anderes, kein Standort dieses Programms.',
  'ui.link.failed.not-a-site.do': 'Sehen Sie noch einmal auf die Adresse; Name und Port gehören dazu.',
  'ui.link.failed.other-name': 'Der Standort antwortet nur unter einem anderen Namen: {host}.',
  'ui.link.failed.other-name.do': 'Nehmen Sie diesen Namen.',
  'ui.link.failed.station-too-old': 'Der Standort ({site}) braucht eine neuere Version dieses Programms als {station}.',
  'ui.link.failed.station-too-old.do': 'Installieren Sie die neuere Version. Alles, was Sie getan haben, bleibt.',
  'ui.link.failed.site-too-old': 'Der Standort ({site}) ist zu alt für dieses Programm ({station}).',
  'ui.link.failed.site-too-old.do':
    'Ihr Administrator aktualisiert den Standort; bis dahin arbeitet diese Station allein.',
  'ui.link.failed.no-station-sign-in': 'Der Standort lässt keine Stationen anmelden.',
  'ui.link.failed.no-station-sign-in.do':
    'Sein Administrator richtet das beim Anmeldedienst ein (OIDC_STATION_CLIENT_ID).',
  'ui.link.failed.denied': 'Die Anmeldung wurde abgelehnt oder abgebrochen.',
  'ui.link.failed.denied.do':
    'Versuchen Sie es noch einmal. Lässt Ihr Konto Sie nicht herein, fragen Sie einen Administrator des Standorts.',
  'ui.link.failed.expired': 'Niemand hat sich rechtzeitig angemeldet.',
  'ui.link.failed.expired.do': 'Versuchen Sie es noch einmal.',
  'ui.link.failed.refused': 'Der Standort hat die Anmeldung abgelehnt.',
  'ui.link.failed.refused.do':
    'Versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie Ihrem Administrator, was hier steht.',
  'ui.link.failed.not-allowed': 'Ihre Rolle am Standort verbindet keine Stationen.',
  'ui.link.failed.not-allowed.do':
    'Fragen Sie einen Administrator des Standorts, oder melden Sie sich als jemand anders an.',
  'ui.link.failed.device-limit': 'Sie haben {most} Geräte an diesem Standort; mehr geht nicht.',
  'ui.link.failed.device-limit.do':
    'Entfernen Sie am Standort unter „Meine Geräte“ eines, das Sie nicht mehr benutzen.',
  'ui.link.failed.device-of-another': 'Diese Station ist im Namen von jemand anderem verbunden.',
  'ui.link.failed.device-of-another.do':
    'Melden Sie sich als diese Person an, oder lassen Sie die Station zuerst vom Standort entfernen.',
  'ui.link.failed.other-site': 'Dieser Datenordner gehört zum Standort {site} unter {address}.',
  'ui.link.failed.other-site.do':
    'Ein Datenordner gehört zu einem Standort. Starten Sie die Station für einen anderen mit einem anderen Datenordner.',
  'ui.link.failed.not-kept': 'Die Schlüssel konnten nicht behalten werden.',
  'ui.link.failed.not-kept.do': 'Sehen Sie, ob {path} geschrieben werden kann, und versuchen Sie es noch einmal.',
  'ui.link.failed.bug': 'In diesem Programm ist etwas schiefgegangen.',
  'ui.link.failed.bug.do': 'Versuchen Sie es noch einmal. Geschieht es wieder, sagt das Protokoll mehr.',
};
