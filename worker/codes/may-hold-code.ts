/**
 * Whether a page has anything that a QR code could be drawn with: a picture of some height, or as many path segments as the modules of a code need.
 * A look at the objects costs nothing (0.03 ms); drawing and searching the page costs 15.
 */
// oxlint-disable no-underscore-dangle -- the names that Emscripten gives to the exports of a C library

/** The part of pdfium's C interface in use (public/fpdf_edit.h). */
interface Module {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(size: number): number; free(pointer: number): void };
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFPageObj_GetBounds(object: number, left: number, bottom: number, right: number, top: number): number;
  _FPDFPath_CountSegments(path: number): number;
  _FPDFFormObj_CountObjects(object: number): number;
  _FPDFFormObj_GetObject(object: number, index: number): number;
}

const PATH = 2;
const IMAGE = 3;
const SHADING = 4;
const FORM = 5;

/** Points. No payment code is smaller than 15 mm; a strip longer than three times its height and lower than 30 mm is a logo. */
const LEAST_SIDE = 42;
const HIGH = 85;
const STRIP = 3;
/** A code for a payment has 33 modules a side or more: drawn by runs it has over 1,000 segments, by outlines half of that. */
const SEGMENTS = 400;
const DEPTH = 4;
/** A page with more is not worth counting: it is drawn. */
const OBJECTS = 20_000;

export function mayHoldCode(module: Module, page: number): boolean {
  const memory = module.wasmExports.malloc(16);
  let segments = 0;
  let seen = 0;
  const visit = (object: number, depth: number): boolean => {
    seen += 1;
    const type = module._FPDFPageObj_GetType(object);
    if (seen > OBJECTS || type === SHADING) return true;
    if (type === IMAGE) return isLarge(module, object, memory);
    if (type === PATH) segments += Math.max(0, module._FPDFPath_CountSegments(object));
    if (type !== FORM) return segments >= SEGMENTS;
    if (depth >= DEPTH) return true;
    const count = module._FPDFFormObj_CountObjects(object);
    for (let i = 0; i < count; i += 1) if (visit(module._FPDFFormObj_GetObject(object, i), depth + 1)) return true;
    return false;
  };
  try {
    const count = module._FPDFPage_CountObjects(page);
    for (let i = 0; i < count; i += 1) if (visit(module._FPDFPage_GetObject(page, i), 0)) return true;
    return false;
  } finally {
    module.wasmExports.free(memory);
  }
}

function isLarge(module: Module, image: number, memory: number): boolean {
  if (module._FPDFPageObj_GetBounds(image, memory, memory + 4, memory + 8, memory + 12) === 0) return true;
  const view = new DataView(module.HEAPU8.buffer, memory, 16);
  const wide = Math.abs(view.getFloat32(8, true) - view.getFloat32(0, true));
  const tall = Math.abs(view.getFloat32(12, true) - view.getFloat32(4, true));
  const [short, long] = [Math.min(wide, tall), Math.max(wide, tall)];
  return short >= LEAST_SIDE && (short >= HIGH || long <= STRIP * short);
}
