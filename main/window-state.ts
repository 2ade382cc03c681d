/** Where the window was, kept in a small file; put back on a screen that still exists. */
import { z } from 'zod';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) });
export type Bounds = z.infer<typeof Bounds>;
export const WindowState = z.object({ bounds: Bounds, maximized: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;

export interface WindowStates {
  read(): WindowState | undefined;
  write(state: WindowState): void;
}

const STANDARD = { width: 1440, height: 900 };

const overlap = (a: Bounds, b: Bounds): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** The last place if at least a quarter of it can be seen (a second screen may be gone), else the standard size in the middle. */
export function placeOnScreen(
  last: WindowState | undefined,
  screens: readonly Bounds[],
): { bounds: Partial<Bounds>; maximized: boolean } {
  if (!last) return { bounds: STANDARD, maximized: false };
  const visible = Math.max(0, ...screens.map((area) => overlap(last.bounds, area)));
  const enough = visible * 4 >= last.bounds.width * last.bounds.height;
  return enough ? last : { bounds: STANDARD, maximized: last.maximized };
}

export function createWindowStates(file: string): WindowStates {
  return {
    read() {
      try {
        return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        // Missing or damaged: the window opens in its standard place.
        return undefined;
      }
    },
    write(state) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(state));
      } catch {
        // A full disk, or one that was taken away: no reason to keep a window from closing.
      }
    },
  };
}
