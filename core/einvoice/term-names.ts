/** Names of the business terms of EN 16931-1 for the drawn page: term | English | German. */
const TABLE = `
BT-1|Invoice number|Rechnungsnummer
BT-2|Invoice issue date|Rechnungsdatum
BT-3|Invoice type code|Code für den Rechnungstyp
BT-5|Invoice currency|Rechnungswährung
BT-6|VAT accounting currency|Währung der Umsatzsteuer
BT-7|VAT point date|Umsatzsteuerdatum
BT-8|VAT point date code|Code des Umsatzsteuerdatums
BT-9|Payment due date|Fälligkeitsdatum
BT-10|Buyer reference|Referenz des Käufers
BT-11|Project reference|Projektreferenz
BT-12|Contract reference|Vertragsnummer
BT-13|Purchase order reference|Bestellnummer
BT-14|Sales order reference|Auftragsnummer
BT-15|Receiving advice reference|Empfangsbestätigung
BT-16|Despatch advice reference|Lieferavis
BT-17|Tender or lot reference|Ausschreibung oder Los
BT-18|Invoiced object|Objekt der Rechnung
BT-19|Buyer accounting reference|Buchungsreferenz des Käufers
BT-20|Payment terms|Zahlungsbedingungen
BT-21|Note subject code|Art der Bemerkung
BT-22|Note|Bemerkung
BT-23|Business process|Geschäftsprozess
BT-24|Specification|Spezifikation
BT-25|Preceding invoice|Vorausgegangene Rechnung
BT-26|Date of preceding invoice|Datum der vorausgegangenen Rechnung
BT-27|Seller name|Name des Verkäufers
BT-28|Seller trading name|Handelsname des Verkäufers
BT-29|Seller identifier|Kennung des Verkäufers
BT-30|Seller registration|Registernummer des Verkäufers
BT-31|Seller VAT identifier|USt-IdNr. des Verkäufers
BT-32|Seller tax number|Steuernummer des Verkäufers
BT-33|Seller legal information|Rechtliche Angaben des Verkäufers
BT-34|Seller electronic address|Elektronische Adresse des Verkäufers
BT-35|Street|Straße
BT-36|Address line 2|Adresszeile 2
BT-37|City|Ort
BT-38|Post code|Postleitzahl
BT-39|Region|Region
BT-40|Country|Land
BT-41|Contact|Ansprechpartner
BT-42|Telephone|Telefon
BT-43|E-mail|E-Mail
BT-44|Buyer name|Name des Käufers
BT-45|Buyer trading name|Handelsname des Käufers
BT-46|Buyer identifier|Kennung des Käufers
BT-47|Buyer registration|Registernummer des Käufers
BT-48|Buyer VAT identifier|USt-IdNr. des Käufers
BT-49|Buyer electronic address|Elektronische Adresse des Käufers
BT-50|Street|Straße
BT-51|Address line 2|Adresszeile 2
BT-52|City|Ort
BT-53|Post code|Postleitzahl
BT-54|Region|Region
BT-55|Country|Land
BT-56|Contact|Ansprechpartner
BT-57|Telephone|Telefon
BT-58|E-mail|E-Mail
BT-59|Payee name|Name des Zahlungsempfängers
BT-60|Payee identifier|Kennung des Zahlungsempfängers
BT-61|Payee registration|Registernummer des Zahlungsempfängers
BT-62|Tax representative name|Name des Steuervertreters
BT-63|Tax representative VAT identifier|USt-IdNr. des Steuervertreters
BT-64|Street|Straße
BT-65|Address line 2|Adresszeile 2
BT-66|City|Ort
BT-67|Post code|Postleitzahl
BT-68|Region|Region
BT-69|Country|Land
BT-70|Deliver to|Empfänger der Lieferung
BT-71|Delivery location|Lieferort
BT-72|Delivery date|Lieferdatum
BT-73|Period from|Zeitraum von
BT-74|Period to|Zeitraum bis
BT-75|Street|Straße
BT-76|Address line 2|Adresszeile 2
BT-77|City|Ort
BT-78|Post code|Postleitzahl
BT-79|Region|Region
BT-80|Country|Land
BT-81|Payment means code|Code der Zahlungsart
BT-82|Payment means|Zahlungsart
BT-83|Remittance information|Verwendungszweck
BT-84|Payment account|Konto
BT-85|Account name|Kontoinhaber
BT-86|Bank (BIC)|Bank (BIC)
BT-87|Card number|Kartennummer
BT-88|Card holder|Karteninhaber
BT-89|Mandate reference|Mandatsreferenz
BT-90|Creditor identifier|Gläubiger-ID
BT-91|Debited account|Belastetes Konto
BT-92|Allowance|Nachlass
BT-93|Allowance base|Grundbetrag des Nachlasses
BT-94|Allowance percentage|Prozentsatz des Nachlasses
BT-95|Allowance VAT category|USt-Kategorie des Nachlasses
BT-96|Allowance VAT rate|USt-Satz des Nachlasses
BT-97|Allowance reason|Grund des Nachlasses
BT-98|Allowance reason code|Code des Nachlassgrunds
BT-99|Charge|Zuschlag
BT-100|Charge base|Grundbetrag des Zuschlags
BT-101|Charge percentage|Prozentsatz des Zuschlags
BT-102|Charge VAT category|USt-Kategorie des Zuschlags
BT-103|Charge VAT rate|USt-Satz des Zuschlags
BT-104|Charge reason|Grund des Zuschlags
BT-105|Charge reason code|Code des Zuschlagsgrunds
BT-106|Sum of lines|Summe der Positionen
BT-107|Allowances|Summe der Nachlässe
BT-108|Charges|Summe der Zuschläge
BT-109|Total without VAT|Gesamtbetrag ohne USt
BT-110|VAT|Umsatzsteuer
BT-111|VAT in accounting currency|Umsatzsteuer in Buchungswährung
BT-112|Total with VAT|Gesamtbetrag mit USt
BT-113|Paid amount|Gezahlter Betrag
BT-114|Rounding|Rundung
BT-115|Amount due|Zahlbetrag
BT-116|Taxable amount|Steuerbasis
BT-117|VAT amount|Steuerbetrag
BT-118|VAT category|USt-Kategorie
BT-119|VAT rate|USt-Satz
BT-120|Exemption reason|Befreiungsgrund
BT-121|Exemption reason code|Code des Befreiungsgrunds
BT-122|Supporting document|Unterlage
BT-123|Document description|Beschreibung der Unterlage
BT-124|Document location|Ort der Unterlage
BT-125|Attached document|Angehängtes Dokument
BT-126|Line|Position
BT-127|Line note|Bemerkung
BT-128|Line object|Objekt der Position
BT-129|Quantity|Menge
BT-130|Unit|Einheit
BT-131|Line total|Gesamtpreis
BT-132|Purchase order line|Bestellposition
BT-133|Accounting reference|Buchungsreferenz
BT-134|Period from|Zeitraum von
BT-135|Period to|Zeitraum bis
BT-136|Allowance|Nachlass
BT-137|Allowance base|Grundbetrag des Nachlasses
BT-138|Allowance percentage|Prozentsatz des Nachlasses
BT-139|Allowance reason|Grund des Nachlasses
BT-140|Allowance reason code|Code des Nachlassgrunds
BT-141|Charge|Zuschlag
BT-142|Charge base|Grundbetrag des Zuschlags
BT-143|Charge percentage|Prozentsatz des Zuschlags
BT-144|Charge reason|Grund des Zuschlags
BT-145|Charge reason code|Code des Zuschlagsgrunds
BT-146|Net price|Einzelpreis
BT-147|Price discount|Preisnachlass
BT-148|Gross price|Bruttolistenpreis
BT-149|Price for quantity|Preis je Menge
BT-150|Unit of that quantity|Einheit dieser Menge
BT-151|VAT category|USt-Kategorie
BT-152|VAT rate|USt-Satz
BT-153|Item name|Artikelname
BT-154|Item description|Artikelbeschreibung
BT-155|Seller's item number|Artikelnummer des Verkäufers
BT-156|Buyer's item number|Artikelnummer des Käufers
BT-157|Standard item number|Standard-Artikelnummer
BT-158|Classification|Klassifizierung
BT-159|Country of origin|Herkunftsland
BT-160|Attribute|Eigenschaft
BT-161|Attribute value|Wert der Eigenschaft
BT-162|Address line 3|Adresszeile 3
BT-163|Address line 3|Adresszeile 3
BT-164|Address line 3|Adresszeile 3
BT-165|Address line 3|Adresszeile 3
BG-1|Notes|Bemerkungen
BG-2|Process|Prozesssteuerung
BG-3|Preceding invoices|Vorausgegangene Rechnungen
BG-4|Seller|Verkäufer
BG-5|Seller address|Anschrift des Verkäufers
BG-6|Seller contact|Kontakt des Verkäufers
BG-7|Buyer|Käufer
BG-8|Buyer address|Anschrift des Käufers
BG-9|Buyer contact|Kontakt des Käufers
BG-10|Payee|Zahlungsempfänger
BG-11|Tax representative|Steuervertreter
BG-12|Tax representative's address|Anschrift des Steuervertreters
BG-13|Delivery|Lieferung
BG-14|Invoicing period|Abrechnungszeitraum
BG-15|Delivery address|Lieferanschrift
BG-16|Payment|Zahlung
BG-17|Credit transfer|Überweisung
BG-18|Payment card|Kartenzahlung
BG-19|Direct debit|Lastschrift
BG-20|Allowances|Nachlässe
BG-21|Charges|Zuschläge
BG-22|Totals|Gesamtsummen
BG-23|VAT breakdown|Umsatzsteueraufschlüsselung
BG-24|Supporting documents|Rechnungsbegründende Unterlagen
BG-25|Lines|Positionen
BG-26|Line period|Zeitraum der Position
BG-27|Line allowances|Nachlässe der Position
BG-28|Line charges|Zuschläge der Position
BG-29|Price|Preis
BG-30|Line VAT|Umsatzsteuer der Position
BG-31|Item|Artikel
BG-32|Item attributes|Artikeleigenschaften
`;

export type TermLanguage = 'en' | 'de';

const NAMES = new Map(
  TABLE.trim()
    .split('\n')
    .map((row) => {
      const [term = '', en = '', de = ''] = row.split('|');
      return [term, { en, de }] as const;
    }),
);

export const termName = (term: string, language: TermLanguage): string | undefined => NAMES.get(term)?.[language];
