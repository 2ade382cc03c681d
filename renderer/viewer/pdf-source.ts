/** PDFs by pdf.js: parsed in one worker, drawn in another, so that the window stays free. No scripting, no links, no attachments, no XFA. */
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import rendererUrl from 'pdfjs-dist/legacy/build/pdf.renderer.min.mjs?url';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { boundedWidth } from './page-source.ts';
import type { PageSource } from './page-source.ts';

pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
// Not in the package's types yet: with it pages are drawn on an OffscreenCanvas in a thread of its own.
(pdfjs.GlobalWorkerOptions as unknown as { rendererSrc: string }).rendererSrc = rendererUrl;

/** Character maps, standard fonts and image decoders, each a file of the built program. */
const DATA: Readonly<Record<string, string>> = import.meta.glob(
  '../../node_modules/pdfjs-dist/{cmaps/*.bcmap,standard_fonts/*.{pfb,ttf},wasm/{jbig2,openjpeg,qcms_bg}.wasm}',
  { query: '?url&no-inline', import: 'default', eager: true },
);
const FOLDERS: Readonly<Record<string, string>> = {
  cMapUrl: 'cmaps',
  standardFontDataUrl: 'standard_fonts',
  wasmUrl: 'wasm',
};

export async function createPdfSource(
  bytes: Uint8Array,
  asset: (url: string) => Promise<Uint8Array>,
): Promise<PageSource> {
  /** pdf.js makes one with `new` and asks it for files by kind and name. */
  function DataFactory(): { fetch(file: { kind: string; filename: string }): Promise<Uint8Array> } {
    return {
      async fetch({ kind, filename }) {
        const url = DATA[`../../node_modules/pdfjs-dist/${FOLDERS[kind]}/${filename}`];
        if (url === undefined) throw new Error(`no such file: ${kind} ${filename}`);
        return asset(url);
      },
    };
  }
  const task = pdfjs.getDocument({
    data: bytes,
    BinaryDataFactory: DataFactory,
    useWorkerFetch: false,
    cMapUrl: 'cmaps/',
    standardFontDataUrl: 'standard_fonts/',
    wasmUrl: 'wasm/',
    enableXfa: false,
    // Fonts that a PDF does not carry come from the program's own files, so that a page looks alike everywhere.
    useSystemFonts: false,
    disableFontFace: false,
    maxImageSize: 60_000_000,
    verbosity: 0,
  });
  const pdf = await task.promise;

  return {
    pages: pdf.numPages,
    async size(number) {
      const { width, height } = (await pdf.getPage(number)).getViewport({ scale: 1 });
      return { width, height };
    },
    async draw(number, width, signal) {
      const page = await pdf.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const pixels = boundedWidth(natural, width);
      const viewport = page.getViewport({ scale: pixels / natural.width });
      const canvas = document.createElement('canvas');
      canvas.width = pixels;
      canvas.height = Math.max(1, Math.round(viewport.height));
      signal.throwIfAborted();
      const render = page.render({ canvas, viewport, annotationMode: pdfjs.AnnotationMode.ENABLE });
      const cancel = () => render.cancel();
      signal.addEventListener('abort', cancel);
      try {
        await render.promise;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
      return canvas;
    },
    destroy() {
      void task.destroy();
    },
  };
}
