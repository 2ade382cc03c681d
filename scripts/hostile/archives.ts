/** Archives and mails: bombs, traps in names, nests, floods. */
import { zipSync } from 'fflate';
import { deflateRawSync } from 'node:zlib';
import { bytesOf, expands, noise, refused, type HostileFile } from './case.ts';
import { invoicePdf, joined } from './pdfs.ts';

const zip = (files: Record<string, Uint8Array>): Uint8Array =>
  zipSync(files, { mtime: new Date('2024-01-01'), level: 6 });

const many = (count: number): Record<string, Uint8Array> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.txt`, bytesOf(`note ${i}`)]));

export async function archiveFiles(): Promise<HostileFile[]> {
  const pdf = await (await invoicePdf()).save();
  return [
    { file: 'plain.zip', bytes: zip({ 'a/invoice.pdf': pdf, 'b/second.pdf': pdf }), expected: expands(2) },
    { file: 'zip-named.pdf', bytes: zip({ 'invoice.pdf': pdf }), expected: expands(1) },
    { file: 'bomb.zip', bytes: zip({ 'zeros.pdf': new Uint8Array(45_000_000) }), expected: refused('archive-bomb') },
    { file: 'overlapping-bomb.zip', bytes: overlapping(200), expected: refused('archive-bomb') },
    { file: 'lying-sizes.zip', bytes: lyingSizes(), expected: refused('archive-bomb') },
    { file: 'nested.zip', bytes: nested(pdf, 8), expected: refused('archive-bomb') },
    { file: 'nested-twice.zip', bytes: nested(pdf, 2), expected: expands(1) },
    {
      file: 'slip.zip',
      bytes: zip({ '../../../../tmp/owned.pdf': pdf, 'C:\\Windows\\x.pdf': pdf, 'CON\0.pdf': pdf }),
      expected: expands(3),
    },
    { file: 'flood.zip', bytes: zip(many(1_500)), expected: refused('archive-bomb') },
    { file: 'password.zip', bytes: locked(zip({ 'invoice.pdf': pdf })), expected: refused('encrypted') },
    { file: 'empty.zip', bytes: zip({}), expected: refused('no-pages') },
    { file: 'cut.zip', bytes: zip({ 'invoice.pdf': pdf }).slice(0, 400), expected: refused('truncated') },
    {
      file: 'report.docx',
      bytes: zip({ '[Content_Types].xml': bytesOf('<Types/>'), 'word/document.xml': bytesOf('<a/>') }),
      expected: refused('unsupported'),
    },
    {
      file: 'attachments-1000.eml',
      bytes: mail(Array.from({ length: 1_000 }, (_, i) => attachment(`${i}.pdf`, pdf))),
      expected: expands(1_000),
    },
    {
      file: 'attachments-1200.eml',
      bytes: mail(Array.from({ length: 1_200 }, (_, i) => attachment(`${i}.bin`, bytesOf('x')))),
      expected: refused('archive-bomb'),
    },
    { file: 'no-attachment.eml', bytes: mail([]), expected: refused('no-pages') },
    { file: 'logo-only.eml', bytes: mail([logo()]), expected: refused('no-pages') },
    {
      file: 'invoice-and-logo.eml',
      bytes: mail([logo(), attachment('Rechnung\u202efdp.exe', pdf)]),
      expected: expands(1),
    },
    {
      file: 'zip-in-mail.eml',
      bytes: mail([attachment('scan.zip', zip({ 'a.pdf': pdf, 'b.pdf': pdf }), 'application/zip')]),
      expected: expands(2),
    },
    { file: 'mail-named.pdf', bytes: mail([attachment('a.pdf', pdf)]), expected: expands(1) },
    {
      file: 'noise.msg',
      bytes: joined(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), noise(5, 8_000)),
      expected: refused('corrupt'),
    },
  ];
}

function nested(pdf: Uint8Array, depth: number): Uint8Array {
  let inner = zip({ 'invoice.pdf': pdf });
  for (let i = 1; i < depth; i += 1) inner = zip({ [`level-${i}.zip`]: inner });
  return inner;
}

/** One packed stream, named by many directory entries. */
function overlapping(count: number): Uint8Array {
  const packed = deflateRawSync(Buffer.alloc(10_000_000));
  return written(packed, 10_000_000, count);
}

/** The directory says 1,000 bytes; 20 million come out. */
const lyingSizes = (): Uint8Array => written(deflateRawSync(Buffer.alloc(20_000_000)), 1_000, 1);

function written(packed: Uint8Array, size: number, count: number): Uint8Array {
  const name = bytesOf('a.pdf');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  const directory = Array.from({ length: count }, () => joined(central, name));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(count * (46 + name.length), 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return joined(local, name, packed, ...directory, end);
}

/** Sets the encryption flag in both headers: the data need not be real to be refused. */
function locked(archive: Uint8Array): Uint8Array {
  const out = Buffer.from(archive);
  for (let at = 0; at < out.length - 4; at += 1) {
    const signature = out.readUInt32LE(at);
    if (signature === 0x04034b50) out.writeUInt16LE(out.readUInt16LE(at + 6) | 1, at + 6);
    if (signature === 0x02014b50) out.writeUInt16LE(out.readUInt16LE(at + 8) | 1, at + 8);
  }
  return new Uint8Array(out);
}

function mail(parts: readonly string[]): Uint8Array {
  return bytesOf(
    [
      'From: billing@brockmann-falk.example',
      'To: invoices@station.example',
      'Subject: =?utf-8?q?Your_invoice?=',
      'Date: Mon, 18 Mar 2024 10:00:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="BB"',
      '',
      '--BB',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Please find our invoice attached.</p><img src="cid:logo@x">',
      ...parts.map((part) => `--BB\r\n${part}`),
      '--BB--',
      '',
    ].join('\r\n'),
  );
}

const attachment = (name: string, bytes: Uint8Array, type = 'application/octet-stream'): string =>
  [
    `Content-Type: ${type}`,
    `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(bytes)
      .toString('base64')
      .replaceAll(/(.{76})/g, '$1\r\n'),
  ].join('\r\n');

const logo = (): string =>
  [
    'Content-Type: image/png; name="logo.png"',
    'Content-Disposition: inline; filename="logo.png"',
    'Content-ID: <logo@x>',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(noise(2, 900)).toString('base64'),
  ].join('\r\n');
