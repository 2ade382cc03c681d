/** A grey bitmap: one byte a pixel, rows without padding, 0 black. */
import sharp, { type Sharp } from 'sharp';

export interface Grey {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

// Each worker thread is one of several: libvips' own threads and its operation cache would only multiply the memory.
sharp.concurrency(1);
sharp.cache(false);

const raw = (grey: Grey) =>
  sharp(grey.data, { raw: { width: grey.width, height: grey.height, channels: 1 }, limitInputPixels: false });

/** sharp answers a resized one-channel image with three channels unless the colour space is named. */
async function collect(image: Sharp): Promise<Grey> {
  const { data, info } = await image.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export async function resizeGrey(grey: Grey, scale: number): Promise<Grey> {
  if (scale === 1) return grey;
  const width = Math.max(1, Math.round(grey.width * scale));
  const height = Math.max(1, Math.round(grey.height * scale));
  return collect(raw(grey).resize(width, height, { fit: 'fill', kernel: scale < 1 ? 'lanczos3' : 'cubic' }));
}

/** Clockwise by any angle; the canvas grows, centre stays centre, new corners are white. */
export async function rotateGrey(grey: Grey, degrees: number): Promise<Grey> {
  const turn = ((degrees % 360) + 360) % 360;
  if (turn === 0) return grey;
  return collect(raw(grey).rotate(turn, { background: '#fff' }));
}

/** Blurs by a Gaussian of `sigma` pixels. */
export async function soften(grey: Grey, sigma: number): Promise<Grey> {
  return sigma < 0.3 ? grey : collect(raw(grey).blur(sigma));
}

export const greyOf = collect;
