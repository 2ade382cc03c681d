/**
 * An e-invoice with a page says everything twice. Where the page clearly prints another value than the XML holds, the reviewer hears of it: a note
 * XML_PAGE_MISMATCH with both. Silence where the page prints the XML's value anywhere, or where its own reading is not certain: a page that only words
 * things differently is no fraud.
 */
import type { Extraction, PageReading, ReadCell, ReadingNote } from '../contract/reading.ts';
import { nameTokens } from '../extract/layout/text.ts';
import { absolute, add, near } from '../invoice/decimal.ts';
import { HEADER_FIELDS } from '../invoice/fields.ts';
import type { HeaderField } from '../invoice/fields.ts';
import { lookAt } from './visible.ts';
import type { Visible } from './visible.ts';

const COMPARED = [
  'invoiceNumber',
  'issueDate',
  'grossTotal',
  'netTotal',
  'taxTotal',
  'vendorIban',
  'vendorName',
] as const;
type Compared = (typeof COMPARED)[number];

/**
 * How sure the text reader must be of what it read instead. Low, because the XML's value not being printed at all is most of the evidence; lowest for
 * dates, whose certainty is held down by the order of day and month, which plays no part here.
 */
const SURE: Readonly<Record<Compared, number>> = {
  invoiceNumber: 0.5,
  issueDate: 0.3,
  grossTotal: 0.5,
  netTotal: 0.5,
  taxTotal: 0.5,
  vendorIban: 0.5,
  vendorName: 0.6,
};

const CERTAIN = 0.8;

const isAmount = (field: Compared): boolean => HEADER_FIELDS[field].type === 'amount';

function sameValue(field: Compared, a: string, b: string): boolean {
  if (isAmount(field)) return absolute(a) === absolute(b);
  const [x, y] = [a, b].map((text) => nameTokens(text).join(''));
  return x === y;
}

/** A name is printed when most of its words are: legal forms, departments and line breaks come and go. */
function printsName(visible: Visible, name: string): boolean {
  const words = nameTokens(name).filter((word) => word.length > 2);
  const printed = new Set(visible.context.layout.tokens.flatMap((token) => nameTokens(token.text)));
  const found = words.filter((word) => printed.has(word)).length;
  return words.length === 0 || found * 2 >= words.length;
}

/**
 * The total of the XML may be printed as something else: where net + VAT = total on the page and the XML's total is the page's net, VAT or a line, the
 * print proves nothing.
 */
const isOtherAmount = (visible: Visible, value: string): boolean => {
  const { grossTotal, amountDue, prepaid } = visible.seen.header;
  const fitting = [grossTotal, amountDue, prepaid].some(
    (cell) => cell !== undefined && absolute(cell.value) === absolute(value),
  );
  return addsUp(visible) && (grossTotal?.confidence ?? 0) >= CERTAIN && !fitting;
};

const isPrinted = (visible: Visible, field: Compared, value: string): boolean =>
  field === 'vendorName' ? printsName(visible, value) : visible.find(HEADER_FIELDS[field].type, value).length > 0;

/** Net and VAT as read count only where they add up to the total as read: a subtotal taken for the net amount is a misreading, no mismatch. */
function addsUp({ seen: { header } }: Visible): boolean {
  const [net, tax, gross] = [header.netTotal?.value, header.taxTotal?.value, header.grossTotal?.value];
  if (net === undefined || tax === undefined || gross === undefined) return false;
  return near(add(net, tax), gross, '0.01');
}

/** What the page says instead, where it clearly says so. */
function differing(extraction: Extraction, visible: Visible, field: Compared): ReadCell | undefined {
  const xml = extraction.header[field];
  const seen = visible.seen.header[field];
  if (xml === undefined || seen === undefined || seen.confidence < SURE[field]) return undefined;
  if (sameValue(field, xml.value, seen.value)) return undefined;
  const otherwise = field === 'grossTotal' && isOtherAmount(visible, xml.value);
  if (!otherwise && isPrinted(visible, field, xml.value)) return undefined;
  return (field === 'netTotal' || field === 'taxTotal') && !addsUp(visible) ? undefined : seen;
}

/** `looked`: what was seen on these pages, where the caller has looked already; pages that were OCRed are looked past. */
export function compareWithPage(
  extraction: Extraction,
  pages: readonly PageReading[],
  looked?: Visible,
): ReadingNote[] {
  const worded = pages.filter((page) => page.words.length > 0);
  const printed = worded.filter((page) => page.source === 'text');
  if (printed.length === 0) return [];
  const visible = looked !== undefined && printed.length === worded.length ? looked : lookAt(printed);
  return COMPARED.flatMap((field: HeaderField & Compared) => {
    const seen = differing(extraction, visible, field);
    const xml = extraction.header[field];
    if (seen === undefined || xml === undefined) return [];
    return [
      {
        code: 'XML_PAGE_MISMATCH',
        ...(seen.page !== undefined && { page: seen.page }),
        params: { field, xml: xml.value, page: seen.value },
      },
    ];
  });
}
