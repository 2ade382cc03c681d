/** How each region writes numbers and dates, and what each language calls the parts of an invoice. */
import { currencyDigits } from '../../core/invoice/currency.ts';
import { withDigits } from '../../core/invoice/decimal.ts';
import type { Language, Region } from './model.ts';

const SIGNS: Readonly<Record<Region, readonly [group: string, decimal: string]>> = {
  DE: ['.', ','],
  CH: ["'", '.'],
  GB: [',', '.'],
  US: [',', '.'],
  IE: [',', '.'],
  JP: [',', '.'],
  FR: ['\u00a0', ','],
  ES: ['.', ','],
  IT: ['.', ','],
  NL: ['.', ','],
};

export function number(region: Region, value: string, digits = 0): string {
  const [group, decimal] = SIGNS[region];
  const [whole = '', fraction] = withDigits(value, digits).replace('-', '').split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, group);
  return `${value.startsWith('-') ? '-' : ''}${grouped}${fraction === undefined ? '' : decimal + fraction}`;
}

export const amount = (region: Region, value: string, currency: string): string =>
  number(region, value, currencyDigits(currency) ?? 2);

/** Unit prices show at least the currency's decimals. */
export const price = amount;

const SYMBOLS: Readonly<Record<string, string>> = { EUR: '€', USD: '$', GBP: '£', JPY: '¥' };

/** With the sign on the side where the region puts it; francs by their code. */
export function money(region: Region, value: string, currency: string): string {
  const text = amount(region, value, currency);
  const symbol = SYMBOLS[currency] ?? currency;
  if (['GB', 'US', 'IE', 'JP'].includes(region))
    return value.startsWith('-') ? `-${symbol}${text.slice(1)}` : symbol + text;
  return region === 'NL' || region === 'CH' ? `${symbol} ${text}` : `${text} ${symbol}`;
}

const MONTHS: Readonly<Record<'fr' | 'en', readonly string[]>> = {
  fr: [
    'janvier',
    'février',
    'mars',
    'avril',
    'mai',
    'juin',
    'juillet',
    'août',
    'septembre',
    'octobre',
    'novembre',
    'décembre',
  ],
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
};

export function date(region: Region, iso: string): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  const long = (months: readonly string[]) => `${Number(day)} ${months[Number(month) - 1]} ${year}`;
  const styles: Readonly<Record<Region, string>> = {
    DE: `${day}.${month}.${year}`,
    CH: `${day}.${month}.${year}`,
    US: `${month}/${day}/${year}`,
    NL: `${day}-${month}-${year}`,
    ES: `${day}/${month}/${year}`,
    IT: `${day}/${month}/${year}`,
    FR: long(MONTHS.fr),
    GB: long(MONTHS.en),
    IE: long(MONTHS.en),
    JP: iso,
  };
  return styles[region];
}

export interface Labels {
  readonly invoice: string;
  readonly creditNote: string;
  readonly number: string;
  readonly date: string;
  readonly due: string;
  readonly delivery: string;
  readonly po: string;
  readonly customer: string;
  readonly billTo: string;
  readonly vatId: string;
  readonly preceding: string;
  readonly columns: Readonly<
    Record<
      'position' | 'article' | 'description' | 'quantity' | 'unit' | 'price' | 'discount' | 'rate' | 'total',
      string
    >
  >;
  readonly subtotal: string;
  readonly net: string;
  readonly tax: string;
  readonly base: string;
  readonly gross: string;
  readonly prepaid: string;
  readonly amountDue: string;
  readonly bank: string;
  readonly reference: string;
  readonly page: string;
  readonly carried: string;
  readonly broughtForward: string;
}

const BY_LANGUAGE: Readonly<Record<Language, Labels>> = {
  de: {
    invoice: 'Rechnung',
    creditNote: 'Gutschrift',
    number: 'Rechnungsnummer',
    date: 'Rechnungsdatum',
    due: 'Zahlbar bis',
    delivery: 'Lieferdatum',
    po: 'Ihre Bestellung',
    customer: 'Kundennummer',
    billTo: 'Rechnung an',
    vatId: 'USt-IdNr.',
    preceding: 'Zu Rechnung',
    columns: {
      position: 'Pos.',
      article: 'Art.-Nr.',
      description: 'Bezeichnung',
      quantity: 'Menge',
      unit: 'Einh.',
      price: 'Einzelpreis',
      discount: 'Rabatt',
      rate: 'USt.',
      total: 'Gesamt',
    },
    subtotal: 'Zwischensumme',
    net: 'Nettobetrag',
    tax: 'USt.',
    base: 'auf',
    gross: 'Rechnungsbetrag',
    prepaid: 'Anzahlung',
    amountDue: 'Zahlbetrag',
    bank: 'Bankverbindung',
    reference: 'Verwendungszweck',
    page: 'Seite',
    carried: 'Übertrag',
    broughtForward: 'Übertrag',
  },
  en: {
    invoice: 'Invoice',
    creditNote: 'Credit Note',
    number: 'Invoice No.',
    date: 'Invoice date',
    due: 'Due date',
    delivery: 'Delivery date',
    po: 'PO Number',
    customer: 'Customer no.',
    billTo: 'Bill to',
    vatId: 'VAT No.',
    preceding: 'Original invoice',
    columns: {
      position: '#',
      article: 'Item',
      description: 'Description',
      quantity: 'Qty',
      unit: 'Unit',
      price: 'Unit price',
      discount: 'Discount',
      rate: 'VAT',
      total: 'Amount',
    },
    subtotal: 'Subtotal',
    net: 'Net total',
    tax: 'VAT',
    base: 'on',
    gross: 'Total',
    prepaid: 'Deposit paid',
    amountDue: 'Amount due',
    bank: 'Payment',
    reference: 'Reference',
    page: 'Page',
    carried: 'Carried forward',
    broughtForward: 'Brought forward',
  },
  fr: {
    invoice: 'Facture',
    creditNote: 'Avoir',
    number: 'Facture n°',
    date: 'Date de facture',
    due: 'Échéance',
    delivery: 'Date de livraison',
    po: 'Votre commande',
    customer: 'N° client',
    billTo: 'Facturé à',
    vatId: 'N° TVA',
    preceding: "Facture d'origine",
    columns: {
      position: 'N°',
      article: 'Réf.',
      description: 'Désignation',
      quantity: 'Qté',
      unit: 'Unité',
      price: 'P.U. HT',
      discount: 'Remise',
      rate: 'TVA',
      total: 'Montant HT',
    },
    subtotal: 'Sous-total HT',
    net: 'Total HT',
    tax: 'TVA',
    base: 'sur',
    gross: 'Total TTC',
    prepaid: 'Acompte versé',
    amountDue: 'Net à payer',
    bank: 'Règlement',
    reference: 'Référence',
    page: 'Page',
    carried: 'À reporter',
    broughtForward: 'Report',
  },
  es: {
    invoice: 'Factura',
    creditNote: 'Factura rectificativa',
    number: 'Factura n.º',
    date: 'Fecha de factura',
    due: 'Vencimiento',
    delivery: 'Fecha de entrega',
    po: 'Su pedido',
    customer: 'N.º de cliente',
    billTo: 'Cliente',
    vatId: 'NIF',
    preceding: 'Factura original',
    columns: {
      position: 'N.º',
      article: 'Ref.',
      description: 'Descripción',
      quantity: 'Cant.',
      unit: 'Ud.',
      price: 'Precio',
      discount: 'Dto.',
      rate: 'IVA',
      total: 'Importe',
    },
    subtotal: 'Subtotal',
    net: 'Base imponible',
    tax: 'IVA',
    base: 'sobre',
    gross: 'Total factura',
    prepaid: 'Anticipo',
    amountDue: 'Total a pagar',
    bank: 'Forma de pago',
    reference: 'Concepto',
    page: 'Página',
    carried: 'Suma y sigue',
    broughtForward: 'Suma anterior',
  },
  it: {
    invoice: 'Fattura',
    creditNote: 'Nota di credito',
    number: 'Fattura n.',
    date: 'Data fattura',
    due: 'Scadenza',
    delivery: 'Data di consegna',
    po: 'Vs. ordine',
    customer: 'Cod. cliente',
    billTo: 'Spett.le',
    vatId: 'P. IVA',
    preceding: 'Rif. fattura',
    columns: {
      position: 'N.',
      article: 'Codice',
      description: 'Descrizione',
      quantity: 'Q.tà',
      unit: 'U.M.',
      price: 'Prezzo',
      discount: 'Sconto',
      rate: 'IVA %',
      total: 'Importo',
    },
    subtotal: 'Totale merce',
    net: 'Totale imponibile',
    tax: 'Totale IVA',
    base: 'su',
    gross: 'Totale documento',
    prepaid: 'Acconto',
    amountDue: 'Totale da pagare',
    bank: 'Pagamento',
    reference: 'Causale',
    page: 'Pagina',
    carried: 'A riportare',
    broughtForward: 'Riporto',
  },
  nl: {
    invoice: 'Factuur',
    creditNote: 'Creditnota',
    number: 'Factuurnummer',
    date: 'Factuurdatum',
    due: 'Vervaldatum',
    delivery: 'Leverdatum',
    po: 'Uw inkoopnummer',
    customer: 'Klantnummer',
    billTo: 'Factuur aan',
    vatId: 'Btw-nummer',
    preceding: 'Bij factuur',
    columns: {
      position: 'Nr.',
      article: 'Artikel',
      description: 'Omschrijving',
      quantity: 'Aantal',
      unit: 'Eenheid',
      price: 'Prijs',
      discount: 'Korting',
      rate: 'Btw',
      total: 'Bedrag',
    },
    subtotal: 'Subtotaal',
    net: 'Totaal excl. btw',
    tax: 'Btw',
    base: 'over',
    gross: 'Totaal incl. btw',
    prepaid: 'Aanbetaling',
    amountDue: 'Te betalen',
    bank: 'Betaling',
    reference: 'Onder vermelding van',
    page: 'Pagina',
    carried: 'Transport',
    broughtForward: 'Transport',
  },
};

/** Swiss German says MWST where German German says USt. */
const SWISS: Labels = {
  ...BY_LANGUAGE.de,
  vatId: 'MWST-Nr.',
  tax: 'MWST',
  columns: { ...BY_LANGUAGE.de.columns, rate: 'MWST' },
};

export const labelsOf = ({ language, region }: { readonly language: Language; readonly region: Region }): Labels =>
  region === 'CH' ? SWISS : BY_LANGUAGE[language];
