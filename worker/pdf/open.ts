/** The last PDF a thread had open stays open: its pages come one by one as tasks of their own. */
import { readFile, stat } from 'node:fs/promises';
import { forgetPdfium, openPdfium, type PdfiumDocument } from './pdfium.ts';
import { openPdfjs, type PdfjsDocument } from './pdfjs.ts';

export interface OpenPdf {
  readonly bytes: Uint8Array;
  pdfjs(): Promise<PdfjsDocument>;
  pdfium(): Promise<PdfiumDocument>;
}

interface Held extends OpenPdf {
  readonly key: string;
  /** The engine aborted: its document is gone with its memory. */
  dropPdfium(): void;
  close(): Promise<void>;
}
let held: Held | undefined;

export async function openPdf(path: string): Promise<OpenPdf> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path} ${size} ${mtimeMs}`;
  if (held?.key === key) return held;
  await closePdf();
  const bytes = new Uint8Array(await readFile(path));
  let pdfjs: Promise<PdfjsDocument> | undefined;
  let pdfium: Promise<PdfiumDocument> | undefined;
  held = {
    key,
    bytes,
    pdfjs: () => (pdfjs ??= openPdfjs(bytes)),
    pdfium: () => (pdfium ??= openPdfium(bytes)),
    dropPdfium: () => {
      pdfium = undefined;
    },
    async close() {
      await Promise.allSettled([
        pdfjs?.then((document) => document.close()),
        pdfium?.then((document) => document.close()),
      ]);
    },
  };
  return held;
}

export async function closePdf(): Promise<void> {
  const last = held;
  held = undefined;
  await last?.close();
}

export function dropPdfium(): void {
  forgetPdfium();
  held?.dropPdfium();
}
