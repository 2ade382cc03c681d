/** PDFs: broken, cut, locked, huge, looping, with scripts and cargo. */
import { PDFDocument, PDFName, PDFString, StandardFonts } from '@cantoo/pdf-lib';
import { deflateSync } from 'node:zlib';
import { bytesOf, noise, reads, refused, type HostileFile } from './case.ts';

export const NUMBER = 'QX-20417';

const LINES = [
  'Brockmann & Falk Werkzeuge GmbH',
  'Am Alten Speicher 7, 23552 Hansestadt',
  'INVOICE',
  `Invoice number ${NUMBER}`,
  'Date 2024-03-18',
  '3 torque wrench 19.90 59.70',
  'Net total 59.70',
  'VAT 19% 11.34',
  'Total due EUR 71.04',
];

export async function invoicePdf(
  pages = 1,
  change?: (document: PDFDocument) => Promise<void> | void,
): Promise<PDFDocument> {
  const document = await PDFDocument.create();
  document.setCreationDate(new Date(0));
  document.setModificationDate(new Date(0));
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (let page = 1; page <= pages; page += 1) {
    const sheet = document.addPage([595, 842]);
    for (const [i, line] of LINES.entries()) sheet.drawText(line, { x: 60, y: 780 - 24 * i, size: 12, font });
    sheet.drawText(`Page ${page} of ${pages}`, { x: 60, y: 40, size: 9, font });
  }
  await change?.(document);
  return document;
}

const save = async (document: PDFDocument): Promise<Uint8Array> => document.save({ useObjectStreams: false });

export async function pdfFiles(): Promise<HostileFile[]> {
  const plain = await save(await invoicePdf(3));
  const text = { text: NUMBER };
  return [
    { file: 'plain.pdf', bytes: plain, expected: reads('pdf', { pages: 3, ...text }) },
    { file: 'empty.pdf', bytes: new Uint8Array(0), expected: refused('empty') },
    ...cuts(plain),
    ...(await locked()),
    ...handMade(),
    ...(await withCargo()),
    { file: 'pages-600.pdf', bytes: await save(await invoicePdf(600)), expected: refused('too-many-pages') },
    { file: 'broken-xref.pdf', bytes: brokenXref(plain), expected: reads('pdf', { pages: 3, ...text }) },
    { file: 'junk-before-header.pdf', bytes: joined(bytesOf('\r\n\r\n#!junk\n'), plain), expected: reads('pdf', text) },
    { file: 'pdf-named.png', bytes: plain, expected: reads('pdf', text) },
    {
      file: 'header-and-noise.pdf',
      bytes: joined(bytesOf('%PDF-1.7\n'), noise(7, 40_000)),
      expected: refused('truncated'),
    },
    {
      file: 'noise-to-the-end.pdf',
      bytes: joined(bytesOf('%PDF-1.7\n'), noise(8, 40_000), bytesOf('\nstartxref\n9\n%%EOF\n')),
      expected: refused('corrupt'),
    },
  ];
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A PDF names its root at its end: without it no reader finds the pages; without the last line alone every reader does. */
function cuts(plain: Uint8Array): HostileFile[] {
  const at = (share: number): Uint8Array => plain.slice(0, Math.floor(plain.length * share));
  return [
    { file: 'cut-0020-bytes.pdf', bytes: plain.slice(0, 20), expected: refused('truncated') },
    { file: 'cut-10-percent.pdf', bytes: at(0.1), expected: refused('truncated') },
    { file: 'cut-50-percent.pdf', bytes: at(0.5), expected: refused('truncated') },
    { file: 'cut-95-percent.pdf', bytes: at(0.95), expected: refused('truncated') },
    { file: 'cut-end-mark.pdf', bytes: plain.slice(0, -8), expected: reads('pdf', { text: NUMBER }) },
  ];
}

async function locked(): Promise<HostileFile[]> {
  const reading = await invoicePdf();
  reading.encrypt({ userPassword: 'open sesame', ownerPassword: 'owner' });
  const printing = await invoicePdf();
  printing.encrypt({ userPassword: '', ownerPassword: 'owner', permissions: { printing: false } });
  return [
    { file: 'password.pdf', bytes: await save(reading), expected: refused('encrypted') },
    // Only rights are restricted: everyone may open it.
    { file: 'owner-password.pdf', bytes: await save(printing), expected: reads('pdf', { text: NUMBER }) },
  ];
}

function brokenXref(plain: Uint8Array): Uint8Array {
  const text = Buffer.from(plain).toString('latin1');
  const broken = text.replace(/startxref\s+\d+/, 'startxref\n123').replace(/^(\d{10}) (\d{5}) n/gm, '0000000017 $2 n');
  return new Uint8Array(Buffer.from(broken, 'latin1'));
}

/** Objects written by hand, with a correct cross-reference table. */
function byHand(objects: readonly (string | Uint8Array)[]): Uint8Array {
  const parts: Uint8Array[] = [bytesOf('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (part: Uint8Array): void => {
    parts.push(part);
    length += part.length;
  };
  for (const [i, object] of objects.entries()) {
    offsets.push(length);
    add(bytesOf(`${i + 1} 0 obj\n`));
    add(typeof object === 'string' ? bytesOf(object) : object);
    add(bytesOf('\nendobj\n'));
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  add(
    bytesOf(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return joined(...parts);
}

const stream = (entries: string, data: Uint8Array): Uint8Array =>
  joined(bytesOf(`<< ${entries} /Length ${data.length} >>\nstream\n`), data, bytesOf('\nendstream'));

const CATALOG = '<< /Type /Catalog /Pages 2 0 R >>';
const ONE_PAGE = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const page = (box: string, more = ''): string =>
  `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> ${more} >> >>`;
const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
const words = (size: number): Uint8Array =>
  stream('', bytesOf(`BT /F ${size} Tf 60 ${size * 5} Td (Invoice number ${NUMBER} total due EUR 71.04) Tj ET`));

function handMade(): HostileFile[] {
  const picture = (entries: string, data: Uint8Array): Uint8Array =>
    byHand([
      CATALOG,
      ONE_PAGE,
      page('0 0 595 842', '/XObject << /I 6 0 R >>'),
      stream('', bytesOf('q 595 0 0 842 0 0 cm /I Do Q')),
      FONT,
      stream(`/Type /XObject /Subtype /Image /ColorSpace /DeviceGray ${entries}`, data),
    ]);
  return [
    {
      file: 'no-pages.pdf',
      bytes: byHand([CATALOG, '<< /Type /Pages /Kids [] /Count 0 >>']),
      expected: refused('no-pages'),
    },
    {
      file: 'circular-page-tree.pdf',
      bytes: byHand([CATALOG, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']),
      expected: refused('corrupt'),
    },
    {
      file: 'count-lies.pdf',
      bytes: byHand([CATALOG, '<< /Type /Pages /Kids [3 0 R] /Count 400 >>', page('0 0 595 842'), words(14), FONT]),
      expected: reads('pdf', { text: NUMBER }),
    },
    {
      file: 'huge-mediabox.pdf',
      bytes: byHand([CATALOG, ONE_PAGE, page('0 0 2000000 2000000'), words(50_000), FONT]),
      expected: reads('pdf', { text: NUMBER }),
    },
    {
      file: 'zero-mediabox.pdf',
      bytes: byHand([CATALOG, ONE_PAGE, page('0 0 0 0'), words(14), FONT]),
      expected: reads('pdf', { pages: 1 }),
    },
    {
      file: 'form-draws-itself.pdf',
      bytes: byHand([
        CATALOG,
        ONE_PAGE,
        page('0 0 595 842', '/XObject << /X 6 0 R >>'),
        stream('', bytesOf(`BT /F 14 Tf 60 700 Td (Invoice number ${NUMBER} total due EUR 71.04) Tj ET /X Do`)),
        FONT,
        stream(
          '/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> >>',
          bytesOf('/X Do /X Do'),
        ),
      ]),
      expected: reads('pdf', { text: NUMBER }),
    },
    {
      file: 'content-bomb.pdf',
      bytes: byHand([
        CATALOG,
        ONE_PAGE,
        page('0 0 595 842'),
        stream('/Filter /FlateDecode', deflateSync(Buffer.alloc(60_000_000, 'q '))),
        FONT,
      ]),
      expected: refused('archive-bomb'),
    },
    {
      file: 'picture-bomb.pdf',
      bytes: picture(
        '/Width 30000 /Height 30000 /BitsPerComponent 1 /Filter /FlateDecode',
        deflateSync(Buffer.alloc(3_750 * 30_000)),
      ),
      expected: reads('pdf', { pages: 1 }),
    },
    ...['JPXDecode', 'JBIG2Decode', 'CCITTFaxDecode', 'DCTDecode'].map((filter, i) => ({
      file: `corrupt-${filter.toLowerCase()}.pdf`,
      bytes: picture(`/Width 1200 /Height 1600 /BitsPerComponent 1 /Filter /${filter}`, noise(20 + i, 30_000)),
      expected: reads('pdf', { pages: 1 }),
    })),
  ];
}

const make = async (change: (document: PDFDocument) => Promise<void> | void): Promise<Uint8Array> =>
  save(await invoicePdf(1, change));

const action =
  (entries: Record<string, string | PDFString>) =>
  (document: PDFDocument): void =>
    document.catalog.set(PDFName.of('OpenAction'), document.context.obj({ Type: 'Action', ...entries }));

async function withCargo(): Promise<HostileFile[]> {
  const exe = joined(bytesOf('MZ'), noise(3, 5_000));
  const script = PDFString.of('app.launchURL("http://127.0.0.1:9/"); while (true) {}');
  const xml = bytesOf(
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><CrossIndustryInvoice>&a;</CrossIndustryInvoice>',
  );
  const expected = reads('pdf', { pages: 1, text: NUMBER });
  return [
    { file: 'open-action-script.pdf', bytes: await make(action({ S: 'JavaScript', JS: script })), expected },
    {
      file: 'open-action-launch.pdf',
      bytes: await make(action({ S: 'Launch', F: PDFString.of('/bin/sh') })),
      expected,
    },
    {
      file: 'open-action-uri.pdf',
      bytes: await make(action({ S: 'URI', URI: PDFString.of('http://169.254.169.254/') })),
      expected,
    },
    { file: 'embedded-exe.pdf', bytes: await make((document) => document.attach(exe, 'invoice.pdf.exe')), expected },
    {
      file: 'embedded-xml-with-dtd.pdf',
      bytes: await make((document) => document.attach(xml, 'factur-x.xml')),
      expected,
    },
  ];
}
