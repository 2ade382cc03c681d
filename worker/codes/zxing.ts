/** The code reader (ZXing, WebAssembly) out of its package on disk, compiled once a thread. Left to itself it would fetch the file from a CDN. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, purgeZXingModule, readBarcodes, type ReadResult } from 'zxing-wasm/reader';
import type { Grey } from '../image/grey.ts';

const require = createRequire(import.meta.url);
let prepared = false;

function prepare(): void {
  if (prepared) return;
  const wasmBinary = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  // Emscripten wants an ArrayBuffer of its own; a Buffer may be a view on a shared one.
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasmBinary).buffer } });
  prepared = true;
}

/** A trap leaves the heap in an unknown state: the next page gets a new one. */
export function forgetZxing(): void {
  prepared = false;
  purgeZXingModule();
}

export interface Attempt {
  /** Codes of a page full of them that are looked at. */
  readonly most: number;
  /** Closes the holes that noise tears into modules. */
  readonly denoise?: boolean;
  readonly threshold?: 'local' | 'global';
}

/** QR codes of a grey bitmap. */
export async function scan(
  image: Grey,
  { most, denoise = false, threshold = 'local' }: Attempt,
): Promise<ReadResult[]> {
  prepare();
  return readBarcodes(portableGreymap(image), {
    formats: ['QRCode'],
    maxNumberOfSymbols: most,
    tryHarder: true,
    // A QR code is found at any angle; the option turns pages for linear codes.
    tryRotate: false,
    tryInvert: false,
    tryDownscale: true,
    tryDenoise: denoise,
    binarizer: threshold === 'local' ? 'LocalAverage' : 'GlobalHistogram',
    textMode: 'Plain',
    // A symbol that was found and not understood is worth another try.
    returnErrors: true,
  });
}

/** The reader takes RGBA or a file: a PGM file is the grey bitmap with a line before it, a quarter of the memory. */
function portableGreymap({ data, width, height }: Grey): Uint8Array {
  const head = Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1');
  const file = new Uint8Array(head.length + data.length);
  file.set(head);
  file.set(data, head.length);
  return file;
}
