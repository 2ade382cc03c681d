import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../core/contract/intake.ts';
import run from '../index.ts';
import { bitmapOf, createFolder, letterPdf, pngOf, type Folder } from '../testing.ts';

let folder: Folder;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

async function inspect(name: string, bytes: Uint8Array): Promise<unknown> {
  return run({ name: 'inspect', input: { path: await folder.write(name, bytes), name } });
}
const reason = async (name: string, bytes: string): Promise<unknown> =>
  ((await inspect(name, Buffer.from(bytes))) as { reason?: string }).reason;
const pdfOf = async (pages: number): Promise<Uint8Array> => {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i += 1) document.addPage([100, 100]);
  return document.save();
};

describe('inspect', () => {
  it('goes by content, not by name', async () => {
    const pdf = await letterPdf();
    expect(await inspect('photo.png', pdf)).toEqual({
      kind: 'document',
      type: 'pdf',
      mime: 'application/pdf',
      pages: 1,
    });
    const png = await pngOf(await bitmapOf(pdf, 40));
    expect(await inspect('letter.pdf', png)).toMatchObject({ type: 'image', mime: 'image/png', pages: 1 });
  });

  it('keeps the page limit to the page', async () => {
    expect(await inspect('limit.pdf', await pdfOf(LIMITS.pages))).toMatchObject({ pages: LIMITS.pages });
    expect(await inspect('over.pdf', await pdfOf(LIMITS.pages + 1))).toMatchObject({ reason: 'too-many-pages' });
  });

  it('finds the e-invoice in a PDF whatever its attachment is called', async () => {
    const document = await PDFDocument.load(await letterPdf());
    const xml =
      '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"></rsm:CrossIndustryInvoice>';
    await document.attach(Buffer.from(xml), 'data.bin');
    expect(await inspect('zugferd.pdf', await document.save())).toMatchObject({ type: 'pdf', einvoice: 'CII' });
  });

  it('names the reason for what cannot be read', async () => {
    expect(await reason('a.pdf', '')).toBe('empty');
    expect(await reason('b.pdf', '%PDF-1.7\n1 0 obj')).toBe('truncated');
    expect(await reason('c.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toBe('xml-forbidden');
    expect(await reason('d.xml', '<a/>')).toBe('not-an-invoice-xml');
    expect(await reason('e.png', '<svg xmlns="http://www.w3.org/2000/svg"/>')).toBe('unsupported');
    expect(await reason('f.pdf', '<!doctype html><html></html>')).toBe('unsupported');
  });
});
