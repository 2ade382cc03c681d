/**
 * pdfium (WebAssembly): draws pages and tells how much of a page is covered by one image. Drives the module's C interface directly, since the
 * wrapper offers neither page boxes nor image bounds. Nothing here runs scripts: the build has no JavaScript engine.
 */
// oxlint-disable no-underscore-dangle -- the names that Emscripten gives to the exports of a C library
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { mayHoldCode } from '../codes/may-hold-code.ts';
import type { Rect } from '../image/geometry.ts';
import type { Grey } from '../image/grey.ts';
import { UnreadableError } from '../unreadable.ts';

/** The part of the C interface in use (public/fpdfview.h, fpdf_edit.h). */
interface Module {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(size: number): number; free(pointer: number): void } & Readonly<
    Record<string, unknown>
  >;
  _FPDF_LoadMemDocument(pointer: number, size: number, password: number): number;
  _FPDF_GetLastError(): number;
  _FPDF_GetPageCount(document: number): number;
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDF_CloseDocument(document: number): void;
  _FPDF_GetPageWidth(page: number): number;
  _FPDF_GetPageHeight(page: number): number;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFPageObj_GetBounds(object: number, left: number, bottom: number, right: number, top: number): number;
  _FPDFImageObj_GetImagePixelSize(object: number, width: number, height: number): number;
  _FPDFTextObj_GetTextRenderMode(object: number): number;
  _FPDFPath_CountSegments(path: number): number;
  _FPDFFormObj_CountObjects(object: number): number;
  _FPDFFormObj_GetObject(object: number, index: number): number;
  _FPDFBitmap_CreateEx(width: number, height: number, format: number, pointer: number, stride: number): number;
  _FPDFBitmap_FillRect(bitmap: number, x: number, y: number, width: number, height: number, colour: number): void;
  _FPDFBitmap_Destroy(bitmap: number): void;
  _FPDF_RenderPageBitmap(
    bitmap: number,
    page: number,
    x: number,
    y: number,
    width: number,
    height: number,
    rotate: number,
    flags: number,
  ): void;
}

const FORMAT_GREY = 1;
const FORMAT_BGRX = 3;
const FLAG_ANNOTATIONS = 0x01;
const OBJECT_TEXT = 1;
const OBJECT_IMAGE = 3;
const OBJECT_FORM = 5;
const ERROR_PASSWORD = 4;
const ERROR_SECURITY = 5;

let loading: Promise<Module> | undefined;

/** Of the engine, in bytes: its largest pages take a third of it. A file that draws itself would have the 2 GiB that the build allows. */
const MOST_MEMORY = 768 * 1024 * 1024;
const WASM_PAGE = 65_536;

/** WebAssembly.Memory: no class of the ES library. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow: (pages: number) => number;
}
const isMemory = (value: unknown): value is Memory =>
  Object.prototype.toString.call(value) === '[object WebAssembly.Memory]';

/** Emscripten asks here for more; where it is refused, `malloc` gives nothing, as if the machine had none. */
function limitMemory(module: Module): Module {
  for (const memory of Object.values(module.wasmExports)) {
    if (!isMemory(memory)) continue;
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      if (memory.buffer.byteLength + pages * WASM_PAGE > MOST_MEMORY) throw new RangeError('a page that is too large');
      return grow(pages);
    };
  }
  return module;
}

async function loadModule(): Promise<Module> {
  loading ??= PDFiumLibrary.init().then((library) => limitMemory((library as unknown as { module: Module }).module));
  return loading;
}

/** After the engine aborted (out of memory, a trap) its memory is in an unknown state: the next page gets a new one. */
export function forgetPdfium(): void {
  loading = undefined;
}

export interface PageImage {
  /** Share of the page, 0..1, that the largest image covers. */
  readonly share: number;
  /** Pixels per inch of that image as placed. */
  readonly dpi: number;
}

export interface PdfiumPage {
  /** Displayed size in points: /Rotate and CropBox applied. */
  readonly width: number;
  readonly height: number;
  largestImage(): PageImage | undefined;
  /** False where nothing on the page could draw a QR code. */
  mayHoldCode(): boolean;
  grey(dpi: number): Grey;
  /** A part of the page as drawn at `dpi`, in pixels of that drawing; what lies outside of the page is white. */
  part(dpi: number, rect: Rect): { data: Uint8Array; width: number; height: number };
  /** Whether text of the page itself stands in the rectangle (points, origin bottom left, before /Rotate) and all of it is set to be invisible. */
  onlyInvisibleText(rect: Rect): boolean;
  /** 4 bytes a pixel: red, green, blue, unused. */
  colour(dpi: number): { data: Buffer; width: number; height: number };
  close(): void;
}

export interface PdfiumDocument {
  readonly pages: number;
  page(number: number): PdfiumPage;
  close(): void;
}

export async function openPdfium(bytes: Uint8Array): Promise<PdfiumDocument> {
  const module = await loadModule();
  const pointer = module.wasmExports.malloc(bytes.length);
  if (pointer === 0) throw new UnreadableError('out-of-memory', 'the PDF does not fit into the reader');
  module.HEAPU8.set(bytes, pointer);
  const document = module._FPDF_LoadMemDocument(pointer, bytes.length, 0);
  if (document === 0) {
    const code = module._FPDF_GetLastError();
    module.wasmExports.free(pointer);
    if (code === ERROR_PASSWORD || code === ERROR_SECURITY)
      throw new UnreadableError('encrypted', 'the PDF asks for a password');
    throw new UnreadableError('corrupt', `pdfium refuses the file (error ${code})`);
  }
  return {
    pages: module._FPDF_GetPageCount(document),
    page: (number) => openPage(module, document, number),
    close() {
      module._FPDF_CloseDocument(document);
      module.wasmExports.free(pointer);
    },
  };
}

function openPage(module: Module, document: number, number: number): PdfiumPage {
  const page = module._FPDF_LoadPage(document, number - 1);
  if (page === 0) throw new UnreadableError('corrupt', `page ${number} cannot be loaded`);
  const width = module._FPDF_GetPageWidth(page);
  const height = module._FPDF_GetPageHeight(page);
  return {
    width,
    height,
    largestImage: () => largestImage(module, page, width, height),
    mayHoldCode: () => mayHoldCode(module, page),
    grey(dpi) {
      const size = pixels(width, height, dpi);
      return { ...size, data: new Uint8Array(draw(module, page, size, FORMAT_GREY, 1)) };
    },
    onlyInvisibleText: (rect) => onlyInvisibleText(module, page, rect),
    part(dpi, rect) {
      const size = { width: Math.max(1, rect.x1 - rect.x0), height: Math.max(1, rect.y1 - rect.y0) };
      const whole = { x: -rect.x0, y: -rect.y0, ...pixels(width, height, dpi) };
      return { ...size, data: new Uint8Array(draw(module, page, size, FORMAT_BGRX, 4, whole)) };
    },
    colour(dpi) {
      const size = pixels(width, height, dpi);
      const data = draw(module, page, size, FORMAT_BGRX, 4);
      for (let i = 0; i < data.length; i += 4) {
        const blue = data[i] ?? 0;
        data[i] = data[i + 2] ?? 0;
        data[i + 2] = blue;
        data[i + 3] = 255;
      }
      return { ...size, data };
    },
    close: () => module._FPDF_ClosePage(page),
  };
}

function pixels(width: number, height: number, dpi: number): { width: number; height: number } {
  return { width: Math.max(1, Math.round((width * dpi) / 72)), height: Math.max(1, Math.round((height * dpi) / 72)) };
}

function draw(
  module: Module,
  page: number,
  { width, height }: { width: number; height: number },
  format: number,
  bytes: number,
  /** Where the page lies, where the bitmap is a part of it. */
  whole = { x: 0, y: 0, width, height },
): Buffer {
  // Own memory with an exact stride: pdfium pads the rows of bitmaps it allocates.
  const pointer = module.wasmExports.malloc(width * height * bytes);
  if (pointer === 0) throw new UnreadableError('out-of-memory', `a page of ${width} x ${height} pixels`);
  try {
    const bitmap = module._FPDFBitmap_CreateEx(width, height, format, pointer, width * bytes);
    if (bitmap === 0) throw new UnreadableError('engine-error', `no bitmap of ${width} x ${height} pixels`);
    module._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    module._FPDF_RenderPageBitmap(bitmap, page, whole.x, whole.y, whole.width, whole.height, 0, FLAG_ANNOTATIONS);
    module._FPDFBitmap_Destroy(bitmap);
    return Buffer.from(module.HEAPU8.subarray(pointer, pointer + width * height * bytes));
  } finally {
    module.wasmExports.free(pointer);
  }
}

/** Render modes 3 and 7: neither filled nor stroked. */
const INVISIBLE = new Set([3, 7]);
const MOST_OBJECTS = 20_000;

function onlyInvisibleText(module: Module, page: number, rect: Rect): boolean {
  const memory = module.wasmExports.malloc(16);
  let hidden = 0;
  try {
    const count = Math.min(module._FPDFPage_CountObjects(page), MOST_OBJECTS);
    for (let i = 0; i < count; i += 1) {
      const object = module._FPDFPage_GetObject(page, i);
      if (module._FPDFPageObj_GetType(object) !== OBJECT_TEXT) continue;
      if (module._FPDFPageObj_GetBounds(object, memory, memory + 4, memory + 8, memory + 12) === 0) continue;
      const view = new DataView(module.HEAPU8.buffer, memory, 16);
      const [left, bottom, right, top] = [0, 4, 8, 12].map((at) => view.getFloat32(at, true)) as [
        number,
        number,
        number,
        number,
      ];
      if (left > rect.x1 || right < rect.x0 || bottom > rect.y1 || top < rect.y0) continue;
      if (!INVISIBLE.has(module._FPDFTextObj_GetTextRenderMode(object))) return false;
      hidden += 1;
    }
    return hidden > 0;
  } finally {
    module.wasmExports.free(memory);
  }
}

function largestImage(module: Module, page: number, width: number, height: number): PageImage | undefined {
  const memory = module.wasmExports.malloc(16);
  let best: PageImage | undefined;
  const visit = (object: number, depth: number): void => {
    const type = module._FPDFPageObj_GetType(object);
    if (type === OBJECT_FORM && depth < 4) {
      const count = module._FPDFFormObj_CountObjects(object);
      for (let i = 0; i < Math.min(count, 2_000); i += 1) visit(module._FPDFFormObj_GetObject(object, i), depth + 1);
    }
    if (type !== OBJECT_IMAGE) return;
    if (module._FPDFPageObj_GetBounds(object, memory, memory + 4, memory + 8, memory + 12) === 0) return;
    const view = new DataView(module.HEAPU8.buffer, memory, 16);
    const wide = Math.abs(view.getFloat32(8, true) - view.getFloat32(0, true));
    const tall = Math.abs(view.getFloat32(12, true) - view.getFloat32(4, true));
    const share = Math.min(1, (wide * tall) / Math.max(1, width * height));
    if (best !== undefined && share <= best.share) return;
    module._FPDFImageObj_GetImagePixelSize(object, memory, memory + 4);
    const size = new DataView(module.HEAPU8.buffer, memory, 8);
    const across = size.getUint32(0, true) * size.getUint32(4, true);
    best = { share, dpi: 72 * Math.sqrt(across / Math.max(1, wide * tall)) };
  };
  try {
    const count = module._FPDFPage_CountObjects(page);
    for (let i = 0; i < Math.min(count, 20_000); i += 1) visit(module._FPDFPage_GetObject(page, i), 0);
  } finally {
    module.wasmExports.free(memory);
  }
  return best;
}
