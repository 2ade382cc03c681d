/** A pen that remembers where each value of the truth was set. */
import { A4, createPen, type Face, LETTER, type Pen, type TextStyle } from '../../samples/pen.ts';
import type { FieldBox, Mark, Spec } from '../model.ts';
import { type Chance, stream } from '../random.ts';

export interface Ink extends TextStyle {
  readonly field?: Mark;
  /** The part of the text that is the value; all of it where left out. */
  readonly value?: string;
}

/** A text with what it stands for, before it has a place. */
export interface Item {
  readonly text: string;
  readonly field?: Mark;
  readonly value?: string;
  readonly face?: Face;
}

export interface Sheet {
  readonly pen: Pen;
  /** Small choices that are the same on all documents of a vendor. */
  look(part: string): Chance;
  readonly boxes: readonly FieldBox[];
  /** Ends the page there: a slip is as long as what is on it. */
  cut(y: number): void;
  left: number;
  right: number;
  text(x: number, y: number, text: string, ink?: Ink): void;
  /** Remembers where a value stands in a text that is drawn otherwise. */
  mark(x: number, y: number, text: string, ink: Ink & { readonly field: Mark }): void;
  items(
    x: number,
    y: number,
    items: readonly Item[],
    ink?: Ink & { readonly leading?: number; readonly room?: number },
  ): number;
  /** The style, set smaller where the text would not fit. */
  fitted(text: string, room: number, ink?: Ink): Ink;
}

export async function createSheet(spec: Spec, paper?: readonly [number, number]): Promise<Sheet> {
  const { style } = spec;
  const pen = await createPen(
    style.typeface,
    paper ?? (style.paper === 'A4' ? A4 : LETTER),
    spec.number,
    style.stretch,
  );
  const boxes: FieldBox[] = [];
  const sheet: Sheet = {
    pen,
    cut(y) {
      const page = pen.document.getPage(pen.pages - 1);
      page.setMediaBox(0, pen.height - y, pen.width, y);
      for (const [i, box] of boxes.entries()) {
        const [x0, y0, x1, y1] = box.box;
        const down = (at: number) => Math.min(10_000, Math.round((at * pen.height) / y));
        boxes[i] = { ...box, box: [x0, down(y0), x1, down(y1)] };
      }
    },
    look: (part) => stream('look', spec.vendor.name, part),
    boxes,
    left: style.margin,
    right: pen.width - style.margin,
    text(x, y, text, ink = {}) {
      pen.text(x, y, text, ink);
      if (ink.field !== undefined) remember(pen, boxes, x, y, text, ink, ink.field);
    },
    mark: (x, y, text, ink) => remember(pen, boxes, x, y, text, ink, ink.field),
    items(x, y, items, ink = {}) {
      const size = ink.size ?? style.size;
      const leading = ink.leading ?? size * 1.32;
      let at = y;
      for (const item of items) {
        const own: Ink = { ...ink, size, ...item };
        const lines = ink.room === undefined ? [item.text] : pen.wrap(item.text, ink.room, own);
        for (const line of lines) {
          // A wrapped value is remembered line by line.
          const value = item.value !== undefined && line.includes(item.value) ? item.value : undefined;
          const { value: _, ...rest } = own;
          sheet.text(x, at, line, { ...rest, ...(value !== undefined && { value }) });
          at += leading;
        }
      }
      return at;
    },
    fitted(text, room, ink = {}) {
      let size = ink.size ?? style.size;
      while (size > 4.5 && pen.measure(text, { ...ink, size }) > room) size -= 0.25;
      return { ...ink, size };
    },
  };
  return sheet;
}

const scale = (n: number, side: number): number => Math.round(Math.max(0, Math.min(10_000, (n / side) * 10_000)));

function remember(pen: Pen, boxes: FieldBox[], x: number, y: number, text: string, ink: Ink, field: Mark): void {
  const size = ink.size ?? 9.5;
  const whole = pen.measure(text, ink);
  const start = x - (ink.align === 'right' ? whole : ink.align === 'center' ? whole / 2 : 0);
  const value = ink.value ?? text;
  const at = text.indexOf(value);
  if (at < 0) return;
  const from = start + pen.measure(text.slice(0, at), ink);
  const to = from + pen.measure(value, ink);
  boxes.push({
    field,
    page: pen.pages,
    box: [
      scale(from - 0.5, pen.width),
      scale(y - size * 0.78, pen.height),
      scale(to + 0.8, pen.width),
      scale(y + size * 0.24, pen.height),
    ],
    text: value,
  });
}
