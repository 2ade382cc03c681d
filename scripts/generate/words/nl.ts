import type { Words } from './words.ts';

export const nl: Words = {
  labels: {
    number: 'Factuurnummer|Factuurnr.|Factuur nr.|Nummer|Factuur|Documentnummer|Factuur-nr|Nota nr.',
    date: 'Factuurdatum|Datum|Datum factuur|Documentdatum|Facturatiedatum',
    due: 'Vervaldatum|Te betalen voor|Uiterste betaaldatum|Betalen voor|Vervaldag|Betaaldatum',
    delivery: 'Leverdatum|Leveringsdatum|Datum levering|Verzenddatum',
    po: 'Uw inkoopnummer|Uw order|Uw ordernummer|Bestelnummer|Inkoopordernummer|Uw bestelnummer|Uw bestelling',
    customer: 'Klantnummer|Klantnr.|Debiteurnummer|Debiteurnr.|Relatienummer',
    orderDate: 'Orderdatum|Besteldatum',
    deliveryNote: 'Pakbon|Pakbonnummer|Leverbon|Bonnummer',
    project: 'Project|Projectnummer|Onze referentie|Contract',
    contact: 'Contactpersoon|Behandeld door|Uw contact|Verkoper',
    page: 'Pagina|Blad',
    billTo: 'Factuur aan|Factuuradres|Klant|Gefactureerd aan|Aan|Debiteur',
    shipTo: 'Afleveradres|Leveradres|Verzenden naar|Bezorgadres',
    from: 'Leverancier|Verkoper|Afzender',
    vatId: 'Btw-nummer|BTW nr.|Btw-nr.|BTW-id|BTW|Btw-identificatienummer',
    taxNo: 'KvK|KvK-nr.|KvK-nummer|K.v.K.',
    buyerVat: 'Uw btw-nummer|Btw-nummer klant|Uw btw-nr.',
    phone: 'Telefoon|Tel.|T|Tel',
    fax: 'Fax',
    email: 'E-mail|Email|E',
    bank: 'Betaling|Bankgegevens|Bank|Bankrekening|Betaalgegevens',
    account: 'Rekening|Rekeningnummer',
    reference: 'Onder vermelding van|Betalingskenmerk|Kenmerk',
    preceding: 'Bij factuur|Oorspronkelijke factuur|Betreft factuur',
    period: 'Periode|Factuurperiode|Facturatieperiode',
    lineSum: 'Subtotaal|Totaal artikelen|Goederentotaal|Totaal regels',
    discountTotal: 'Korting|Factuurkorting|Totaal korting',
    freight: 'Verzendkosten|Transport|Vracht|Bezorgkosten|Transportkosten',
    surcharge: 'Brandstoftoeslag|Toeslag|Verpakking|Administratiekosten|Orderkosten',
    net: 'Totaal excl. btw|Subtotaal|Netto|Totaal exclusief btw|Bedrag excl. btw|Nettobedrag|Totaal netto',
    tax: 'Btw|BTW|Totaal btw|Btw-bedrag|BTW bedrag|Omzetbelasting',
    base: 'over|van',
    gross:
      'Totaal incl. btw|Totaal|Totaalbedrag|Factuurbedrag|Totaal inclusief btw|Factuurtotaal|Eindtotaal|Bedrag incl. btw',
    prepaid: 'Aanbetaling|Reeds betaald|Voldaan|Voorschot',
    amountDue: 'Te betalen|Te voldoen|Openstaand bedrag|Nog te betalen|Door u te betalen|Restbedrag',
    rounding: 'Afronding|Afrondingsverschil',
    withheld: 'G-rekening',
    previous: 'Vorig saldo|Openstaand saldo vorige periode',
    carried: 'Transport|Over te brengen|Totaal pagina',
    brought: 'Transport|Transport vorige pagina',
    invoice: 'Factuur|FACTUUR|Verkoopfactuur|Verzamelfactuur|Eindfactuur|Nota',
    credit: 'Creditnota|Creditfactuur|CREDITNOTA',
    receipt: 'Kassabon|Bon|Kwitantie|Kasticket',
    cash: 'Contant|CONTANT|Ontvangen',
    change: 'Wisselgeld|Retour|Terug',
    card: 'PIN|Pinpas|Bankkaart|Bancontact',
    till: 'Kassa|Bonnr.|Terminal|Medewerker',
    colPosition: 'Nr.|Regel|Pos.',
    colArticle: 'Artikel|Artikelnr.|Artikelnummer|Code|Artikelcode',
    colDescription: 'Omschrijving|Beschrijving|Product|Dienst|Werkzaamheden|Artikelomschrijving',
    colQuantity: 'Aantal|Aant.|Uren|Stuks|Hoeveelheid',
    colUnit: 'Eenheid|Eenh.|Per',
    colPrice: 'Prijs|Stukprijs|Eenheidsprijs|Tarief|Prijs per stuk|Prijs p. eenheid',
    colDiscount: 'Korting|Korting %|Krt.',
    colRate: 'Btw|Btw %|BTW|% BTW|Btw-tarief',
    colTotal: 'Bedrag|Totaal|Totaal excl. btw|Netto|Regeltotaal|Bedrag EUR',
    colTaxAmount: 'Btw-bedrag|Bedrag btw',
    colGross: 'Incl. btw|Bedrag incl. btw',
    colDate: 'Datum',
  },
  months: 'januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december',
  monthsShort: 'jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec',
  units: {
    piece: 'st|stuks|stuk|st.',
    hour: 'uur|uren',
    day: 'dagen|dag',
    weight: 'kg|t',
    pack: 'doos|pak|set',
    metre: 'm|m1|m²',
    flat: 'vast|post',
    month: 'maand|mnd',
  },
  text: {
    greeting:
      'Hierbij brengen wij u in rekening:|Voor de geleverde goederen en diensten berekenen wij u:|Volgens uw opdracht factureren wij:',
    thanks:
      'Bedankt voor uw bestelling.|Wij danken u voor het vertrouwen.|Heeft u vragen over deze factuur? Neem gerust contact met ons op.',
    terms:
      'Betaling binnen {days} dagen na factuurdatum.|Betalingsconditie: {days} dagen netto|Wij verzoeken u het bedrag voor {date} te voldoen.|Betalingstermijn {days} dagen.',
    cashDiscount: '2% betalingskorting bij betaling binnen 10 dagen, anders {days} dagen netto.',
    reverse: 'Btw verlegd.|Intracommunautaire levering, btw 0%.',
    small: 'Vrijgesteld van btw op grond van de kleineondernemersregeling.',
    exempt: 'Vrijgesteld van btw.',
    ownership:
      'Geleverde goederen blijven ons eigendom tot volledige betaling.|Op al onze leveringen zijn onze algemene voorwaarden van toepassing.',
    remark:
      'Vermeld bij betaling het factuurnummer.|Reclames binnen 8 dagen na ontvangst.|Gedeponeerd bij de Kamer van Koophandel.',
  },
  first: 'Sanne|Daan|Fleur|Bram|Lotte|Sem|Anouk|Thijs|Marieke|Pieter|Els|Wouter',
  surnames:
    'Akkerman|Boersma|Coppens|Dijkgraaf|Elzinga|Feenstra|Groothuis|Hoekstra|IJpelaar|Kuipers|Lammers|Meeuwsen|Nijholt|Oosterhuis|Postma|Roelofs|Schouten|Terpstra|Uittenbogaard|Veldkamp|Wagenaar|Zuidema|Bloemendal|Dekkers|Hendriks|Kramer|Langeveld|Slagter|Verhagen|Winkelman',
  trades:
    'Verpakkingen|Techniek|Bouw|Transport|Kantoorartikelen|Installatie|Groothandel|Automatisering|Drukwerk|Schoonmaak|Advies|Metaal|Houthandel|Voeding|Logistiek|Gereedschap|Medisch|Tuinen|Elektro|Koeltechniek|Vloeren|Interieur|Reklame|Textiel',
  streets:
    'Havenweg #|Kerkstraat #|Industrieweg #|Molenlaan #|Dorpsstraat #|Stationsplein #|Keizersgracht #|Nijverheidsweg #|Parallelweg #|Beukenlaan #|Handelskade #|Marktstraat #|Oude Gracht #|Julianastraat #|De Hoef #|Energieweg #|Spoorstraat #|Zuiderdijk #|Wilhelminapark #|Ambachtsweg #',
  banks: 'Maasbank|Polder Bank|Handelsbank Noordzee|Veluwebank|Kempenbank',
  goods: {
    office:
      'Kopieerpapier A4 80 g|Balpennen blauw|Ordner 75 mm|Toner zwart|Bureaustoel|Whiteboardstiften|Enveloppen C5|Bureaulamp LED|Notitieboek A5|Papierversnipperaar|Archiefkast|Lettertape 12 mm|Monitorarm|Briefpapier bedrukt|Visitekaartjes',
    hardware:
      'Zeskantbout M8x40|Kabelbinders 200 mm|Kogellager 6204|Staalplaat 2 mm|Hydrauliekslang|Haakse slijper|Borenset|Werkhandschoenen|LED-bouwlamp 50 W|Koperdraad 3x1,5|Manometer|V-snaar SPA 1250|Laselektroden 3,2 mm|Tandwielpomp|Rollenketting',
    food: 'Olijfolie extra vierge|Koffiebonen|Mineraalwater bruisend|Belegen kaas|Trostomaten|Stokbrood|Kipfilet|Chocoladetaart|Sinaasappelsap|Basmatirijst|Eieren vrije uitloop|Gerookte zalm|Appels|Broodjesschaal|Groene thee',
    services:
      'Adviesuren|Projectleiding|Technische ondersteuning|Vertaalwerk|Grafisch ontwerp|Boekhouding|Juridisch advies|Opname ter plaatse|Onderhoudsbeurt|Training|Reiskosten|Fotografie|Marktonderzoek|Tekstschrijven|Montage en inbedrijfstelling',
    it: 'Webhosting|Softwarelicentie|SSL-certificaat|Cloudopslag 1 TB|Laptop 14"|Netwerkswitch 24 poorten|Back-updienst|Domeinregistratie|Serveronderhoud|USB-C-dockingstation|Gebruikersondersteuning|Firewall|Databasebeheer|API-toegang|Webcam HD',
    building:
      'Beton C25/30|Gipsplaat 12,5 mm|Metselwerk|Dakpannen|Panlatten|Grondwerk|Steigerhuur|Vloertegels|Isolatieplaten 100 mm|Binnenschilderwerk|Plaatsen kozijnen|Containerhuur|Gewassen zand|Elektra aanleg|Stalen ligger',
    cleaning:
      'Kantoorschoonmaak|Glasbewassing|Tapijtreiniging|Desinfectiemiddel 5 l|Papieren handdoekjes|Vuilniszakken|Zeepdispenser|Vloer in de was zetten|Dieptereiniging keuken|Afvalverwerking|Wasserij|Glasreiniger|Mopdoeken|Toiletpapier|Huur schoonloopmatten',
    medical:
      'Nitril handschoenen M|Injectiespuiten 5 ml|Bloeddrukmeter|Steriel verband|Mondmaskers|Infuusset|Laboratoriumonderzoek|Thermometer|Huur rolstoel|EHBO-doos|Handgel|Teststrips|Gebitsafdruk|Röntgenfoto|Fysiotherapie behandeling',
  },
  qualities:
    'verzinkt|10 stuks|100 stuks|premium|standaard|zwart|wit|rvs|extra sterk|gereviseerd|type B|serie 400|klein|groot|24 maanden garantie|exportkwaliteit|met toebehoren|links|actieartikel|volgens offerte',
  sublines:
    'Serienr. {n}|Charge {n}, THT 12/2027|volgens uw opgave|incl. bevestigingsmateriaal|Levering in twee delen|Goederencode {n}|Land van herkomst: België|zie bijgevoegde urenstaat|Garantie 24 maanden',
  sections: 'Materiaal|Arbeid|Overig|Locatie A|Locatie B|Hoofdwerk|Meerwerk',
};
