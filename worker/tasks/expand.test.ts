import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import run from '../index.ts';
import { msgFile } from '../archive/msg-file.ts';
import { createFolder, letterPdf, type Folder } from '../testing.ts';

let folder: Folder;
let pdf: Uint8Array;
beforeAll(async () => {
  folder = await createFolder();
  pdf = await letterPdf();
});
afterAll(() => folder.remove());

async function expand(name: string, bytes: Uint8Array) {
  const path = await folder.write(name, bytes);
  return (await run({ name: 'expand', input: { path, name, outDir: join(folder.path, 'out') } })) as {
    kind: string;
    reason?: string;
    detail?: string;
    members: { name: string; sha256: string; path: string }[];
    skipped: { name: string; reason: string }[];
  };
}

const eml = (...parts: string[]): Uint8Array =>
  strToU8(
    [
      'From: a@example.org',
      'Subject: Invoice',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=B',
      '',
      ...parts.map((part) => `--B\r\n${part}`),
      '--B--',
      '',
    ].join('\r\n'),
  );
const part = (headers: string, bytes: Uint8Array): string =>
  `${headers}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(bytes).toString('base64')}`;

describe('expand', () => {
  it('stores members under their hash whatever their names say', async () => {
    const got = await expand('slip.zip', zipSync({ '../../x.pdf': pdf, 'C:\\y.pdf': pdf }));
    expect(got.kind).toBe('expanded');
    expect(got.members.map(({ name }) => name)).toEqual(['../../x.pdf', 'C:\\y.pdf']);
    for (const member of got.members) {
      expect(member.path).toBe(join(folder.path, 'out', member.sha256));
      expect(new Uint8Array(await readFile(member.path))).toEqual(pdf);
    }
  });

  it('opens containers in containers and names the way', async () => {
    const inner = zipSync({ 'invoice.pdf': pdf });
    const got = await expand(
      'outer.zip',
      zipSync({
        'mail.eml': eml(part('Content-Disposition: attachment; filename=scan.zip', inner)),
        'note.txt': strToU8(''),
      }),
    );
    expect(got.members.map(({ name }) => name)).toEqual(['mail.eml/scan.zip/invoice.pdf']);
    expect(got.skipped).toEqual([{ name: 'note.txt', reason: 'empty' }]);
  });

  it('leaves out what mails carry besides documents, and says so', async () => {
    const logo = new Uint8Array(500).fill(7);
    const got = await expand(
      'mail.eml',
      eml(
        'Content-Type: text/html\r\n\r\n<img src="cid:l">',
        part('Content-Type: image/png; name=logo.png\r\nContent-Disposition: inline\r\nContent-ID: <l>', logo),
        part('Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Disposition: attachment', logo),
        part('Content-Type: application/pdf; name=invoice.pdf\r\nContent-Disposition: attachment', pdf),
      ),
    );
    expect(got.members.map(({ name }) => name)).toEqual(['invoice.pdf']);
    expect(got.skipped).toEqual([
      { name: 'logo.png', reason: 'inline-image' },
      { name: 'smime.p7s', reason: 'signature' },
    ]);
  });

  it('keeps a photo that was pasted into the text of a mail', async () => {
    const photo = new Uint8Array(200_000).fill(7);
    const got = await expand(
      'photo.eml',
      eml(part('Content-Type: image/jpeg; name=photo.jpg\r\nContent-Disposition: inline', photo)),
    );
    expect(got.members).toHaveLength(1);
  });

  it('reads attachments of Outlook messages', async () => {
    const message = msgFile('Invoice', [
      { name: 'Rechnung Äpfel.pdf', bytes: pdf },
      { name: 'image001.png', bytes: new Uint8Array(300), mime: 'image/png', hidden: true },
    ]);
    const path = await folder.write('message.msg', message);
    expect(await run({ name: 'inspect', input: { path, name: 'message.msg' } })).toMatchObject({ type: 'mail' });
    const got = await expand('message.msg', message);
    expect(got.members.map(({ name }) => name)).toEqual(['Rechnung Äpfel.pdf']);
    expect(got.skipped).toEqual([{ name: 'image001.png', reason: 'inline-image' }]);
    expect(new Uint8Array(await readFile(got.members[0]?.path ?? ''))).toEqual(pdf);
  });

  it('names the reason where nothing comes out', async () => {
    expect(await expand('none.eml', eml('Content-Type: text/plain\r\n\r\nHello'))).toMatchObject({
      reason: 'no-pages',
    });
  });

  it('stops an entry that is larger than the directory says', async () => {
    const zip = Buffer.from(zipSync({ 'a.pdf': new Uint8Array(300_000) }));
    zip.writeUInt32LE(1_000, zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    expect(await expand('lying.zip', new Uint8Array(zip))).toMatchObject({ reason: 'archive-bomb' });
  });
});
