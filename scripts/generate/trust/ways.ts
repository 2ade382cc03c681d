/** Ways to make a PDF say one thing to a program and show another to people. `lie` is what the text layer says, the spot's own text is what is visible. */
import {
  beginText,
  clip,
  endPath,
  endText,
  fill,
  type PDFOperator,
  PDFName,
  PDFOperatorNames,
  PDFOperator as Operator,
  popGraphicsState,
  pushGraphicsState,
  rectangle,
  rgb,
  setFillingRgbColor,
  setFontAndSize,
  setTextMatrix,
  setTextRenderingMode,
  showText,
} from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { glyphsOf, type Sheet, type Spot } from './sheet.ts';

export type Lie = (sheet: Sheet, spot: Spot, lie: string) => Promise<void>;

const INVISIBLE = 3;

/** The characters of `text` at the spot, between operators of a graphics state of their own. */
export function ghost(
  sheet: Sheet,
  spot: Spot,
  text: string,
  before: readonly PDFOperator[] = [],
  size = spot.size,
): void {
  const font = sheet.font(spot.bold);
  const name = sheet.page.node.newFontDictionary(font.name, font.ref);
  sheet.page.pushOperators(
    pushGraphicsState(),
    ...before,
    beginText(),
    setFontAndSize(name, size),
    setTextMatrix(1, 0, 0, 1, spot.x, spot.y),
    showText(font.encodeText(text)),
    endText(),
    popGraphicsState(),
  );
}

/** The visible value as a picture. */
export async function picture(sheet: Sheet, spot: Spot): Promise<void> {
  const { data, width, height, scale, below } = await glyphsOf(spot.text, spot.size, spot.bold);
  const png = await sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  const image = await sheet.document.embedPng(png);
  sheet.page.drawImage(image, { x: spot.x, y: spot.y - below, width: width / scale, height: height / scale });
}

/** The visible value as filled shapes, no letters: what a program that turns text into paths leaves. */
export async function outlines(sheet: Sheet, spot: Spot): Promise<void> {
  const { data, width, height, scale, below } = await glyphsOf(spot.text, spot.size, spot.bold);
  const shapes: PDFOperator[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = x;
      while (x < width && (data[y * width + x] ?? 255) < 128) x += 1;
      if (x > from)
        shapes.push(
          rectangle(spot.x + from / scale, spot.y - below + (height - y - 1) / scale, (x - from) / scale, 1.05 / scale),
        );
    }
  }
  sheet.page.pushOperators(
    pushGraphicsState(),
    setFillingRgbColor(0.1, 0.1, 0.12),
    ...shapes,
    fill(),
    popGraphicsState(),
  );
}

const band = (sheet: Sheet, spot: Spot, colour: readonly [number, number, number], text = spot.text): void =>
  sheet.page.drawRectangle({
    x: spot.x - 2,
    y: spot.y - spot.size * 0.32,
    width: Math.max(sheet.width(spot), sheet.width({ ...spot, text })) + 4,
    height: spot.size * 1.35,
    color: rgb(...colour),
  });

const invisible = setTextRenderingMode(INVISIBLE);

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0').toUpperCase();

/** A simple font whose map to Unicode says other characters than it draws: only where the value and the lie differ. */
function lyingFont(sheet: Sheet, spot: Spot, lie: string): void {
  const { context } = sheet.document;
  const codes = spot.text.split('').map((letter, i) => ({ code: 0x21 + i, letter, said: lie[i] ?? '' }));
  const mapped = codes.map(
    ({ code, said }) => `<${hex(code, 2)}> <${hex(said === '' ? 0x200b : said.codePointAt(0)!, 4)}>`,
  );
  const cmap = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /L def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
${codes.length} beginbfchar
${mapped.join('\n')}
endbfchar endcmap CMapName currentdict /CMap defineresource pop end end`;
  const differences = context.obj([0x21, ...codes.map(({ letter }) => PDFName.of(glyphName(letter)))]);
  const font = context.obj({
    Type: 'Font',
    Subtype: 'Type1',
    BaseFont: spot.bold ? 'Helvetica-Bold' : 'Helvetica',
    Encoding: { Type: 'Encoding', BaseEncoding: 'WinAnsiEncoding', Differences: differences },
    ToUnicode: context.register(context.stream(cmap)),
    FirstChar: 0x21,
    LastChar: 0x20 + codes.length,
    Widths: codes.map(({ letter }) => Math.round(sheet.font(spot.bold).widthOfTextAtSize(letter, 1000))),
  });
  const name = sheet.page.node.newFontDictionary('Lying', context.register(font));
  const text = codes.map(({ code }) => hex(code, 2)).join('');
  sheet.page.pushOperators(
    beginText(),
    setFillingRgbColor(0.1, 0.1, 0.12),
    setFontAndSize(name, spot.size),
    setTextMatrix(1, 0, 0, 1, spot.x, spot.y),
    Operator.of(PDFOperatorNames.ShowText, [`<${text}>`]),
    endText(),
  );
}

const GLYPHS: Readonly<Record<string, string>> = {
  ' ': 'space',
  '-': 'hyphen',
  '/': 'slash',
  '.': 'period',
  ',': 'comma',
};
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const glyphName = (letter: string): string => GLYPHS[letter] ?? (/\d/.test(letter) ? DIGITS[Number(letter)]! : letter);

/** A layer that is switched off. */
function hiddenLayer(sheet: Sheet, spot: Spot, lie: string): void {
  const { context, catalog } = sheet.document;
  const layer = context.register(context.obj({ Type: 'OCG', Name: 'x' }));
  catalog.set(PDFName.of('OCProperties'), context.obj({ OCGs: [layer], D: { OFF: [layer], Order: [layer] } }));
  const { node } = sheet.page;
  const resources = node.normalizedEntries().Resources;
  resources.set(PDFName.of('Properties'), context.obj({ Hidden: layer }));
  sheet.page.pushOperators(
    Operator.of(PDFOperatorNames.BeginMarkedContentSequence, [PDFName.of('OC'), PDFName.of('Hidden')]),
  );
  ghost(sheet, spot, lie);
  sheet.page.pushOperators(Operator.of(PDFOperatorNames.EndMarkedContent));
}

/** A form field whose value is not what its appearance draws. */
async function formField(sheet: Sheet, spot: Spot, lie: string): Promise<void> {
  const { context, catalog } = sheet.document;
  const [width, height] = [sheet.width(spot) + 6, spot.size * 1.5];
  const font = sheet.font(spot.bold);
  const shown = `BT 0.1 0.1 0.12 rg /F ${spot.size} Tf 2 ${spot.size * 0.4} Td ${font.encodeText(spot.text).toString()} Tj ET`;
  const look = context.stream(shown, {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, width, height],
    Resources: { Font: { F: font.ref } },
  });
  const widget = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Tx',
      F: 4,
      Ff: 1,
      T: font.encodeText('value'),
      V: font.encodeText(lie),
      DA: font.encodeText(`/F ${spot.size} Tf 0 g`),
      Rect: [spot.x - 2, spot.y - spot.size * 0.4, spot.x - 2 + width, spot.y - spot.size * 0.4 + height],
      AP: { N: context.register(look) },
      P: sheet.page.ref,
    }),
  );
  sheet.page.node.set(PDFName.of('Annots'), context.obj([widget]));
  catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [widget], DR: { Font: { F: font.ref } } }));
}

const transparent = (sheet: Sheet): PDFOperator => {
  const { context } = sheet.document;
  const name = sheet.page.node.newExtGState('GS', context.register(context.obj({ Type: 'ExtGState', ca: 0, CA: 0 })));
  return Operator.of(PDFOperatorNames.SetGraphicsStateParams, [name]);
};

export const LIES: Readonly<Record<string, Lie>> = {
  'invisible over a picture': async (sheet, spot, lie) => {
    await picture(sheet, spot);
    ghost(sheet, spot, lie, [invisible]);
  },
  'invisible over outlines': async (sheet, spot, lie) => {
    await outlines(sheet, spot);
    ghost(sheet, spot, lie, [invisible]);
  },
  'white on white under outlines': async (sheet, spot, lie) => {
    ghost(sheet, spot, lie, [setFillingRgbColor(1, 1, 1)]);
    await outlines(sheet, spot);
  },
  'white on white, nothing to see': async (sheet, spot, lie) => {
    ghost(sheet, spot, lie, [setFillingRgbColor(1, 1, 1)]);
  },
  'under a box with a picture on it': async (sheet, spot, lie) => {
    ghost(sheet, spot, lie);
    band(sheet, spot, [1, 1, 1], lie);
    await picture(sheet, spot);
  },
  'under a box with outlines on it': async (sheet, spot, lie) => {
    ghost(sheet, spot, lie);
    band(sheet, spot, [1, 1, 1], lie);
    await outlines(sheet, spot);
  },
  'a font with another map to Unicode': async (sheet, spot, lie) => lyingFont(sheet, spot, lie),
  'clipped away': async (sheet, spot, lie) => {
    await outlines(sheet, spot);
    ghost(sheet, spot, lie, [rectangle(0, 0, 1, 1), clip(), endPath()]);
  },
  'a layer that is off': async (sheet, spot, lie) => {
    await picture(sheet, spot);
    hiddenLayer(sheet, spot, lie);
  },
  'fully transparent': async (sheet, spot, lie) => {
    await outlines(sheet, spot);
    ghost(sheet, spot, lie, [transparent(sheet)]);
  },
  'tiny, beside outlines': async (sheet, spot, lie) => {
    await outlines(sheet, spot);
    ghost(sheet, spot, lie, [], 0.4);
  },
  'the colour of the band it stands on': async (sheet, spot, lie) => {
    band(sheet, spot, [0.86, 0.91, 0.97], lie);
    ghost(sheet, spot, lie, [setFillingRgbColor(0.86, 0.91, 0.97)]);
    await outlines(sheet, spot);
  },
  'a form field that shows another value': async (sheet, spot, lie) => formField(sheet, spot, lie),
  'under a picture': async (sheet, spot, lie) => {
    ghost(sheet, spot, lie);
    await picture(sheet, spot);
  },
  'text that only clips': async (sheet, spot, lie) => {
    await outlines(sheet, spot);
    ghost(sheet, spot, lie, [setTextRenderingMode(7)]);
  },
};

/** What is left of a value that begins outside of the page. */
export const cut: Lie = async (sheet, spot) => {
  const head = spot.text.slice(0, 2);
  sheet.print({ ...spot, x: spot.x - sheet.width({ ...spot, text: head }) });
};
