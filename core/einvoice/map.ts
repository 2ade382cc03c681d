/** The named tree of an e-invoice -> header fields. Both syntaxes are read by their business terms alone, so that there is one mapping. */
import type { Candidate, Extraction, ReadCell, TermNode } from '../contract/reading.ts';
import type { HeaderField } from '../invoice/fields.ts';
import type { Detected } from './detect.ts';
import { formatDiscountTerm, splitPaymentTerms } from './discount-terms.ts';
import type { DiscountTerm } from './discount-terms.ts';
import { documentTypeOf } from './document-type.ts';
import { mapLines } from './map-lines.ts';
import { nameParts } from './names.ts';
import { nodesOf, put, putFirst } from './sheet.ts';
import type { Origin, Row, Sheet } from './sheet.ts';
import { annotate, findAll } from './terms.ts';
import type { Keys } from './terms.ts';
import { canonicalValue, isIbanForm, multilineText, nodeText, plainText, xmlDate, xmlDecimal } from './values.ts';

export interface Mapped {
  readonly extraction: Extraction;
  readonly origins: readonly Origin[];
  readonly keys: Keys;
  /** BT-24 as written. */
  readonly profile?: string;
}

/** Field -> its terms; the first that holds a value wins. */
const DIRECT: readonly (readonly [HeaderField, readonly string[]])[] = [
  ['typeCode', ['BT-3']],
  ['invoiceNumber', ['BT-1']],
  ['issueDate', ['BT-2']],
  ['deliveryDate', ['BT-72']],
  ['currency', ['BT-5']],
  ['vendorName', ['BT-27', 'BT-28']],
  ['vendorTaxId', ['BT-31', 'BT-32']],
  ['vendorEmail', ['BT-43']],
  ['buyerName', ['BT-44', 'BT-45']],
  ['buyerTaxId', ['BT-48', '=buyerTaxNumber']],
  ['poNumber', ['BT-13']],
  ['buyerReference', ['BT-10']],
  ['contractRef', ['BT-12']],
  ['precedingInvoice', ['BT-25']],
  ['payeeName', ['BT-59']],
  ['paymentReference', ['BT-83']],
  ['servicePeriodStart', ['BT-73']],
  ['servicePeriodEnd', ['BT-74']],
  ['accountingCurrency', ['BT-6']],
  ['accountingTaxTotal', ['BT-111']],
  ['exchangeRate', ['=exchangeRate']],
  ['exemptionReason', ['BT-120', 'BT-121']],
];

const AMOUNTS: readonly (readonly [HeaderField, string])[] = [
  ['lineTotalSum', 'BT-106'],
  ['allowanceTotal', 'BT-107'],
  ['chargeTotal', 'BT-108'],
  ['netTotal', 'BT-109'],
  ['taxTotal', 'BT-110'],
  ['grossTotal', 'BT-112'],
  ['prepaid', 'BT-113'],
  ['rounding', 'BT-114'],
  ['amountDue', 'BT-115'],
  ['withheldTax', '=withheldTax'],
];

/** Address group and its terms: street, second and third line, city, post code, subdivision, country. */
const ADDRESSES: readonly (readonly [HeaderField, string, readonly string[]])[] = [
  ['vendorAddress', 'BG-5', ['BT-35', 'BT-36', 'BT-162', 'BT-37', 'BT-38', 'BT-39', 'BT-40']],
  ['buyerAddress', 'BG-8', ['BT-50', 'BT-51', 'BT-163', 'BT-52', 'BT-53', 'BT-54', 'BT-55']],
  ['deliveryAddress', 'BG-15', ['BT-75', 'BT-76', 'BT-165', 'BT-77', 'BT-78', 'BT-79', 'BT-80']],
];

/** Amounts given in several currencies (EXTENDED): the document's own first, then those that name none. */
function byCurrency(nodes: readonly TermNode[], currency: string | undefined): TermNode[] {
  const rank = (node: TermNode): number => {
    const own = node.attributes?.['currencyID'];
    return own === currency ? 0 : own === undefined ? 1 : 2;
  };
  return nodes.toSorted((a, b) => rank(a) - rank(b));
}

function mapAddress(row: Row, root: TermNode, field: string, group: string, terms: readonly string[]): void {
  const node = findAll(row.sheet.keys, root, group)[0];
  if (node === undefined) return;
  const nodes = terms.map((term) => nodesOf(row.sheet.keys, node, [term]).filter((n) => plainText(nodeText(n)) !== ''));
  const [street, line2, line3, city, code, subdivision, country] = nodes.map((found) =>
    found.map((n) => plainText(nodeText(n))).join('\n'),
  );
  const town = [code, city].filter((part) => part !== '').join(' ');
  const value = [street, line2, line3, town, subdivision, country].filter((part) => part !== '').join('\n');
  if (value !== '') put(row, field, { value, nodes: nodes.flat() });
}

const candidate = (value: string, node: TermNode): Candidate => ({
  value,
  text: nodeText(node).trim(),
  source: 'xml',
  score: 1,
  reasons: [],
});

/** The distinct values, where there is more than one to choose from. */
function choices(nodes: readonly TermNode[], type: 'iban' | 'id'): Candidate[] {
  const values = new Map(nodes.map((n) => [canonicalValue(type, nodeText(n)) ?? '', n]));
  return values.size < 2 ? [] : [...values].map(([value, node]) => candidate(value, node));
}

/** BT-84: the first that looks like an IBAN is the account to pay to; several are shown as candidates. Its bank (BT-86) stands in the same group. */
function mapAccount(row: Row, root: TermNode): void {
  const { keys } = row.sheet;
  const accounts = findAll(keys, root, 'BT-84').filter((node) => plainText(nodeText(node)) !== '');
  const ibans = accounts.filter((node) => isIbanForm(nodeText(node)));
  const chosen = ibans[0] ?? accounts[0];
  if (chosen) {
    const type = ibans.length > 0 ? 'iban' : 'id';
    const text = nodeText(chosen).trim();
    put(row, type === 'iban' ? 'vendorIban' : 'vendorAccount', {
      value: canonicalValue(type, text) ?? text,
      text,
      nodes: [chosen],
      candidates: choices(type === 'iban' ? ibans : accounts, type),
    });
  }
  const means = findAll(keys, root, 'BG-16');
  const own = means.filter((group) => chosen && findAll(keys, group, 'BT-84').includes(chosen));
  putFirst(
    row,
    'vendorBic',
    (own.length > 0 ? own : means).flatMap((group) => findAll(keys, group, 'BT-86')),
  );
}

/** BT-9. With instalments or discount terms there are several: the one without a discount, of those the last, is when all is due. */
function mapDueDate(row: Row, root: TermNode): void {
  const { keys } = row.sheet;
  const all = findAll(keys, root, 'BT-9');
  const discounted = findAll(keys, root, '=paymentTerms')
    .filter((terms) => findAll(keys, terms, '=discountTerms').length > 0)
    .flatMap((terms) => findAll(keys, terms, 'BT-9'));
  const plain = all.filter((node) => !discounted.includes(node));
  const dated = (plain.length > 0 ? plain : all).flatMap((node) => {
    const value = xmlDate(nodeText(node));
    return value === undefined ? [] : [{ node, value }];
  });
  const last = dated.toSorted((a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : 0))[0];
  if (last === undefined) {
    putFirst(row, 'dueDate', all);
    return;
  }
  const distinct = new Map(dated.map((d) => [d.value, candidate(d.value, d.node)]));
  const candidates = distinct.size > 1 ? [...distinct.values()] : [];
  put(row, 'dueDate', { value: last.value, text: nodeText(last.node).trim(), nodes: [last.node], candidates });
}

/** Discount terms of CII EXTENDED: period in days, percent, base. Other units of time stay words in the tree. */
function structuredDiscounts(row: Row, root: TermNode): { node: TermNode; term: DiscountTerm }[] {
  const { keys } = row.sheet;
  return findAll(keys, root, '=discountTerms').flatMap((node) => {
    const [period] = findAll(keys, node, '=discountPeriod');
    const [percent] = findAll(keys, node, '=discountPercent');
    const [base] = findAll(keys, node, '=discountBase');
    const days = period && xmlDecimal(nodeText(period));
    const rate = percent && xmlDecimal(nodeText(percent));
    if (days === undefined || rate === undefined || (period?.attributes?.['unitCode'] ?? 'DAY') !== 'DAY') return [];
    const on = base && xmlDecimal(nodeText(base));
    return [{ node, term: { days, percent: rate, ...(on !== undefined && { base: on }) } }];
  });
}

function mapTerms(row: Row, root: TermNode): void {
  const notes = findAll(row.sheet.keys, root, 'BT-20').filter((node) => nodeText(node).trim() !== '');
  const split = notes.map((node) => ({ node, ...splitPaymentTerms(nodeText(node)) }));
  const words = [...new Set(split.map((s) => multilineText(s.rest)).filter((text) => text !== ''))].join('\n');
  const text = notes.map((node) => nodeText(node).trim()).join('\n');
  if (words !== '') {
    put(row, 'paymentTerms', {
      value: words,
      text,
      nodes: split.filter((s) => s.rest.trim() !== '').map((s) => s.node),
    });
  }
  const structured = structuredDiscounts(row, root);
  const discounts = [...split.flatMap((s) => s.terms), ...structured.map((s) => s.term)].map(formatDiscountTerm);
  if (discounts.length === 0) return;
  const nodes = [...split.filter((s) => s.terms.length > 0).map((s) => s.node), ...structured.map((s) => s.node)];
  put(row, 'discountTerms', { value: [...new Set(discounts)].join('\n'), text, nodes });
}

/** BG-24: what is attached is listed, never opened. Sizes are of the decoded bytes. */
function noteAttachments(sheet: Sheet, root: TermNode): void {
  for (const group of findAll(sheet.keys, root, 'BG-24')) {
    const [id, description, link, object] = ['BT-122', 'BT-123', 'BT-124', 'BT-125'].map(
      (term) => findAll(sheet.keys, group, term)[0],
    );
    if (link === undefined && object === undefined) continue;
    const base64 = object ? nodeText(object).replace(/[\s=]/g, '').length : 0;
    const params: Record<string, string | undefined> = {
      id: id && plainText(nodeText(id)),
      description: description && plainText(nodeText(description)),
      link: link && plainText(nodeText(link)),
      name: object?.attributes?.['filename'],
      mime: object?.attributes?.['mimeCode'],
      bytes: object && String(Math.floor((base64 * 3) / 4)),
    };
    const known = Object.entries(params).filter((e): e is [string, string] => e[1] !== undefined && e[1] !== '');
    sheet.notes.push({ code: 'XML_ATTACHMENT', params: Object.fromEntries(known) });
  }
}

function mapTaxRows(sheet: Sheet, root: TermNode, currency: string | undefined): Row[] {
  // A second TaxTotal in the accounting currency may repeat the breakdown; only the document's own counts.
  const own = findAll(sheet.keys, root, 'BG-23').filter((group) => {
    const amount = findAll(sheet.keys, group, 'BT-117')[0]?.attributes?.['currencyID'];
    return amount === undefined || currency === undefined || amount.toUpperCase() === currency;
  });
  const groups = own.length > 0 ? own : findAll(sheet.keys, root, 'BG-23');
  return groups.map((group, index) => {
    const row: Row = { sheet, entity: 'taxRow', row: index, cells: {} };
    putFirst(row, 'rate', findAll(sheet.keys, group, 'BT-119'));
    putFirst(row, 'category', findAll(sheet.keys, group, 'BT-118'));
    putFirst(row, 'base', findAll(sheet.keys, group, 'BT-116'));
    putFirst(row, 'amount', findAll(sheet.keys, group, 'BT-117'));
    return row;
  });
}

function mapHeader(row: Row, root: TermNode): void {
  const { keys } = row.sheet;
  for (const [field, terms] of DIRECT) putFirst(row, field, nodesOf(keys, root, terms));
  const currency = row.cells['currency']?.value;
  for (const [field, term] of AMOUNTS) putFirst(row, field, byCurrency(findAll(keys, root, term), currency));
  for (const [field, group, terms] of ADDRESSES) mapAddress(row, root, field, group, terms);
  if (row.cells['vendorEmail'] === undefined) {
    // BT-34 of scheme EM is an e-mail address as well.
    putFirst(
      row,
      'vendorEmail',
      findAll(keys, root, 'BT-34').filter((node) => node.attributes?.['schemeID'] === 'EM'),
    );
  }
  const typeNode = findAll(keys, root, 'BT-3')[0];
  const kind = documentTypeOf(row.cells['typeCode']?.value, nameParts(root.name).local === 'CreditNote');
  if (kind !== undefined) {
    put(row, 'documentType', {
      value: kind,
      text: typeNode ? nodeText(typeNode).trim() : '',
      nodes: typeNode ? [typeNode] : [],
    });
  }
  mapDueDate(row, root);
  mapAccount(row, root);
  mapTerms(row, root);
}

/** ISO 639 code of CII's LanguageID, where the file has one. */
function languageOf(sheet: Sheet, root: TermNode): string | undefined {
  const node = findAll(sheet.keys, root, '=language')[0];
  const code = node && plainText(nodeText(node)).toLowerCase().slice(0, 2);
  return code !== undefined && /^[a-z]{2}$/.test(code) ? code : undefined;
}

const rowsOf = (rows: Row[]): { row: number; cells: Record<string, ReadCell> }[] =>
  rows.map(({ row, cells }) => ({ row, cells }));

/** Names the tree's elements (in place) and maps them. */
export function mapEinvoice({ root, syntax }: Extract<Detected, { kind: 'einvoice' }>): Mapped {
  const sheet: Sheet = { keys: annotate(root, syntax), origins: [], notes: [] };
  const header: Row = { sheet, entity: 'invoice', row: 0, cells: {} };
  mapHeader(header, root);
  const lines = mapLines(sheet, root, header.cells['lineTotalSum']?.value);
  const taxRows = mapTaxRows(sheet, root, header.cells['currency']?.value);
  noteAttachments(sheet, root);
  const language = languageOf(sheet, root);
  const profile = plainText(findAll(sheet.keys, root, 'BT-24')[0]?.text ?? '');
  return {
    extraction: {
      header: header.cells,
      lines: rowsOf(lines),
      taxRows: rowsOf(taxRows),
      notes: sheet.notes,
      ...(language !== undefined && { language }),
    },
    origins: sheet.origins,
    keys: sheet.keys,
    ...(profile !== '' && { profile }),
  };
}
