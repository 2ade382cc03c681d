/** Takes the paper's own brightness out of a page: shadows, folds and tinted boxes become white, faint print becomes dark. */
import { resizeGrey, type Grey } from './grey.ts';

const TILE = 24;

export async function flatten(grey: Grey): Promise<Grey> {
  const paper = await resizeTo(paperOf(grey), grey.width, grey.height);
  const data = new Uint8Array(grey.data.length);
  for (let i = 0; i < data.length; i += 1) {
    data[i] = Math.min(255, ((grey.data[i] ?? 0) * 255) / Math.max(60, paper.data[i] ?? 255));
  }
  return { ...grey, data };
}

/** The bright end of each tile's pixels is its paper. */
function paperOf(grey: Grey): Grey {
  const width = Math.ceil(grey.width / TILE);
  const height = Math.ceil(grey.height / TILE);
  const data = new Uint8Array(width * height);
  const counts = new Uint32Array(256);
  for (let ty = 0; ty < height; ty += 1) {
    for (let tx = 0; tx < width; tx += 1) {
      counts.fill(0);
      const y1 = Math.min(grey.height, (ty + 1) * TILE);
      const x1 = Math.min(grey.width, (tx + 1) * TILE);
      let left = (y1 - ty * TILE) * (x1 - tx * TILE) * 0.15;
      for (let y = ty * TILE; y < y1; y += 1) {
        for (let x = tx * TILE; x < x1; x += 1) counts[grey.data[y * grey.width + x] ?? 0]! += 1;
      }
      let level = 255;
      while (level > 0 && left > (counts[level] ?? 0)) {
        left -= counts[level] ?? 0;
        level -= 1;
      }
      data[ty * width + tx] = level;
    }
  }
  return { data: dilate(data, width, height), width, height };
}

/** Tiles full of print take their neighbours' paper. */
function dilate(data: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let most = 0;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const near =
            data[Math.min(height - 1, Math.max(0, y + dy)) * width + Math.min(width - 1, Math.max(0, x + dx))];
          most = Math.max(most, near ?? 0);
        }
      }
      out[y * width + x] = most;
    }
  }
  return out;
}

async function resizeTo(small: Grey, width: number, height: number): Promise<Grey> {
  const grown = await resizeGrey(small, TILE);
  if (grown.width === width && grown.height === height) return grown;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    data.set(grown.data.subarray(y * grown.width, y * grown.width + width), y * width);
  return { data, width, height };
}
