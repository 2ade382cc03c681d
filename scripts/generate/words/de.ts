import type { Words } from './words.ts';

export const de: Words = {
  labels: {
    number:
      'Rechnungsnummer|Rechnungs-Nr.|Rechnung Nr.|Rechnungsnr.|Rg.-Nr.|Beleg-Nr.|Belegnummer|RE-Nr.|Rechnung|Faktura-Nr.|Unsere Rechnungs-Nr.',
    date: 'Rechnungsdatum|Datum|Belegdatum|Ausstellungsdatum|vom|Rg.-Datum|Rechnung vom|Fakturadatum',
    due: 'Zahlbar bis|Fällig am|Fälligkeit|Fälligkeitsdatum|Zahlungsziel|zahlbar bis zum|Fällig',
    delivery: 'Lieferdatum|Leistungsdatum|Liefer-/Leistungsdatum|Versanddatum|Datum der Lieferung',
    po: 'Ihre Bestellung|Bestellnummer|Ihre Bestell-Nr.|Bestell-Nr.|Bestellung Nr.|Ihr Auftrag|Ihre Bestellnummer|Auftrags-Nr. Kunde',
    customer: 'Kundennummer|Kunden-Nr.|Kundennr.|Kd.-Nr.|Debitor|Ihre Kundennummer|Debitoren-Nr.',
    orderDate: 'Bestelldatum|Auftragsdatum|Bestellung vom',
    deliveryNote: 'Lieferschein|Lieferschein-Nr.|LS-Nr.|Lieferscheinnummer',
    project: 'Projekt|Projekt-Nr.|Unser Zeichen|Bauvorhaben|Vertrag',
    contact: 'Ansprechpartner|Bearbeiter|Sachbearbeiter|Ihr Ansprechpartner|Kontakt',
    page: 'Seite|Blatt',
    billTo: 'Rechnung an|Rechnungsempfänger|Rechnungsadresse|Kunde|Rechnungsanschrift|Leistungsempfänger|Auftraggeber',
    shipTo: 'Lieferanschrift|Lieferadresse|Warenempfänger|Versandanschrift|Leistungsort',
    from: 'Rechnungssteller|Lieferant|Verkäufer|Auftragnehmer|Absender',
    vatId: 'USt-IdNr.|USt-ID|Ust-Id-Nr.|UID|USt-Ident-Nr.|Umsatzsteuer-ID|UStID|Ust.-Id.Nr.',
    taxNo: 'Steuernummer|Steuer-Nr.|St.-Nr.|StNr.',
    buyerVat: 'Ihre USt-IdNr.|Ihre UID|USt-IdNr. Kunde',
    phone: 'Telefon|Tel.|Tel|Fon|T',
    fax: 'Telefax|Fax',
    email: 'E-Mail|Email|Mail',
    bank: 'Bankverbindung|Bank|Unsere Bankverbindung|Kontoverbindung|Zahlung an',
    account: 'Konto|Konto-Nr.',
    reference: 'Verwendungszweck|Zahlungsreferenz|Bitte angeben',
    preceding: 'Zu Rechnung|Ursprungsrechnung|Bezug Rechnung Nr.|Korrektur zu Rechnung',
    period: 'Abrechnungszeitraum|Leistungszeitraum|Zeitraum|Lieferzeitraum',
    lineSum: 'Zwischensumme|Warenwert|Summe Positionen|Positionssumme',
    discountTotal: 'Rabatt|Nachlass|abzgl. Rabatt|Kundenrabatt',
    freight: 'Versandkosten|Fracht|Versand|Frachtkosten|Porto und Verpackung|Lieferkosten',
    surcharge: 'Mindermengenzuschlag|Energiezuschlag|Maut|Verpackung|Dieselzuschlag',
    net: 'Nettobetrag|Summe netto|Gesamt netto|Netto|Nettosumme|Gesamtbetrag netto|Rechnungsbetrag netto|Warenwert netto|Summe Netto',
    tax: 'MwSt.|USt.|Umsatzsteuer|zzgl. MwSt.|Mehrwertsteuer|zzgl. USt.|MwSt|USt|zzgl. Umsatzsteuer',
    base: 'auf|von|aus',
    gross:
      'Rechnungsbetrag|Gesamtbetrag|Gesamtsumme|Endbetrag|Bruttobetrag|Gesamt brutto|Summe brutto|Gesamtbetrag brutto|Endsumme|Rechnungssumme|Gesamt|Total',
    prepaid: 'Anzahlung|abzgl. Anzahlung|bereits gezahlt|Geleistete Anzahlung|Vorauszahlung|Abschlagszahlung',
    amountDue: 'Zahlbetrag|Zu zahlen|Restbetrag|Offener Betrag|Zu zahlender Betrag|Noch zu zahlen|Fälliger Betrag',
    rounding: 'Rundung|Rundungsdifferenz|Rundungsausgleich',
    withheld: 'Sicherheitseinbehalt|Einbehalt',
    previous: 'Alter Saldo|Saldo Vormonat|Offener Saldo Vormonat',
    carried: 'Übertrag|Zwischensumme|Übertrag auf nächste Seite',
    brought: 'Übertrag|Übertrag von Seite 1|Übertrag Vorseite',
    invoice: 'Rechnung|RECHNUNG|Faktura|Schlussrechnung|Sammelrechnung|Abschlagsrechnung|Honorarrechnung',
    credit: 'Gutschrift|Rechnungskorrektur|GUTSCHRIFT|Stornorechnung',
    receipt: 'Kassenbon|Quittung|Beleg|Kassenbeleg|Barverkauf|Bewirtungsbeleg',
    cash: 'Bar|Gegeben|Bar gegeben|BAR',
    change: 'Rückgeld|Wechselgeld|Zurück',
    card: 'EC-Karte|Girocard|Kreditkarte|Kartenzahlung|Mastercard',
    till: 'Kasse|Bon-Nr.|Bediener|Terminal',
    colPosition: 'Pos.|Pos|Nr.|Position|#',
    colArticle: 'Art.-Nr.|Artikel-Nr.|Artikelnummer|Artikel|Artikelnr.|Best.-Nr.|Mat.-Nr.',
    colDescription:
      'Bezeichnung|Beschreibung|Leistung|Artikelbezeichnung|Text|Produkt|Warenbezeichnung|Artikel / Leistung|Leistungsbeschreibung',
    colQuantity: 'Menge|Anzahl|Stück|Std.|Mge.|Stunden|Anz.',
    colUnit: 'Einheit|Einh.|ME|EH|pro',
    colPrice: 'Einzelpreis|E-Preis|Preis|EP|Einzel|Stückpreis|Preis/Einh.|Einzelpreis EUR|Nettopreis',
    colDiscount: 'Rabatt|Rab. %|Rabatt %|Nachlass',
    colRate: 'USt.|MwSt.|USt %|MwSt. %|St.-Satz|MwSt',
    colTotal: 'Gesamt|Gesamtpreis|Betrag|Summe|GP|Gesamt EUR|Betrag EUR|Netto|Wert|Nettobetrag',
    colTaxAmount: 'USt.-Betrag|MwSt.-Betrag|Steuerbetrag',
    colGross: 'Brutto|Gesamt brutto|Bruttobetrag',
    colDate: 'Datum|Leistungstag',
  },
  months: 'Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember',
  monthsShort: 'Jan.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sept.|Okt.|Nov.|Dez.',
  units: {
    piece: 'Stk|St.|Stück|Stk.|ST',
    hour: 'Std.|h|Std|Stunden',
    day: 'Tage|Tag|PT',
    weight: 'kg|t',
    pack: 'Pack|Karton|VPE|Pkg.',
    metre: 'm|lfm|m²',
    flat: 'psch.|pauschal|Psch',
    month: 'Monat|Mon.',
  },
  text: {
    greeting:
      'Sehr geehrte Damen und Herren,\nfür unsere Lieferungen und Leistungen berechnen wir Ihnen:|Vielen Dank für Ihren Auftrag. Wir erlauben uns, wie folgt zu berechnen:|wir bedanken uns für Ihre Bestellung und stellen Ihnen folgende Positionen in Rechnung:|Gemäß Ihrem Auftrag lieferten wir Ihnen:',
    thanks:
      'Vielen Dank für Ihren Auftrag!|Mit freundlichen Grüßen|Wir danken für Ihr Vertrauen.|Bei Rückfragen stehen wir gern zur Verfügung.',
    terms:
      'Zahlbar innerhalb von {days} Tagen ohne Abzug.|Zahlungsbedingungen: {days} Tage netto|Bitte überweisen Sie den Betrag bis zum {date}.|Zahlbar bis {date} ohne Abzug.|Zahlungsziel: {days} Tage nach Rechnungseingang.',
    cashDiscount: 'Bei Zahlung innerhalb von 10 Tagen gewähren wir 2 % Skonto, sonst {days} Tage netto.',
    reverse:
      'Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).|Steuerfreie innergemeinschaftliche Lieferung gemäß § 4 Nr. 1b UStG.',
    small:
      'Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.|Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG.',
    exempt: 'Umsatzsteuerfrei gemäß § 4 UStG.',
    ownership:
      'Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.|Das Leistungsdatum entspricht dem Rechnungsdatum.|Es gelten unsere allgemeinen Geschäftsbedingungen.',
    remark:
      'Bitte geben Sie bei der Zahlung die Rechnungsnummer an.|Gerichtsstand ist der Sitz der Gesellschaft.|Lieferung frei Haus.|Reklamationen bitte innerhalb von 8 Tagen.',
  },
  first: 'Anna|Jonas|Lena|Felix|Marie|Paul|Sophie|Lukas|Emma|Moritz|Clara|Jan|Katrin|Uwe|Sabine|Dieter|Imke|Torsten',
  surnames:
    'Albers|Brandtner|Cordes|Dahlmann|Eickhoff|Falkner|Gerlach|Hagedorn|Imhoff|Jansen|Kesselring|Lohmann|Mertens|Niemann|Ostermann|Petersdorf|Quandt|Rademacher|Schönfeld|Tiedemann|Uhlenbrock|Vossberg|Wiesner|Zander|Bergmoser|Kirchhoff|Stadler|Moosbauer|Grünwald|Heitkamp|Lindauer|Rosenthal|Steinbach|Wolfram|Amberger|Köhnlein|Bütow|Reinecke|Sandvoss|Thalheim',
  trades:
    'Papier|Elektrotechnik|Maschinenbau|Werkzeuge|Logistik|Bürobedarf|Holzbau|Druckerei|Messtechnik|Gebäudereinigung|Kältetechnik|Software|Verpackungen|Metallbau|Bäckerei|Spedition|Sanitär und Heizung|Medizintechnik|Gartenbau|Unternehmensberatung|Lebensmittel|Baustoffe|Befestigungstechnik|Werbemittel|Laborbedarf|Textilpflege|Fahrzeugteile|Steuerungstechnik|Weinhandel|Fliesen',
  streets:
    'Hauptstraße #|Bahnhofstr. #|Am Mühlgraben #|Industriestraße #|Gartenweg #|Lindenallee #|Speicherkai #|Rosenstr. #|Schillerstraße #|Gewerbepark #|An der Alten Ziegelei #|Marktplatz #|Kirchgasse #|Ringstraße #|Am Hafen #|Goethestr. #|Forstweg #|Werkstraße #|Zum Sonnenberg #|Kaiserallee #|Feldstraße #|Bergmannsweg #|Am Bahndamm #|Uferpromenade #|Schulstraße #|Dorfstr. #',
  banks:
    'Elbufer Bank|Gera-Aue Bank|Teuto Bank|Schwarzwald Bank|Sparbank Mittelland|Volksbank Heidegrund|Nordmark Bank|Handelsbank Isarwinkel',
  goods: {
    office:
      'Kopierpapier A4 80 g/m²|Kugelschreiber blau|Ordner 75 mm|Tonerkartusche schwarz|Bürodrehstuhl|Whiteboard-Marker|Briefumschläge DIN lang|Schreibtischlampe LED|Notizbuch A5 kariert|Aktenvernichter|Rollcontainer|Schriftband 12 mm|Monitorhalterung|Briefbogen bedruckt|Visitenkarten',
    hardware:
      'Sechskantschraube M8x40|Kabelbinder 200 mm|Kugellager 6204|Stahlblech 2 mm|Hydraulikschlauch 1/2"|Winkelschleifer|Bohrersatz HSS|Arbeitshandschuhe|LED-Fluter 50 W|Kupferleitung 3x1,5|Manometer 0-10 bar|Keilriemen SPA 1250|Schweißelektroden 3,2 mm|Zahnradpumpe|Rollenkette',
    food: 'Olivenöl nativ extra|Kaffeebohnen|Mineralwasser spritzig|Bergkäse|Rispentomaten|Baguette|Hähnchenbrust|Schokoladentorte|Orangensaft|Basmatireis|Eier Freiland|Räucherlachs|Äpfel Elstar|Brötchenplatte|Grüner Tee',
    services:
      'Beratungsleistung|Projektleitung|Technischer Support|Übersetzung|Grafische Gestaltung|Buchführung|Rechtsberatung|Aufmaß vor Ort|Wartung laut Vertrag|Schulung|Reisekosten|Fotografie|Marktanalyse|Texterstellung|Montage und Inbetriebnahme',
    it: 'Webhosting|Softwarelizenz|SSL-Zertifikat|Cloudspeicher 1 TB|Notebook 14"|Netzwerk-Switch 24 Port|Datensicherung|Domainregistrierung|Serverwartung|USB-C-Dockingstation|Anwenderbetreuung|Firewall|Datenbankadministration|API-Zugang|Webcam HD',
    building:
      'Beton C25/30|Gipskartonplatte 12,5 mm|Mauerarbeiten|Dachziegel|Dachlatten|Erdaushub|Gerüstmiete|Bodenfliesen|Dämmplatten 100 mm|Malerarbeiten innen|Fenstermontage|Containerstellung|Sand gewaschen|Elektroinstallation|Stahlträger',
    cleaning:
      'Unterhaltsreinigung|Glasreinigung|Teppichreinigung|Desinfektionsmittel 5 l|Papierhandtücher|Müllsäcke|Seifenspender|Bodenversiegelung|Grundreinigung Küche|Entsorgung|Wäscheservice|Glasreiniger|Wischbezüge|Toilettenpapier|Mietmatten',
    medical:
      'Nitrilhandschuhe M|Spritzen 5 ml|Blutdruckmessgerät|Verbandmaterial steril|OP-Masken|Infusionsbesteck|Laboranalyse|Fieberthermometer|Rollstuhlmiete|Verbandkasten|Händedesinfektion|Teststreifen|Zahnabdruck|Röntgenuntersuchung|Krankengymnastik',
  },
  qualities:
    'verzinkt|10 Stück|100er Pack|Premium|Standard|schwarz|weiß|Edelstahl|extra stark|generalüberholt|Typ B|Serie 400|klein|groß|inkl. 24 Monate Garantie|Exportqualität|mit Zubehör|linke Ausführung|Aktionsartikel|laut Angebot',
  sublines:
    'Serien-Nr. {n}|Charge {n}, MHD 12/2027|nach Ihren Vorgaben|inkl. Befestigungsmaterial|Lieferung in zwei Teilen|Zolltarif-Nr. {n}|Ursprungsland: Deutschland|siehe beiliegenden Stundennachweis|Garantie 24 Monate',
  sections: 'Material|Lohn|Sonstiges|Standort A|Standort B|Hauptleistung|Zusatzleistungen',
};
