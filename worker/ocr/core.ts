/** Loads the WebAssembly builds of Tesseract from the package on disk, each compiled once a thread. */
// oxlint-disable no-underscore-dangle -- the names that Emscripten gives to the exports of a C library
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { packageFile } from '../packages.ts';

/** Node has it; neither the ES library nor Node's types declare it. */
interface Memory {
  readonly buffer: ArrayBuffer;
}
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
  readonly Memory: new () => Memory;
};

/** The part of TessBaseAPI in use. */
export interface Api {
  Init(path: null, languages: string, mode: number): number;
  SetVariable(name: string, value: string): boolean;
  SetImage(pointer: number, width: number, height: number, bytesPerPixel: number, bytesPerLine: number): void;
  SetSourceResolution(dpi: number): void;
  SetRectangle(left: number, top: number, width: number, height: number): void;
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
  DetectOS(results: OrientationResults): boolean;
  Clear(): void;
}
export interface OrientationResults {
  readonly best_result: { readonly orientation_id: number; readonly oconfidence: number };
}

interface Module {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void };
  readonly TessBaseAPI: new () => Api;
  readonly OSResults: new () => OrientationResults;
  _malloc(size: number): number;
  _free(pointer: number): void;
}
type Factory = (options: object) => Promise<Module>;

export interface Core {
  writeFile(path: string, bytes: Uint8Array): void;
  createApi(): Api;
  createOrientationResults(): OrientationResults;
  /** Copies into the engine's heap; the caller frees. */
  copyIn(bytes: Uint8Array): number;
  free(pointer: number): void;
}

// Only the build with the legacy classifier can tell orientation; the other is smaller and as good for reading.
const FILES = { lstm: 'tesseract-core-simd-lstm', legacy: 'tesseract-core-simd' } as const;
const require = createRequire(import.meta.url);
const compiled = new Map<string, object>();

export async function loadCore(build: keyof typeof FILES): Promise<Core> {
  const file = FILES[build];
  let wasm = compiled.get(file);
  if (wasm === undefined) {
    wasm = await WebAssembly.compile(readFileSync(packageFile('tesseract.js-core', `${file}.wasm`)));
    compiled.set(file, wasm);
  }
  const factory = require(packageFile('tesseract.js-core', `${file}.js`)) as Factory;
  let memory: Memory | undefined;
  const module = await factory({
    print: () => undefined,
    printErr: () => undefined,
    // The build keeps its heap to itself: its memory is taken where the module comes to life.
    instantiateWasm(imports: object, done: (instance: object) => void) {
      const instance = new WebAssembly.Instance(wasm, imports);
      memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
      done(instance);
      return instance.exports;
    },
  });
  return {
    writeFile: (path, bytes) => module.FS.writeFile(path, bytes),
    createApi: () => new module.TessBaseAPI(),
    createOrientationResults: () => new module.OSResults(),
    copyIn(bytes) {
      const pointer = module._malloc(bytes.length);
      if (pointer === 0 || memory === undefined) throw new Error('the OCR heap is full');
      new Uint8Array(memory.buffer).set(bytes, pointer);
      return pointer;
    },
    free: (pointer) => module._free(pointer),
  };
}
