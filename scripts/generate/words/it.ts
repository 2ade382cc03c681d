import type { Words } from './words.ts';

export const it: Words = {
  labels: {
    number:
      'Fattura n.|Numero fattura|Fattura nr.|N. fattura|Numero documento|Fattura N°|Fattura|Documento n.|Nr. documento',
    date: 'Data fattura|Data|Data documento|del|Data emissione|Data doc.',
    due: 'Scadenza|Data scadenza|Scadenza pagamento|Da pagare entro|Data di scadenza|Scadenze',
    delivery: 'Data di consegna|Data consegna|Data spedizione|Consegnato il',
    po: 'Vs. ordine|Ordine n.|Numero ordine|Vs. ordine n.|Rif. ordine|Ordine di acquisto|Ordine cliente',
    customer: 'Cod. cliente|Codice cliente|N. cliente|Cliente n.',
    orderDate: 'Data ordine|Ordine del',
    deliveryNote: 'DDT n.|D.D.T.|Bolla n.|Documento di trasporto',
    project: 'Commessa|Progetto|Cantiere|Ns. riferimento|Contratto',
    contact: 'Riferimento|Agente|Contatto|Referente',
    page: 'Pagina|Pag.|Foglio',
    billTo: 'Spett.le|Destinatario|Cliente|Intestatario|Cessionario/committente|Fatturare a',
    shipTo: 'Luogo di destinazione|Destinazione merce|Spedire a|Indirizzo di consegna',
    from: 'Fornitore|Cedente/prestatore|Mittente|Venditore',
    vatId: 'P. IVA|Partita IVA|P.IVA|Part. IVA|P. Iva / C.F.',
    taxNo: 'Codice fiscale|C.F.|Cod. Fisc.',
    buyerVat: 'P. IVA cliente|Vs. P. IVA|Partita IVA cliente',
    phone: 'Tel.|Telefono|Tel',
    fax: 'Fax',
    email: 'E-mail|Email|PEC|Mail',
    bank: "Pagamento|Coordinate bancarie|Banca|Banca d'appoggio|Modalità di pagamento|Bonifico bancario",
    account: 'Conto|C/C',
    reference: 'Causale|Riferimento pagamento',
    preceding: 'Rif. fattura|Fattura di riferimento|Nota di credito su fattura',
    period: 'Periodo|Periodo di riferimento|Periodo di fatturazione',
    lineSum: 'Totale merce|Subtotale|Totale righe|Totale merci',
    discountTotal: 'Sconto|Sconto incondizionato|Sconto cassa',
    freight: 'Spese di trasporto|Trasporto|Spese di spedizione|Spese trasporto',
    surcharge: 'Spese di imballo|Spese incasso|Supplemento carburante|Bollo|Spese varie',
    net: 'Totale imponibile|Imponibile|Totale netto|Netto|Imponibile totale|Totale senza IVA',
    tax: 'Totale IVA|IVA|Imposta|Totale imposta|I.V.A.|Importo IVA',
    base: 'su|di',
    gross:
      'Totale documento|Totale fattura|Totale|TOTALE|Importo totale|Totale generale|Totale IVA inclusa|TOTALE FATTURA',
    prepaid: 'Acconto|Acconto versato|Già pagato|Anticipo',
    amountDue: 'Totale da pagare|Netto a pagare|Da pagare|Importo da pagare|Saldo|Saldo dovuto',
    rounding: 'Arrotondamento|Arrotondamenti',
    withheld: "Ritenuta d'acconto|Ritenuta",
    previous: 'Saldo precedente|Saldo periodo precedente',
    carried: 'A riportare|Riporto a pagina seguente',
    brought: 'Riporto|Riporto pagina precedente',
    invoice: 'Fattura|FATTURA|Fattura accompagnatoria|Fattura immediata|Fattura differita|Parcella',
    credit: 'Nota di credito|NOTA DI CREDITO|Nota credito',
    receipt: 'Documento commerciale|Scontrino|Ricevuta|DOCUMENTO COMMERCIALE|Ricevuta fiscale',
    cash: 'Contanti|CONTANTE|Contante',
    change: 'Resto|RESTO',
    card: 'Carta di credito|Bancomat|Pagamento elettronico',
    till: 'Cassa|Operatore|Tavolo|Documento n.',
    colPosition: 'N.|Riga|Pos.',
    colArticle: 'Codice|Articolo|Cod. articolo|Cod.|Rif.',
    colDescription:
      'Descrizione|Descrizione articolo|Descrizione dei beni|Prodotto|Natura e qualità dei beni|Prestazione',
    colQuantity: 'Q.tà|Quantità|Qtà|Ore|Q.ta',
    colUnit: 'U.M.|UM|Unità',
    colPrice: 'Prezzo|Prezzo unitario|Prezzo unit.|P. unitario|Prezzo un.',
    colDiscount: 'Sconto|Sc. %|Sconto %|% Sc.',
    colRate: 'IVA %|IVA|% IVA|Aliq. IVA|Aliquota',
    colTotal: 'Importo|Totale|Importo netto|Prezzo totale|Valore|Imponibile',
    colTaxAmount: 'Importo IVA|Imposta',
    colGross: 'Totale ivato|Importo lordo',
    colDate: 'Data',
  },
  months: 'gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre',
  monthsShort: 'gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic',
  units: {
    piece: 'pz|NR|n.|PZ|pz.',
    hour: 'h|ore',
    day: 'gg|giorni',
    weight: 'kg|t',
    pack: 'cf|conf.|scatola',
    metre: 'm|ml|mq',
    flat: 'a corpo|forf.',
    month: 'mesi|mese',
  },
  text: {
    greeting:
      'Con la presente Vi fatturiamo quanto segue:|Per i lavori eseguiti come da Vs. ordine:|Vi rimettiamo fattura per le seguenti prestazioni:',
    thanks: 'Grazie per la fiducia accordataci.|Distinti saluti|Restiamo a disposizione per ogni chiarimento.',
    terms:
      'Pagamento: bonifico bancario {days} giorni data fattura|Condizioni di pagamento: {days} gg D.F.|Pagamento entro il {date}.|Bonifico bancario a {days} giorni',
    cashDiscount: 'Sconto 2 % per pagamento entro 10 giorni, altrimenti {days} giorni netto.',
    reverse: 'Inversione contabile, art. 17 DPR 633/72.|Non imponibile art. 41 D.L. 331/93.',
    small: 'Operazione in franchigia da IVA, regime forfettario (L. 190/2014).',
    exempt: 'Esente IVA art. 10 DPR 633/72.',
    ownership: 'Contributo CONAI assolto ove dovuto.|Eventuali reclami entro 8 giorni dal ricevimento della merce.',
    remark:
      'Indicare il numero della fattura nella causale.|Per ogni controversia è competente il Foro del venditore.|Imposta di bollo assolta in modo virtuale.',
  },
  first: 'Giulia|Marco|Francesca|Luca|Chiara|Matteo|Elisa|Davide|Paola|Stefano|Laura|Roberto',
  surnames:
    'Albertazzi|Bellandi|Cavallari|Donadoni|Esposti|Ferrarini|Galvagni|Iannuzzi|Lorenzoni|Mantovanelli|Nicoletti|Orsenigo|Pasquinelli|Quaranta|Ravaglia|Santarelli|Tagliavini|Ubertini|Valentinis|Zanotelli|Bortolin|Carpanelli|Dalmonte|Faggion|Marchesan|Rovati|Scarpelli|Trevisi|Brentale|Colombera',
  trades:
    'Forniture|Impianti|Meccanica|Trasporti|Informatica|Imballaggi|Costruzioni|Elettronica|Alimentari|Arredamenti|Tipografia|Ferramenta|Consulenza|Pulizie|Termoidraulica|Tessuti|Vini|Ceramiche|Legnami|Utensili|Logistica|Componenti|Medicali|Serramenti|Verniciature|Carpenteria',
  streets:
    "Via dei Fonditori #|Via Roma, #|Viale della Repubblica #|Piazza Garibaldi, #|Via Mazzini #|Via dell'Artigianato, #|Corso Italia #|Via San Marco #|Strada Provinciale #|Via Verdi, #|Via del Lavoro #|Via Dante Alighieri, #|Viale Europa #|Via Leonardo da Vinci, #|Largo Cairoli #|Via Molino Vecchio, #|Zona Industriale #|Via Cavour #",
  banks: 'Banca della Brenta|Cassa Padana|Banca del Tavoliere|Credito Lariano|Banca Valtiberina',
  goods: {
    office:
      'Carta A4 80 g|Penne a sfera blu|Raccoglitore a leva|Toner nero|Sedia da ufficio|Pennarelli per lavagna|Buste C5|Lampada LED da tavolo|Quaderno A5|Distruggidocumenti|Schedario metallico|Nastro 12 mm|Braccio monitor|Carta intestata|Biglietti da visita',
    hardware:
      'Vite esagonale M8x40|Fascette 200 mm|Cuscinetto 6204|Lamiera acciaio 2 mm|Tubo idraulico|Smerigliatrice angolare|Set punte trapano|Guanti da lavoro|Faro LED 50 W|Cavo rame 3x1,5|Manometro|Cinghia SPA 1250|Elettrodi 3,2 mm|Pompa a ingranaggi|Catena a rulli',
    food: "Olio extravergine di oliva|Caffè in grani|Acqua minerale frizzante|Parmigiano stagionato|Pomodori a grappolo|Pane casereccio|Petto di pollo|Torta al cioccolato|Succo d'arancia|Riso carnaroli|Uova fresche|Salmone affumicato|Mele|Vassoio di tramezzini|Tè verde",
    services:
      'Consulenza tecnica|Gestione progetto|Assistenza tecnica|Traduzione|Progettazione grafica|Tenuta contabilità|Consulenza legale|Sopralluogo|Visita di manutenzione|Corso di formazione|Spese di viaggio|Servizio fotografico|Ricerca di mercato|Redazione testi|Installazione e collaudo',
    it: 'Hosting web|Licenza software|Certificato SSL|Spazio cloud 1 TB|Notebook 14"|Switch 24 porte|Servizio di backup|Registrazione dominio|Manutenzione server|Docking station USB-C|Assistenza utenti|Firewall|Amministrazione database|Accesso API|Webcam HD',
    building:
      'Calcestruzzo C25/30|Lastra in cartongesso 13 mm|Opere murarie|Tegole|Listelli in legno|Scavo|Noleggio ponteggio|Piastrelle per pavimento|Pannelli isolanti 100 mm|Tinteggiatura interna|Posa finestre|Noleggio cassone|Sabbia lavata|Impianto elettrico|Trave in acciaio',
    cleaning:
      'Pulizia uffici|Pulizia vetri|Lavaggio moquette|Disinfettante 5 l|Asciugamani di carta|Sacchi rifiuti|Dispenser sapone|Lucidatura pavimenti|Pulizia straordinaria cucina|Smaltimento rifiuti|Lavanderia|Detergente vetri|Ricambi mop|Carta igienica|Noleggio zerbini',
    medical:
      'Guanti in nitrile M|Siringhe 5 ml|Sfigmomanometro|Bende sterili|Mascherine chirurgiche|Set per infusione|Analisi di laboratorio|Termometro digitale|Noleggio sedia a rotelle|Cassetta pronto soccorso|Gel igienizzante|Strisce reattive|Impronta dentale|Radiografia|Seduta di fisioterapia',
  },
  qualities:
    'zincato|conf. da 10|conf. da 100|premium|standard|nero|bianco|inox|rinforzato|ricondizionato|tipo B|serie 400|piccolo|grande|garanzia 24 mesi|qualità export|con accessori|versione sinistra|articolo in promozione|come da preventivo',
  sublines:
    'Matricola {n}|Lotto {n}, scad. 12/2027|come da Vs. specifica|fissaggi compresi|Consegna in due parti|Codice doganale {n}|Origine: Italia|vedi rapportino allegato|Garanzia 24 mesi',
  sections: 'Materiali|Manodopera|Varie|Sede A|Sede B|Opere principali|Extra',
};
