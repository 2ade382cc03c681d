/**
 * Names of elements and attributes in a TermNode tree: a fixed prefix per known namespace (the prefixes the official rules use), `{uri}local` for any
 * other, so that a name says the same whatever prefixes the file chose, and the tree can be written back as XML.
 */
const PREFIXES: Readonly<Record<string, string>> = {
  ubl: 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
  cn: 'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2',
  cac: 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  cbc: 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
  ext: 'urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2',
  rsm: 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
  ram: 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
  udt: 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100',
  qdt: 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100',
  zf: 'urn:ferd:CrossIndustryDocument:invoice:1p0',
  ram12: 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12',
  udt15: 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15',
  qdt12: 'urn:un:unece:uncefact:data:standard:QualifiedDataType:12',
  sbdh: 'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xml: 'http://www.w3.org/XML/1998/namespace',
};
const PREFIX_OF = new Map(Object.entries(PREFIXES).map(([prefix, uri]) => [uri, prefix]));

/** Name of a run of text that stands between elements (mixed content). */
export const TEXT_NODE = '#text';

export function qualifiedName(uri: string, local: string): string {
  if (uri === '') return local;
  const prefix = PREFIX_OF.get(uri);
  return prefix === undefined ? `{${uri}}${local}` : `${prefix}:${local}`;
}

export interface NameParts {
  /** '' where the name has no namespace. */
  readonly uri: string;
  /** Fixed prefix, where the namespace has one. */
  readonly prefix?: string;
  readonly local: string;
}

export function nameParts(name: string): NameParts {
  if (name.startsWith('{')) {
    const end = name.lastIndexOf('}');
    return { uri: name.slice(1, end), local: name.slice(end + 1) };
  }
  const colon = name.indexOf(':');
  if (colon < 0) return { uri: '', local: name };
  const prefix = name.slice(0, colon);
  return { uri: PREFIXES[prefix] ?? '', prefix, local: name.slice(colon + 1) };
}

export const localName = (name: string): string => nameParts(name).local;
