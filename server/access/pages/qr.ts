/** The key of an authenticator as a picture, by the writer that the product has for payment codes. Without it the key is typed. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

async function load() {
  const { prepareZXingModule, writeBarcode } = await import('zxing-wasm/writer');
  const file = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  const wasmBinary = await readFile(file);
  // From its package on disk; by default it would be loaded from the network.
  await prepareZXingModule({
    overrides: {
      wasmBinary: wasmBinary.buffer.slice(wasmBinary.byteOffset, wasmBinary.byteOffset + wasmBinary.byteLength),
    },
    fireImmediately: true,
  });
  return writeBarcode;
}

let loaded: ReturnType<typeof load> | undefined;

export async function qrPicture(text: string): Promise<string | undefined> {
  try {
    const write = await (loaded ??= load());
    const { svg } = await write(text, { format: 'QRCode', scale: 6, withQuietZones: true } as never);
    return svg === '' ? undefined : `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  } catch {
    return undefined; // the page shows the key as text in any case
  }
}
