/** XML and everything that only looks like text: entities, depth, foreign invoices, polyglots, noise. */
import { bytesOf, noise, reads, refused, type HostileFile } from './case.ts';
import { joined } from './pdfs.ts';

const NUMBER = 'UB-5521';
const UBL = 'urn:oasis:names:specification:ubl:schema:xsd';

const invoice = (note = 'Thank you'): string => `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="${UBL}:Invoice-2" xmlns:cac="${UBL}:CommonAggregateComponents-2" xmlns:cbc="${UBL}:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>${NUMBER}</cbc:ID><cbc:IssueDate>2024-03-18</cbc:IssueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:Note>${note}</cbc:Note><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Brockmann &amp; Falk</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">59.70</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">71.04</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">71.04</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">3</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">59.70</cbc:LineExtensionAmount><cac:Item><cbc:Name>torque wrench</cbc:Name></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">19.90</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>`;

const utf16 = (text: string): Uint8Array =>
  joined(Uint8Array.from([0xff, 0xfe]), Buffer.from(text.replace('UTF-8', 'UTF-16'), 'utf16le'));

function laughs(): string {
  const levels = Array.from({ length: 12 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  return invoice('&l12;').replace('<Invoice', `<!DOCTYPE Invoice [<!ENTITY l0 "ha">${levels}]><Invoice`);
}

const foreign = (root: string, namespace: string): Uint8Array =>
  bytesOf(`<?xml version="1.0"?><n:${root} xmlns:n="${namespace}"><n:Total>71.04</n:Total></n:${root}>`);

const FATTURA = 'http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2';
/** Start of a CMS SignedData: what a .p7m begins with. */
const SIGNED = Uint8Array.from([
  0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x80,
]);

const deep = (levels: number): string => `<a>`.repeat(levels) + `</a>`.repeat(levels);

export function textFiles(): HostileFile[] {
  const combining = `a${'\u0301\u0328'.repeat(2_500_000)}`;
  const text = { text: NUMBER };
  return [
    { file: 'xml-named.txt', bytes: bytesOf(invoice()), expected: reads('xml', { pages: 1, ...text }) },
    { file: 'utf-16.xml', bytes: utf16(invoice()), expected: reads('xml', text) },
    { file: 'wrapped.xml', bytes: bytesOf(wrapped()), expected: reads('xml', text) },
    {
      file: 'script-in-name.xml',
      bytes: bytesOf(invoice('&lt;script&gt;alert(1)&lt;/script&gt; =cmd|x')),
      expected: reads('xml', text),
    },
    { file: 'billion-laughs.xml', bytes: bytesOf(laughs()), expected: refused('xml-forbidden') },
    {
      file: 'external-entity.xml',
      bytes: bytesOf(
        invoice('&x;').replace('<Invoice', '<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice'),
      ),
      expected: refused('xml-forbidden'),
    },
    { file: 'unknown-entity.xml', bytes: bytesOf(invoice('&x;')), expected: refused('corrupt') },
    { file: 'deep-100.xml', bytes: bytesOf(deep(100)), expected: refused('xml-forbidden') },
    { file: 'deep-200000.xml', bytes: bytesOf(deep(200_000)), expected: refused('xml-forbidden') },
    { file: 'cut.xml', bytes: bytesOf(invoice().slice(0, 900)), expected: refused('truncated') },
    { file: 'combining.xml', bytes: bytesOf(invoice(combining)), expected: reads('xml', text) },
    { file: 'combining.txt', bytes: bytesOf(combining), expected: refused('unsupported') },
    {
      file: 'other.xml',
      bytes: bytesOf('<?xml version="1.0"?><rss version="2.0"/>'),
      expected: refused('not-an-invoice-xml'),
    },
    { file: 'fatturapa.xml', bytes: foreign('FatturaElettronica', FATTURA), expected: refused('unsupported-einvoice') },
    {
      file: 'fatturapa.xml.p7m',
      bytes: joined(SIGNED, foreign('FatturaElettronica', FATTURA), noise(9, 300)),
      expected: refused('unsupported-einvoice'),
    },
    {
      file: 'facturae.xml',
      bytes: foreign('Facturae', 'http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml'),
      expected: refused('unsupported-einvoice'),
    },
    {
      file: 'ebinterface.xml',
      bytes: foreign('Invoice', 'http://www.ebinterface.at/schema/6p1/'),
      expected: refused('unsupported-einvoice'),
    },
    {
      file: 'ksef.xml',
      bytes: foreign('Faktura', 'http://crd.gov.pl/wzor/2023/06/29/12648/'),
      expected: refused('unsupported-einvoice'),
    },
    {
      file: 'picture.svg',
      bytes: bytesOf('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      expected: refused('unsupported'),
    },
    {
      file: 'svg-named.png',
      bytes: bytesOf('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      expected: refused('unsupported'),
    },
    {
      file: 'page-named.pdf',
      bytes: bytesOf('<!doctype html><html><script>alert(1)</script></html>'),
      expected: refused('unsupported'),
    },
    {
      file: 'html-with-pdf-header.pdf',
      bytes: bytesOf('<html><!-- %PDF-1.7 --><script>alert(1)</script></html>'),
      expected: refused('truncated'),
    },
    { file: 'noise.pdf', bytes: noise(1, 100_000), expected: refused('unsupported') },
    { file: 'zeros.pdf', bytes: new Uint8Array(100_000), expected: refused('unsupported') },
    { file: 'program.pdf', bytes: joined(bytesOf('MZ'), noise(4, 10_000)), expected: refused('unsupported') },
    { file: 'letter.txt', bytes: bytesOf('Dear all,\nplease pay.\n'), expected: refused('unsupported') },
    {
      file: 'too-large.pdf',
      bytes: joined(bytesOf('%PDF-1.7\n'), new Uint8Array(51 * 1024 * 1024)),
      expected: refused('too-large'),
    },
  ];
}

const wrapped = (): string =>
  `<?xml version="1.0"?><StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>${invoice().replace(/^<\?xml[^>]*\?>\s*/, '')}</StandardBusinessDocument>`;
