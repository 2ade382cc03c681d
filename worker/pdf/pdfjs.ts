/** pdf.js without a browser: text runs and embedded files. Fonts, character maps and decoders come from the package on disk; nothing is fetched. */
import type * as PdfjsModule from 'pdfjs-dist/legacy/build/pdf.mjs';
import { packageFolder } from '../packages.ts';
import { fieldRuns } from './form-fields.ts';
import { messageOf, UnreadableError } from '../unreadable.ts';

export interface TextRun {
  readonly text: string;
  /** Start of the baseline on the displayed page, in points, origin top left. */
  readonly x: number;
  readonly y: number;
  /** Unit vector along the baseline. */
  readonly dx: number;
  readonly dy: number;
  readonly length: number;
  readonly size: number;
  /** All characters are equally wide. */
  readonly mono: boolean;
  /** Of the font, in parts of `size`; descent is negative. */
  readonly ascent: number;
  readonly descent: number;
}

export interface PdfText {
  readonly width: number;
  readonly height: number;
  readonly runs: readonly TextRun[];
}

export interface Attachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface PdfjsDocument {
  readonly pages: number;
  text(page: number): Promise<PdfText>;
  attachments(): Promise<Attachment[]>;
  close(): Promise<void>;
}

/** Has no types of its own, hence no literal in the import. */
const WORKER_CODE: string = 'pdfjs-dist/legacy/build/pdf.worker.mjs';
type Pdfjs = typeof PdfjsModule;
let loading: Promise<Pdfjs> | undefined;

async function load(): Promise<Pdfjs> {
  // With its worker code in this thread pdf.js starts no worker of its own: the thread is already the one that can be killed.
  loading ??= Promise.all([import('pdfjs-dist/legacy/build/pdf.mjs'), import(WORKER_CODE) as Promise<unknown>]).then(
    ([pdfjs, worker]) => {
      (globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = worker;
      return pdfjs;
    },
  );
  return loading;
}

export async function openPdfjs(bytes: Uint8Array): Promise<PdfjsDocument> {
  const pdfjs = await load();
  const folder = packageFolder('pdfjs-dist') ?? '';
  const task = pdfjs.getDocument({
    // pdf.js takes the buffer for itself.
    data: Uint8Array.from(bytes),
    cMapUrl: `${folder}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${folder}/standard_fonts/`,
    wasmUrl: `${folder}/wasm/`,
    iccUrl: `${folder}/iccs/`,
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  try {
    const document = await task.promise;
    return {
      pages: document.numPages,
      text: (page) => readText(document, page),
      attachments: () => readAttachments(document),
      close: () => task.destroy(),
    };
  } catch (error) {
    await task.destroy();
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') throw new UnreadableError('encrypted', 'the PDF asks for a password');
    throw new UnreadableError('corrupt', `pdf.js refuses the file: ${messageOf(error)}`);
  }
}

type Document = Awaited<ReturnType<Pdfjs['getDocument']>['promise']>;

async function readText(document: Document, number: number): Promise<PdfText> {
  const page = await document.getPage(number);
  try {
    const viewport = page.getViewport({ scale: 1 });
    const content = await page.getTextContent({ includeMarkedContent: false });
    const [a, b, c, d, e, f] = viewport.transform as [number, number, number, number, number, number];
    const scale = Math.hypot(a, b);
    const runs: TextRun[] = [];
    for (const item of content.items) {
      if (!('str' in item) || item.str === '') continue;
      const [ta, tb, tc, td, tx, ty] = item.transform as [number, number, number, number, number, number];
      const style = content.styles[item.fontName];
      const vertical = style?.vertical === true;
      const along: [number, number] = vertical ? [-tc, -td] : [ta, tb];
      const dx = along[0] * a + along[1] * c;
      const dy = along[0] * b + along[1] * d;
      const norm = Math.hypot(dx, dy);
      if (norm === 0 || !Number.isFinite(norm)) continue;
      runs.push({
        text: item.str,
        x: tx * a + ty * c + e,
        y: tx * b + ty * d + f,
        dx: dx / norm,
        dy: dy / norm,
        length: (vertical ? item.height : item.width) * scale,
        size: Math.hypot(tc * a + td * c, tc * b + td * d),
        mono: style?.fontFamily === 'monospace',
        ascent: sane(style?.ascent, 0.4, 1.2, 0.8),
        descent: sane(style?.descent, -0.6, 0, -0.2),
      });
    }
    runs.push(...fieldRuns(await page.getAnnotations(), viewport.transform, viewport.rotation));
    return { width: viewport.width, height: viewport.height, runs };
  } finally {
    page.cleanup();
  }
}

/** Fonts lie about their metrics. */
function sane(value: number | undefined, low: number, high: number, otherwise: number): number {
  return value !== undefined && value >= low && value <= high && value !== 0 ? value : otherwise;
}

async function readAttachments(document: Document): Promise<Attachment[]> {
  const found = (await document.getAttachments()) as Map<string, { filename?: string }> | null;
  if (found === null) return [];
  const attachments: Attachment[] = [];
  for (const [id, entry] of found) {
    const content: unknown = await document.getAttachmentContent(id);
    const bytes = content instanceof Uint8Array ? content : (content as { content?: unknown } | null)?.content;
    if (bytes instanceof Uint8Array) attachments.push({ name: entry.filename ?? id, bytes });
  }
  return attachments;
}
