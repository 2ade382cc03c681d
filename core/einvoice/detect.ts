/** Which e-invoice a tree is: by namespace and root element, never by file name. Formats that are known and not mapped get their name. */
import type { TermNode } from '../contract/reading.ts';
import { nameParts } from './names.ts';
import type { Syntax } from './terms.ts';

export type Detected =
  /** `root`: the invoice itself, inside a Standard Business Document where it is wrapped in one. */
  | { kind: 'einvoice'; syntax: Syntax; root: TermNode }
  | { kind: 'unsupported-einvoice'; format: string }
  | { kind: 'not-an-invoice'; root: string };

interface Known {
  readonly root: RegExp;
  readonly namespace: RegExp;
  readonly format: string;
}

const SUPPORTED: readonly { namespace: RegExp; root: string; syntax: Syntax }[] = [
  { namespace: /^urn:oasis:names:specification:ubl:schema:xsd:Invoice-2$/, root: 'Invoice', syntax: 'UBL' },
  { namespace: /^urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2$/, root: 'CreditNote', syntax: 'UBL' },
  {
    namespace: /^urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:\d+$/,
    root: 'CrossIndustryInvoice',
    syntax: 'CII',
  },
  {
    namespace: /^urn:ferd:CrossIndustryDocument:invoice:1p0/,
    root: 'CrossIndustryDocument',
    syntax: 'ZUGFeRD 1.0',
  },
];

const UNSUPPORTED: readonly Known[] = [
  { root: /^FatturaElettronica/, namespace: /./, format: 'FatturaPA (Italy)' },
  { root: /^Facturae$/, namespace: /facturae/i, format: 'Facturae (Spain)' },
  { root: /^Invoice$/, namespace: /ebinterface/i, format: 'ebInterface (Austria)' },
  { root: /^Faktura$/, namespace: /crd\.gov\.pl/i, format: 'KSeF FA (Poland)' },
  {
    root: /^(CrossIndustryDocument|CrossIndustryInvoice|Invoice)$/,
    namespace: /CBFBUY|ferd|uncefact/i,
    format: 'a ZUGFeRD draft before version 1.0',
  },
  { root: /^(Basic)?Invoice$/, namespace: /sfti|ubl:Invoice:1/i, format: 'Svefaktura / UBL 1.0' },
  { root: /^Finvoice$/, namespace: /(?:)/, format: 'Finvoice (Finland)' },
  { root: /^INVOICE$/, namespace: /opentrans/i, format: 'openTRANS' },
  { root: /^INVOIC\d*$|^EDIFACT|^Interchange$/i, namespace: /(?:)/, format: 'UN/EDIFACT INVOIC as XML' },
  { root: /^cXML$/, namespace: /(?:)/, format: 'cXML' },
  { root: /^Invoice$/, namespace: /isdoc/i, format: 'ISDOC (Czechia)' },
  { root: /^InvoiceData$/, namespace: /nav\.gov\.hu/i, format: 'NAV Online Számla (Hungary)' },
  { root: /^Comprobante$/, namespace: /sat\.gob\.mx/i, format: 'CFDI (Mexico)' },
  { root: /^(nfeProc|NFe)$/, namespace: /portalfiscal/i, format: 'NF-e (Brazil)' },
  { root: /^Invoice|^invoiceMessage$/, namespace: /gs1/i, format: 'GS1 XML' },
];

const WRAPPER = 'StandardBusinessDocument';

export function detect(tree: TermNode): Detected {
  const { uri, local } = nameParts(tree.name);
  const supported = SUPPORTED.find((s) => s.root === local && s.namespace.test(uri));
  if (supported) return { kind: 'einvoice', syntax: supported.syntax, root: tree };
  if (local === WRAPPER) {
    const inner = (tree.children ?? []).find((c) => !nameParts(c.name).local.endsWith('Header') && c.name !== '#text');
    if (inner) return detect(inner);
  }
  const known = UNSUPPORTED.find((u) => u.root.test(local) && u.namespace.test(uri));
  return known
    ? { kind: 'unsupported-einvoice', format: known.format }
    : { kind: 'not-an-invoice', root: uri === '' ? local : `${local} (${uri})` };
}

const ascii = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ' ';
  return text;
};

/** Formats that are no XML at all: EDIFACT messages, and an Italian invoice inside its CAdES signature (.p7m). */
export function detectBytes(bytes: Uint8Array): string | undefined {
  const head = ascii(bytes.subarray(0, 4096));
  if (/^\s*(UNA.{6}\s*)?UNB\+/.test(head)) return 'UN/EDIFACT';
  if (bytes[0] === 0x30 && /FatturaElettronica/.test(head)) return 'FatturaPA (Italy) in a signed envelope (.p7m)';
  return undefined;
}
