import type { findings as en } from '../en/findings.ts';

export const findings = {
  'finding.NO_LINE_ITEMS': 'Es wurden keine Positionen gelesen.',
  'finding.MISSING_REQUIRED_FIELD': '{field:field} fehlt.',
  'finding.INVALID_FIELD_FORMAT': '{field:field}: „{value}“ hat nicht die Form dieses Feldes.',
  'finding.INVALID_FIELD_FORMAT.date': '{field:field}: „{value}“ ist kein Datum.',
  'finding.INVALID_FIELD_FORMAT.number': '{field:field}: „{value}“ ist keine Zahl.',
  'finding.INVALID_FIELD_FORMAT.code': '{field:field}: „{value}“ ist keiner der erlaubten Codes.',
  'finding.INVALID_FIELD_FORMAT.bic': '„{value}“ ist kein BIC (8 oder 11 Zeichen: Bank, Land, Ort, Filiale).',
  'finding.INVALID_FIELD_FORMAT.email': '„{value}“ ist keine E-Mail-Adresse.',
  'finding.INVALID_DATA_STRUCTURE': 'Die Rechnung ist nicht wie eine Rechnung aufgebaut.',
  'finding.INVALID_DATA_STRUCTURE.not-a-bill':
    'Dieser Beleg ist keine Rechnung ({type:documentType}) und darf nicht gebucht werden.',
  'finding.INVALID_DATA_STRUCTURE.empty-line': 'Position {line} ist leer.',
  'finding.INVALID_DATA_STRUCTURE.xml-refused':
    'Die E-Rechnung im PDF ({name}) konnte nicht gelesen werden ({detail}); stattdessen wurde die Seite gelesen.',
  'finding.INVALID_AMOUNT':
    '{field:field}: {value:number} hat mehr Nachkommastellen als {currency} ({digits}); es wurde nicht gerundet.',
  'finding.INVALID_CURRENCY': '„{value}“ ist kein Währungscode nach ISO 4217.',
  'finding.LOW_CONFIDENCE': '{field:field} „{value:cell}“ wurde nur mit {confidence:percent} Sicherheit gelesen.',
  'finding.LOW_CONFIDENCE.lines':
    '{count} {count:plural:Wert|Werte} in {lineCount:plural:Position|den Positionen} {lines} {count:plural:wurde|wurden} unsicher gelesen.',
  'finding.LOW_CONFIDENCE.ambiguous-date':
    '{field:field} „{text}“ kann {value:date} oder {other:date} sein; nichts auf dem Beleg entscheidet es.',
  'finding.DOCUMENT_QUALITY_POOR': 'Seite {page} ist schlecht lesbar; Teile können fehlen.',
  'finding.DOCUMENT_QUALITY_POOR.coverage':
    'Seite {page}: nur {coverage:percent} dessen, was wie Text aussieht, konnte gelesen werden.',
  'finding.DOCUMENT_QUALITY_POOR.page': 'Seite {page} konnte nicht gelesen werden: {reason:reason}.',
  'finding.EXTRACTION_ERROR': 'Der Beleg konnte nicht gelesen werden: {reason:reason}.',
  'finding.EXTRACTION_ERROR.nothing': 'Der Beleg wurde gelesen, aber nichts darauf sieht nach einer Rechnung aus.',
  'finding.STORAGE_ERROR': 'Der Beleg konnte nicht abgelegt werden: {detail}.',
  'finding.LINE_MATH_MISMATCH':
    'Position {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, die Zeile sagt {actual:amount}.',
  'finding.LINE_MATH_MISMATCH.base':
    'Position {line}: {quantity:number} × {unitPrice:price} je {base:number} = {expected:amount}, die Zeile sagt {actual:amount}.',
  'finding.LINE_MATH_MISMATCH.discount':
    'Position {line}: {quantity:number} × {unitPrice:price} − {discount:amount} = {expected:amount}, die Zeile sagt {actual:amount}.',
  'finding.LINE_MATH_MISMATCH.price-base':
    'Position {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, die Zeile sagt {actual:amount}; es stimmte bei einem Preis je {base:number}.',
  'finding.LINE_MATH_MISMATCH.rounded-price':
    'Position {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, die Zeile sagt {actual:amount}; der gedruckte Preis scheint gerundet.',
  'finding.LINE_MATH_MISMATCH.returned':
    'Position {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, die Zeile sagt {actual:amount}: eine Rücknahme?',
  'finding.SUBTOTAL_MISMATCH':
    'Die Positionen ergeben {expected:amount}, die Nettosumme sagt {actual:amount} (Differenz {difference:amount}).',
  'finding.SUBTOTAL_MISMATCH.adjusted':
    'Positionen {sum:amount} − Nachlässe {allowances:amount} + Zuschläge {charges:amount} = {expected:amount}, die Nettosumme sagt {actual:amount}.',
  'finding.SUBTOTAL_MISMATCH.line-sum':
    'Die Positionen ergeben {expected:amount}, die Summe der Positionen sagt {actual:amount} (Differenz {difference:amount}).',
  'finding.SUBTOTAL_MISMATCH.document':
    'Summe der Positionen {sum:amount} − Nachlässe {allowances:amount} + Zuschläge {charges:amount} = {expected:amount}, die Nettosumme sagt {actual:amount}.',
  'finding.TOTAL_MISMATCH':
    'Netto {net:amount} + Steuer {tax:amount} = {expected:amount}, der Gesamtbetrag sagt {actual:amount} (Differenz {difference:amount}).',
  'finding.TOTAL_MISMATCH.rates':
    'Netto {net:amount} + Steuer nach den Sätzen der Positionen {tax:amount} = {expected:amount}, der Gesamtbetrag sagt {actual:amount} (Differenz {difference:amount}).',
  'finding.TOTAL_MISMATCH.due':
    'Gesamtbetrag {gross:amount} − Anzahlung {prepaid:amount} + Rundung {rounding:amount} = {expected:amount}, der Zahlbetrag sagt {actual:amount}.',
  'finding.TOTAL_MISMATCH.withheld':
    'Gesamtbetrag {gross:amount} − Anzahlung {prepaid:amount} + Rundung {rounding:amount} − einbehaltene Steuer {withheld:amount} = {expected:amount}, der Zahlbetrag sagt {actual:amount}.',
  'finding.TAX_CALCULATION_ERROR':
    '{rate:number} % von {base:amount} = {expected:amount}, die Rechnung sagt {actual:amount}.',
  'finding.TAX_CALCULATION_ERROR.sum':
    'Die Steuern je Satz ergeben {expected:amount}, der Steuerbetrag sagt {actual:amount}.',
  'finding.TAX_CALCULATION_ERROR.base':
    'Die besteuerten Beträge je Satz ergeben {expected:amount}, die Nettosumme sagt {actual:amount}.',
  'finding.DUE_BEFORE_ISSUE':
    'Fällig am {due:date}, {days} {days:plural:Tag|Tage} vor dem Rechnungsdatum ({issue:date}).',
  'finding.FUTURE_DATE': '{field:field} {date:date} liegt {days} {days:plural:Tag|Tage} nach heute ({today:date}).',
  'finding.OLD_INVOICE': 'Ausgestellt am {date:date}, vor {days} Tagen (Grenze {limit}).',
  'finding.INVALID_TAX_ID':
    'Steuernummer „{value}“ ({party:party}) ist falsch: die Prüfziffern passen nicht ({country}).',
  'finding.INVALID_TAX_ID.form': 'Steuernummer „{value}“ ({party:party}) hat nicht die Form des Landes {country}.',
  'finding.INVALID_IBAN': 'IBAN „{value}“ ist falsch: die Prüfziffern passen nicht.',
  'finding.INVALID_IBAN.country': 'IBAN „{value}“ ist falsch: kein Land mit IBAN hat den Code {country}.',
  'finding.INVALID_IBAN.length': 'IBAN „{value}“ ist falsch: {country} hat {expected} Zeichen, hier sind es {actual}.',
  'finding.INVALID_IBAN.form': 'IBAN „{value}“ ist falsch: sie hat nicht die Form des Landes {country}.',
  'finding.XML_PAGE_MISMATCH': '{field:field}: das XML sagt „{xml:cell}“, die Seite sagt „{page:cell}“.',
  'finding.XML_PAGE_MISMATCH.absent': '{field:field}: das XML sagt „{xml:cell}“, die Seite zeigt das nicht.',
  'finding.BANK_DETAILS_CHANGED':
    'Die bestätigten Rechnungen dieses Lieferanten nennen ein anderes Konto: {known:iban}.',
  'finding.CODE_DIFFERS': '{field:field}: der Zahlungscode sagt „{code:cell}“, die Seite sagt „{print:cell}“.',
  'finding.CODE_DIFFERS.invalid':
    '{scheme:codeScheme} auf Seite {page} entspricht nicht dem Standard ({problem:codeProblem}); was darin falsch ist, wurde nicht verwendet.',
  'finding.TEXT_LAYER_MISMATCH':
    '{field:field}: der Text des PDF sagt „{value:cell}“, Seite {page} zeigt aber „{seen}“.',
  'finding.TEXT_LAYER_MISMATCH.unseen':
    '{field:field}: der Text des PDF sagt „{value:cell}“, auf Seite {page} ist davon aber nichts zu sehen.',
  'finding.TEXT_LAYER_MISMATCH.beside':
    '{field:field}: das PDF enthält auf Seite {page} auch „{value:cell}“, für das Auge verborgen.',
  'finding.DUPLICATE_INVOICE': 'Rechnung {number} von {vendor} ist schon da: {name} ({status:status}).',
  'finding.DUPLICATE_INVOICE.later':
    'Rechnung {number} von {vendor} kam ein zweites Mal herein: {name} ({status:status}).',
  'finding.DUPLICATE_INVOICE.same-file':
    'Dieselbe Datei ist schon da, von einer anderen Station: {name} ({status:status}).',
  'finding.DUPLICATE_INVOICE.same-file-later':
    'Dieselbe Datei kam ein zweites Mal, an einer anderen Station: {name} ({status:status}).',
  'finding.DUPLICATE_SUSPECT.amount':
    'Sieht aus wie {number} von {vendor}: gleicher Betrag {gross:money}, ausgestellt am {date:date} ({name}, {status:status}).',
  'finding.DUPLICATE_SUSPECT.number':
    'Nummer {value} ähnelt {number} von {vendor} ({name}, {status:status}): nur Zeichen, Nullen oder eine Stelle weichen ab.',
  'finding.DUPLICATE_SUSPECT.number-amount':
    'Gleiche Nummer {number} und gleicher Betrag {gross:money} wie {name} ({status:status}), dort steht als Lieferant aber „{vendor}“.',
  'finding.CHANGED_AFTER_DECISION':
    'Nach der Entscheidung geändert ({count}), von jemandem, der sie noch nicht gesehen hatte.',
  'finding.CHANGED_AFTER_DECISION.exported':
    'Nach dem Export geändert ({count}), von jemandem, der ihn noch nicht gesehen hatte: Exportiert wurde etwas anderes.',
  'finding.VALIDATION_ERROR.stopped': 'Die Regeln kamen nicht zum Ende ({reason:reason}); es wurde nichts geprüft.',
  'finding.VALIDATION_ERROR':
    'Die Regel {rule} ist gescheitert und hat nichts geprüft: {message}. Das ist ein Fehler des Programms.',
} as const satisfies Record<keyof typeof en, string>;
