/** Files around pages: multi-page TIFF, mail with an attachment, PDF with embedded XML. */
import { deflateSync } from 'node:zlib';
import { AFRelationship } from '@cantoo/pdf-lib';
import type { PDFDocument } from '@cantoo/pdf-lib';
import type { Picture } from './picture.ts';

/** Little-endian TIFF 6.0, one bit a pixel (0 = black), each page one Deflate strip. */
export function bilevelTiff(pages: readonly Picture[], dpi: number): Buffer {
  const chunks: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let offset = 8;
  let pointer = 4;
  const write = (bytes: Buffer): number => {
    const at = offset;
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    chunks.push(padded);
    offset += padded.length;
    return at;
  };
  const links: [at: number, value: number][] = [];
  for (const page of pages) {
    const strip = deflateSync(packed(page), { level: 9 });
    const data = write(strip);
    const resolution = write(rational(dpi));
    const directory = directoryOf(page, data, strip.length, resolution);
    const at = write(directory);
    links.push([pointer, at]);
    pointer = at + directory.length - 4;
  }
  const file = Buffer.concat(chunks);
  for (const [at, value] of links) file.writeUInt32LE(value, at);
  return file;
}

function packed({ width, height, data }: Picture): Buffer {
  const stride = Math.ceil(width / 8);
  const bits = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * stride + (x >> 3);
      if ((data[y * width + x] ?? 0) > 127) bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  return bits;
}

function rational(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32LE(1, 4);
  return bytes;
}

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

function directoryOf({ width, height }: Picture, data: number, length: number, resolution: number): Buffer {
  const entries: [tag: number, type: number, value: number][] = [
    [256, LONG, width],
    [257, LONG, height],
    [258, SHORT, 1],
    [259, SHORT, 8], // Deflate
    [262, SHORT, 1], // black is zero
    [273, LONG, data],
    [277, SHORT, 1],
    [278, LONG, height],
    [279, LONG, length],
    [282, RATIONAL, resolution],
    [283, RATIONAL, resolution],
    [296, SHORT, 2], // inch
  ];
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4);
  bytes.writeUInt16LE(entries.length, 0);
  for (const [index, [tag, type, value]] of entries.entries()) {
    const at = 2 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachment: { readonly name: string; readonly bytes: Uint8Array };
}

/** RFC 5322 with a MIME attachment. */
export function mail({ from, to, subject, text, attachment }: Mail): string {
  const boundary = 'sample-part-7f3a';
  const body = Buffer.from(attachment.bytes)
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\r\n');
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    'Date: Thu, 01 Oct 2026 06:02:11 +0000',
    'Message-ID: <20261001060211.72915@kestrel-cloud.example>',
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
    `--${boundary}`,
    `Content-Type: application/pdf; name="${attachment.name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${attachment.name}"`,
    '',
    body,
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

/** The XML goes along as an associated file, as ZUGFeRD 2 and Factur-X have it. */
export async function withXml(document: PDFDocument, xml: string): Promise<void> {
  const made = new Date(Date.UTC(2026, 0, 2, 8, 0, 0));
  await document.attach(new TextEncoder().encode(xml), 'factur-x.xml', {
    mimeType: 'text/xml',
    description: 'Factur-X/ZUGFeRD invoice',
    afRelationship: AFRelationship.Alternative,
    creationDate: made,
    modificationDate: made,
  });
}
