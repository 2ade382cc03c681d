/** A pen over PDF pages: points from the top left, text in the standard fonts, nothing that depends on the clock. */
import { degrees, PDFDocument, rgb, setCharacterSqueeze, StandardFonts } from '@cantoo/pdf-lib';
import type { PDFFont, PDFPage } from '@cantoo/pdf-lib';

export type Colour = readonly [number, number, number];
export type Face = 'regular' | 'bold' | 'italic';
export type Family = 'helvetica' | 'times' | 'courier';

export interface TextStyle {
  readonly size?: number;
  readonly face?: Face;
  readonly colour?: Colour;
  readonly align?: 'left' | 'right' | 'center';
}

export interface Pen {
  readonly width: number;
  readonly height: number;
  readonly document: PDFDocument;
  text(x: number, y: number, text: string, style?: TextStyle): void;
  /** Lines under one another; returns the y below the last. */
  block(x: number, y: number, lines: readonly string[], style?: TextStyle & { readonly leading?: number }): number;
  wrap(text: string, width: number, style?: TextStyle): string[];
  measure(text: string, style?: TextStyle): number;
  line(x0: number, y0: number, x1: number, y1: number, style?: { width?: number; colour?: Colour }): void;
  rect(
    x: number,
    y: number,
    width: number,
    height: number,
    style: { fill?: Colour; stroke?: Colour; line?: number },
  ): void;
  circle(x: number, y: number, radius: number, fill: Colour): void;
  stamp(text: string, x: number, y: number, size: number, colour: Colour): void;
  newPage(): void;
  readonly pages: number;
}

const FACES: Readonly<Record<Family, Readonly<Record<Face, StandardFonts>>>> = {
  helvetica: {
    regular: StandardFonts.Helvetica,
    bold: StandardFonts.HelveticaBold,
    italic: StandardFonts.HelveticaOblique,
  },
  times: {
    regular: StandardFonts.TimesRoman,
    bold: StandardFonts.TimesRomanBold,
    italic: StandardFonts.TimesRomanItalic,
  },
  courier: { regular: StandardFonts.Courier, bold: StandardFonts.CourierBold, italic: StandardFonts.CourierOblique },
};

export const A4 = [595.28, 841.89] as const;
export const LETTER = [612, 792] as const;
/** All sample files are made "on" this day: the same bytes every time. */
const MADE = new Date(Date.UTC(2026, 0, 2, 8, 0, 0));

export async function createPen(
  family: Family,
  size: readonly [number, number],
  title: string,
  /** Letters narrower or wider than the font has them. */
  stretch = 1,
): Promise<Pen> {
  const document = await PDFDocument.create();
  document.setTitle(title);
  document.setProducer('AP Intake Station samples');
  document.setCreator('AP Intake Station samples');
  document.setCreationDate(MADE);
  document.setModificationDate(MADE);
  const fonts: Record<Face, PDFFont> = {
    regular: await document.embedFont(FACES[family].regular),
    bold: await document.embedFont(FACES[family].bold),
    italic: await document.embedFont(FACES[family].italic),
  };
  return penOn(document, fonts, size, stretch);
}

const paint = ([r, g, b]: Colour) => rgb(r, g, b);

function penOn(
  document: PDFDocument,
  fonts: Record<Face, PDFFont>,
  size: readonly [number, number],
  stretch: number,
): Pen {
  const [width, height] = size;
  const addPage = (): PDFPage => {
    const added = document.addPage([width, height]);
    if (stretch !== 1) added.pushOperators(setCharacterSqueeze(stretch * 100));
    return added;
  };
  let page: PDFPage = addPage();
  const fontOf = (style: TextStyle) => fonts[style.face ?? 'regular'];
  const measure = (text: string, style: TextStyle = {}) =>
    fontOf(style).widthOfTextAtSize(text, style.size ?? 9.5) * stretch;
  const draw = (x: number, y: number, text: string, style: TextStyle = {}) => {
    const taken =
      style.align === 'right' ? measure(text, style) : style.align === 'center' ? measure(text, style) / 2 : 0;
    const options = {
      x: x - taken,
      y: height - y,
      size: style.size ?? 9.5,
      font: fontOf(style),
      color: paint(style.colour ?? [0.1, 0.1, 0.12]),
    };
    page.drawText(text, options);
  };
  return {
    width,
    height,
    document,
    measure,
    text: draw,
    block(x, y, lines, style = {}) {
      const leading = style.leading ?? (style.size ?? 9.5) * 1.3;
      for (const [index, line] of lines.entries()) draw(x, y + index * leading, line, style);
      return y + lines.length * leading;
    },
    wrap: (text, room, style = {}) =>
      text.split('\n').flatMap((line) => wrapLine(line, (part) => measure(part, style) <= room)),
    line(x0, y0, x1, y1, style = {}) {
      const color = paint(style.colour ?? [0.2, 0.2, 0.2]);
      page.drawLine({
        start: { x: x0, y: height - y0 },
        end: { x: x1, y: height - y1 },
        thickness: style.width ?? 0.6,
        color,
      });
    },
    rect(x, y, w, h, { fill, stroke, line }) {
      const colours = {
        ...(fill && { color: paint(fill) }),
        ...(stroke && { borderColor: paint(stroke), borderWidth: line ?? 0.6 }),
      };
      page.drawRectangle({ x, y: height - y - h, width: w, height: h, ...colours });
    },
    circle: (x, y, radius, fill) => page.drawCircle({ x, y: height - y, size: radius, color: paint(fill) }),
    stamp: (text, x, y, at, colour) =>
      page.drawText(text, {
        x,
        y: height - y,
        size: at,
        font: fonts.bold,
        color: paint(colour),
        rotate: degrees(18),
        opacity: 0.35,
      }),
    newPage() {
      page = addPage();
    },
    get pages() {
      return document.getPageCount();
    },
  };
}

function wrapLine(text: string, fits: (part: string) => boolean): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current === '' || fits(longer)) current = longer;
    else {
      lines.push(current);
      current = word;
    }
  }
  return [...lines, current];
}
