import type { clear as en } from '../en/clear.ts';

export const clear = {
  'clear.add-lines': 'Positionen von Hand erfassen oder die Rechnung nur mit ihren Summen bestätigen.',
  'clear.enter-field': 'Eintragen oder auf der Seite anklicken.',
  'clear.correct-field': 'Wert anhand der Seite berichtigen.',
  'clear.check-field': 'Mit der Seite vergleichen, dann annehmen oder berichtigen.',
  'clear.check-page': 'Seite ansehen und Fehlendes ergänzen; ein besserer Scan kann neu gelesen werden.',
  'clear.read-again': 'Felder von Hand eintragen oder die Ursache beheben und den Beleg neu lesen.',
  'clear.not-a-bill': 'Ablehnen, oder die Belegart berichtigen, falls es doch eine Rechnung ist.',
  'clear.remove-line': 'Position löschen oder ausfüllen.',
  'clear.correct-line':
    'Menge, Preis, Rabatt oder Summe der Position berichtigen; ist die Seite selbst falsch, beim Lieferanten nachfragen.',
  'clear.correct-totals':
    'Den falsch gelesenen Betrag berichtigen; geht die Seite selbst nicht auf, eine berichtigte Rechnung anfordern.',
  'clear.correct-tax':
    'Satz, Grundlage oder Steuer berichtigen; ist die Seite selbst falsch, eine berichtigte Rechnung anfordern.',
  'clear.correct-dates': 'Tag und Monat beider Daten anhand der Seite prüfen.',
  'clear.confirm-date': 'Datum anhand der Seite prüfen; stimmt es, annehmen.',
  'clear.correct-iban':
    'IBAN Ziffer für Ziffer mit der Seite vergleichen; nie auf eine IBAN zahlen, deren Prüfziffern nicht passen.',
  'clear.correct-tax-id': 'Steuernummer mit der Seite vergleichen; ist sie so gedruckt, beim Lieferanten nachfragen.',
  'clear.compare-xml':
    'Entscheiden, was gilt: bei einer E-Rechnung ist das XML die Rechnung. Weicht ein Betrag oder Konto ab, beim Lieferanten nachfragen.',
  'clear.call-vendor':
    'Rufen Sie den Lieferanten unter einer Ihnen bekannten Nummer an, nicht unter einer von dieser Seite. Bestätigen Sie mit dem, was Sie erfahren haben, oder nehmen Sie das bekannte Konto.',
  'clear.compare-code':
    'Vor der Zahlung unter bekannter Nummer beim Lieferanten klären, was gilt: Ein Code kann überklebt sein.',
  'clear.ignore-code': 'Es ist nichts zu tun; nicht durch Scannen dieses Codes bezahlen.',
  'clear.compare-print':
    'Erst nach Rückfrage beim Lieferanten unter bekannter Nummer eintragen, was die Seite zeigt: Ein PDF, das anderes sagt als zeigt, kann gefälscht sein.',
  'clear.hidden-text':
    'Nur auf das sichtbare Konto zahlen und beim Lieferanten unter bekannter Nummer fragen, warum das PDF ein anderes enthält.',
  'clear.ask-einvoice': 'Jedes Feld mit der Seite vergleichen und vom Lieferanten eine lesbare E-Rechnung anfordern.',
  'clear.compare-duplicate':
    'Beide vergleichen; diese als Duplikat markieren oder begründen, warum es eine andere Rechnung ist.',
  'clear.retry': 'Neu prüfen: jede Änderung an der Rechnung tut das.',
  'clear.decide-again': 'Die Rechnung wieder öffnen, das Geänderte ansehen und neu entscheiden.',
  'clear.after-export':
    'Konflikte klären; war der Export falsch, die Rechnung in dem Programm berichtigen, in das sie ging.',
  'clear.report-defect': 'Mit der Diagnosedatei melden; die übrigen Regeln haben geprüft.',
} as const satisfies Record<keyof typeof en, string>;
