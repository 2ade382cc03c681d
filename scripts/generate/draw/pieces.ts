/** The texts of a document with what they stand for: address lines, small print, label and value. Layouts only choose their places. */
import { dateText } from '../format.ts';
import type { Company, Mark, Spec } from '../model.ts';
import type { LabelKey } from '../words/words.ts';
import type { Item, Sheet } from './sheet.ts';

export const GREY = [0.4, 0.4, 0.43] as const;

/** As this document writes its labels. */
export function label(spec: Spec, key: LabelKey): string {
  const word = spec.style.upper ? spec.words[key].toUpperCase() : spec.words[key];
  return spec.style.colon && !/[:#]$/.test(word) ? `${word}:` : word;
}

export interface Pair {
  readonly key: LabelKey;
  readonly label: string;
  readonly value: Item;
}

export const titleOf = ({ docType, words }: Spec): string =>
  docType === 'credit-note' ? words.credit : docType === 'receipt' ? words.receipt : words.invoice;

/** Everything that identifies the document. */
export function pairs(spec: Spec, sheet: Sheet, withNumber = true): Pair[] {
  const look = sheet.look('pairs');
  const day = (iso: string | undefined) => (iso === undefined ? undefined : dateText(spec, iso));
  const pair = (key: LabelKey, text: string | undefined, field?: Mark): Pair[] =>
    text === undefined ? [] : [{ key, label: label(spec, key), value: { text, ...(field && { field }) } }];
  const first = [
    ...(withNumber ? pair('number', spec.number, 'invoiceNumber') : []),
    ...pair('date', day(spec.issueDate), 'issueDate'),
  ];
  const rest = [
    ...pair('customer', spec.customerNumber),
    ...pair('po', spec.poNumber, 'poNumber'),
    ...pair('orderDate', day(spec.orderDate)),
    ...pair('delivery', day(spec.deliveryDate)),
    ...pair('deliveryNote', spec.deliveryNote),
    ...pair('project', spec.project),
    ...pair('preceding', spec.preceding),
    ...pair('period', spec.period && `${day(spec.period[0])} - ${day(spec.period[1])}`),
    ...pair('contact', look.chance(0.3) ? spec.vendor.person : undefined),
    ...pair('due', day(spec.dueDate), 'dueDate'),
    ...pair('buyerVat', look.chance(0.2) ? spec.buyer.taxId : undefined),
    ...pair('page', look.chance(0.12) ? '1' : undefined),
  ];
  const order = look.weighted({ plain: 6, shuffled: 2, last: 2 });
  if (order === 'plain') return [...first, ...rest];
  if (order === 'last') return [...rest, ...first];
  return look.shuffled([...first, ...rest]);
}

/** Name and address; the name is the field where one is given. */
export function addressItems(
  party: Company,
  field: Mark | undefined,
  options: { country?: boolean; bold?: boolean; contact?: string } = {},
): Item[] {
  return [
    { text: party.name, ...(field && { field }), ...(options.bold && { face: 'bold' as const }) },
    ...(options.contact ? [{ text: options.contact }] : []),
    { text: party.street },
    { text: party.city },
    ...(options.country && party.country ? [{ text: party.country }] : []),
  ];
}

const grouped = (iban: string): string => iban.replaceAll(/(.{4})(?=.)/g, '$1 ');

export function contactItems(spec: Spec, sheet: Sheet): Item[] {
  const look = sheet.look('contact');
  const { vendor } = spec;
  return [
    { text: `${spec.words.phone} ${vendor.phone ?? ''}` },
    ...(look.chance(0.4) ? [{ text: `${spec.words.fax} ${vendor.fax ?? ''}` }] : []),
    ...(look.chance(0.75)
      ? [{ text: look.chance(0.5) ? (vendor.email ?? '') : `${spec.words.email}: ${vendor.email ?? ''}` }]
      : []),
    ...(look.chance(0.6) ? [{ text: vendor.web ?? '' }] : []),
  ];
}

export function bankItems(spec: Spec, sheet: Sheet): Item[] {
  const look = sheet.look('bank');
  const { vendor } = spec;
  const spaced = look.chance(0.75);
  const form = (iban: string) => (spaced ? grouped(iban) : iban);
  const heading = look.chance(0.35) ? [{ text: spec.words.bank, face: 'bold' as const }] : [];
  const other =
    vendor.otherIban === undefined
      ? []
      : [{ text: vendor.otherBank ?? '' }, { text: `IBAN ${form(vendor.otherIban)}` }];
  if (vendor.iban === undefined)
    return [...heading, { text: vendor.bank ?? '' }, { text: `${spec.words.account} ${look.digits(9)}` }];
  const iban = form(vendor.iban);
  return [
    ...heading,
    { text: vendor.bank ?? '' },
    { text: `IBAN${look.pick([' ', ': ', '  '])}${iban}`, field: 'vendorIban', value: iban },
    ...(look.chance(0.75) ? [{ text: `${look.pick(['BIC', 'SWIFT', 'BIC/SWIFT', 'BIC'])} ${vendor.bic ?? ''}` }] : []),
    ...other,
  ];
}

/** Tax id, register, director. */
export function legalItems(spec: Spec, sheet: Sheet): Item[] {
  const look = sheet.look('legal');
  const { vendor, words, language } = spec;
  const id = vendor.taxId ?? '';
  const shown =
    spec.country === 'GB' && look.chance(0.5)
      ? `GB ${id.slice(2, 5)} ${id.slice(5, 9)} ${id.slice(9)}`
      : ['ES', 'IT', 'PT'].includes(spec.country) && look.chance(0.5)
        ? id.slice(2)
        : id;
  const director = language === 'de' ? `Geschäftsführer: ${vendor.director ?? ''}` : undefined;
  const items: Item[] = [
    ...(look.chance(0.9)
      ? [{ text: `${words.vatId}${look.pick([' ', ': '])}${shown}`, field: 'vendorTaxId' as const, value: shown }]
      : []),
    ...(vendor.taxNumber !== undefined && look.chance(0.5) ? [{ text: `${words.taxNo} ${vendor.taxNumber}` }] : []),
    ...(look.chance(0.6) ? [{ text: vendor.register ?? '' }] : []),
    ...(director !== undefined && look.chance(0.5) ? [{ text: director }] : []),
  ];
  return items;
}
