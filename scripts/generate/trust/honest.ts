/** Odd but honest ways to print a value: what people see is what the text says. */
import {
  degrees,
  PDFName,
  PDFOperator,
  PDFOperatorNames,
  PDFNumber,
  rgb,
  setFillingRgbColor,
  setTextRenderingMode,
} from '@cantoo/pdf-lib';
import type { Sheet, Spot } from './sheet.ts';
import { ghost, outlines } from './ways.ts';

export type Print = (sheet: Sheet, spot: Spot) => Promise<void> | void;

const operator = (name: PDFOperatorNames, value: number): PDFOperator => PDFOperator.of(name, [PDFNumber.of(value)]);
const wide = (sheet: Sheet, spot: Spot): number => sheet.width(spot);

function band(sheet: Sheet, spot: Spot, colour: readonly [number, number, number], grow = 0): void {
  sheet.page.drawRectangle({
    x: spot.x - 3,
    y: spot.y - spot.size * 0.32,
    width: wide(sheet, spot) * (1 + grow) + 6,
    height: spot.size * 1.35,
    color: rgb(...colour),
  });
}

export const HONEST: Readonly<Record<string, Print>> = {
  coloured: (sheet, spot) => ghost(sheet, spot, spot.text, [setFillingRgbColor(0.72, 0.08, 0.1)]),
  'light blue': (sheet, spot) => ghost(sheet, spot, spot.text, [setFillingRgbColor(0.3, 0.62, 0.9)]),
  grey: (sheet, spot) => ghost(sheet, spot, spot.text, [setFillingRgbColor(0.62, 0.62, 0.62)]),
  small: (sheet, spot) => ghost(sheet, spot, spot.text, [], 5.2),
  large: (sheet, spot) => ghost(sheet, spot, spot.text, [], spot.size * (spot.field === 'grossTotal' ? 1 : 1.25)),
  spaced: (sheet, spot) =>
    ghost(sheet, spot, spot.text, [
      operator(PDFOperatorNames.SetCharacterSpacing, spot.field === 'grossTotal' ? 0.4 : 1.1),
    ]),
  condensed: (sheet, spot) => ghost(sheet, spot, spot.text, [operator(PDFOperatorNames.SetTextHorizontalScaling, 66)]),
  stretched: (sheet, spot) =>
    ghost(sheet, spot, spot.text, [
      operator(PDFOperatorNames.SetTextHorizontalScaling, spot.field === 'grossTotal' ? 100 : 125),
    ]),
  underlined: (sheet, spot) => {
    sheet.print(spot);
    const end = { x: spot.x + wide(sheet, spot), y: spot.y - 1.2 };
    sheet.page.drawLine({ start: { x: spot.x, y: spot.y - 1.2 }, end, thickness: 0.8 });
  },
  boxed: (sheet, spot) => {
    const [x, y, width, height] = [spot.x - 2, spot.y - spot.size * 0.3, wide(sheet, spot) + 4, spot.size * 1.3];
    sheet.page.drawRectangle({ x, y, width, height, borderWidth: 0.8, borderColor: rgb(0, 0, 0) });
    sheet.print(spot);
  },
  'white on a dark band': (sheet, spot) => {
    band(sheet, spot, [0.12, 0.2, 0.36]);
    ghost(sheet, spot, spot.text, [setFillingRgbColor(1, 1, 1)]);
  },
  'on a tinted band': (sheet, spot) => {
    band(sheet, spot, [0.98, 0.86, 0.5]);
    sheet.print(spot);
  },
  'a stamp over it': (sheet, spot) => {
    sheet.print(spot);
    const place = { x: spot.x + wide(sheet, spot) * 0.2, y: spot.y - 8, size: 26, rotate: degrees(14) };
    sheet.page.drawText('PAID', { ...place, font: sheet.font(true), color: rgb(0.85, 0.1, 0.1), opacity: 0.45 });
  },
  'a watermark behind it': (sheet, spot) => {
    const place = { x: spot.x - 40, y: spot.y - 30, size: 70, rotate: degrees(20) };
    sheet.page.drawText('COPY', { ...place, font: sheet.font(true), color: rgb(0.86, 0.86, 0.86) });
    sheet.print(spot);
  },
  'drawn twice for bold': (sheet, spot) => {
    sheet.print(spot);
    sheet.print({ ...spot, x: spot.x + 0.25 });
  },
  'drawn as outlines with the same text beneath': async (sheet, spot) => {
    await outlines(sheet, spot);
    ghost(sheet, spot, spot.text, [setTextRenderingMode(3)]);
  },
  'letters stroked only': (sheet, spot) =>
    ghost(sheet, spot, spot.text, [setTextRenderingMode(1), operator(PDFOperatorNames.SetLineWidth, 0.35)]),
  'dotted paper': (sheet, spot) => {
    for (let x = -3; x < wide(sheet, spot) + 3; x += 2.4)
      for (let y = -3; y < spot.size + 2; y += 2.4)
        sheet.page.drawRectangle({
          x: spot.x + x,
          y: spot.y + y,
          width: 0.4,
          height: 0.4,
          color: rgb(0.55, 0.55, 0.6),
        });
    sheet.print(spot);
  },
  'a marked span with the same text': (sheet, spot) => {
    sheet.page.pushOperators(PDFOperator.of(PDFOperatorNames.BeginMarkedContent, [PDFName.of('Span')]));
    sheet.print(spot);
    sheet.page.pushOperators(PDFOperator.of(PDFOperatorNames.EndMarkedContent));
  },
};
