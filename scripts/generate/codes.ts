/**
 * Payment codes on generated pages: the payloads as their guidelines lay them down, and their symbols drawn into a PDF.
 * The symbols come from the writer of zxing-wasm (Zint), another code base than the reader it is tested with.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rgb, type PDFPage } from '@cantoo/pdf-lib';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

const require = createRequire(import.meta.url);
let prepared = false;

/** Points in a millimetre. */
export const MM = 72 / 25.4;

export interface Party {
  readonly name: string;
  readonly street: string;
  readonly house: string;
  readonly postcode: string;
  readonly town: string;
  readonly country: string;
}

export interface SwissQr {
  readonly iban: string;
  readonly creditor: Party;
  /** Combined address lines of guidelines before 2.3. */
  readonly combined?: boolean;
  readonly amount?: string;
  readonly currency: 'CHF' | 'EUR';
  readonly debtor?: Party;
  readonly referenceType: 'QRR' | 'SCOR' | 'NON';
  readonly reference?: string;
  readonly message?: string;
  /** Swico S1 and others, with its `//S1` in front. */
  readonly billing?: string;
  readonly alternatives?: readonly string[];
  readonly lineEnd?: '\n' | '\r\n';
}

const partyLines = (party: Party | undefined, combined: boolean): string[] => {
  if (party === undefined) return ['', '', '', '', '', '', ''];
  return combined
    ? ['K', party.name, `${party.street} ${party.house}`, `${party.postcode} ${party.town}`, '', '', party.country]
    : ['S', party.name, party.street, party.house, party.postcode, party.town, party.country];
};

/** SIX Implementation Guidelines QR-bill: 31 to 34 elements, one a line; the ultimate creditor is reserved and empty. */
export function swissQrPayload(bill: SwissQr): string {
  const { combined = false } = bill;
  return [
    'SPC',
    '0200',
    '1',
    bill.iban.replaceAll(' ', ''),
    ...partyLines(bill.creditor, combined),
    ...partyLines(undefined, combined),
    bill.amount ?? '',
    bill.currency,
    ...partyLines(bill.debtor, combined),
    bill.referenceType,
    bill.reference?.replaceAll(' ', '') ?? '',
    bill.message ?? '',
    'EPD',
    ...(bill.billing === undefined && bill.alternatives === undefined ? [] : [bill.billing ?? '']),
    ...(bill.alternatives ?? []),
  ].join(bill.lineEnd ?? '\n');
}

/** EPC069-12: the charsets by their number. */
const EPC_CHARSETS = ['utf-8', 'iso-8859-1'] as const;

export interface Epc {
  readonly version: '001' | '002';
  readonly charset?: 1 | 2;
  readonly bic?: string;
  readonly name: string;
  readonly iban: string;
  readonly amount?: string;
  readonly purpose?: string;
  readonly reference?: string;
  readonly remittance?: string;
  readonly information?: string;
  readonly lineEnd?: '\n' | '\r\n';
}

export function epcPayload(transfer: Epc): Uint8Array {
  const { charset = 1 } = transfer;
  const lines = [
    'BCD',
    transfer.version,
    String(charset),
    'SCT',
    transfer.bic ?? '',
    transfer.name,
    transfer.iban.replaceAll(' ', ''),
    transfer.amount === undefined ? '' : `EUR${transfer.amount}`,
    transfer.purpose ?? '',
    transfer.reference ?? '',
    transfer.remittance ?? '',
    transfer.information ?? '',
  ];
  while (lines.at(-1) === '') lines.pop();
  const text = lines.join(transfer.lineEnd ?? '\n');
  return Buffer.from(text, EPC_CHARSETS[charset - 1] === 'utf-8' ? 'utf8' : 'latin1');
}

export interface Symbol {
  /** Modules a side, without a quiet zone. */
  readonly size: number;
  readonly dark: (column: number, row: number) => boolean;
}

/** Error correction M, as both guidelines ask for, bytes as they are. */
export async function qrSymbol(payload: string | Uint8Array, level: 'L' | 'M' | 'Q' | 'H' = 'M'): Promise<Symbol> {
  if (!prepared) {
    const wasm = readFileSync(require.resolve('zxing-wasm/writer/zxing_writer.wasm'));
    prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });
    prepared = true;
  }
  const bytes = Buffer.from(payload);
  // A character a byte: bytes given as such get a mark of their charset (ECI), which hardly any program writes. Some bytes are no character of Latin 1.
  const text = bytes.toString('latin1');
  const { symbol, error } = await writeBarcode(/[\x80-\x9f]/.test(text) ? new Uint8Array(bytes) : text, {
    format: 'QRCode',
    options: `ecLevel=${level}`,
    scale: 1,
    addQuietZones: false,
  });
  if (error !== '' || symbol.width !== symbol.height) throw new Error(`the code cannot be written: ${error}`);
  return { size: symbol.width, dark: (column, row) => symbol.data[row * symbol.width + column] === 0 };
}

export interface CodeDrawing {
  readonly payload: string | Uint8Array;
  /** Left and top edge in points from the page's top left corner; the side without the quiet zone. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** The Swiss cross in the middle: 7 of 46 mm. */
  readonly cross?: boolean;
  readonly level?: 'L' | 'M' | 'Q' | 'H';
  /** As programs draw them: one rectangle a run of modules, one filled path, or a picture. */
  readonly as?: 'rectangles' | 'path' | 'picture';
}

/** Swiss guidelines: 46 x 46 mm. */
export const SWISS_SIDE = 46 * MM;

export async function drawPaymentCode(page: PDFPage, drawing: CodeDrawing): Promise<void> {
  const { x, y, side, as = 'path' } = drawing;
  const symbol = await qrSymbol(drawing.payload, drawing.level);
  const top = page.getHeight() - y;
  if (as === 'picture') await drawPicture(page, symbol, { x, top, side });
  else if (as === 'rectangles') {
    const module = side / symbol.size;
    for (const { column, row, length } of runs(symbol))
      page.drawRectangle({
        x: x + column * module,
        y: top - (row + 1) * module,
        width: length * module,
        height: module,
        color: rgb(0, 0, 0),
      });
  } else {
    const path = runs(symbol).map(({ column, row, length }) => `M${column} ${row}h${length}v1h-${length}z`);
    page.drawSvgPath(path.join(''), { x, y: top, scale: side / symbol.size, color: rgb(0, 0, 0), borderWidth: 0 });
  }
  if (drawing.cross === true) drawCross(page, x + side / 2, top - side / 2, side / 46);
}

interface Run {
  readonly column: number;
  readonly row: number;
  readonly length: number;
}

function runs({ size, dark }: Symbol): Run[] {
  const found: Run[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!dark(column, row)) continue;
      let end = column + 1;
      while (end < size && dark(end, row)) end += 1;
      found.push({ column, row, length: end - column });
      column = end;
    }
  }
  return found;
}

/** A black square of 7 mm with a white rim and the white cross of the flag. */
function drawCross(page: PDFPage, centreX: number, centreY: number, mm: number): void {
  const box = (width: number, height: number, dark: boolean): void =>
    page.drawRectangle({
      x: centreX - (width * mm) / 2,
      y: centreY - (height * mm) / 2,
      width: width * mm,
      height: height * mm,
      color: dark ? rgb(0, 0, 0) : rgb(1, 1, 1),
    });
  box(7, 7, false);
  box(6, 6, true);
  box(3.9, 1.17, false);
  box(1.17, 3.9, false);
}

/** A small PNG that the viewer scales up, as word processors place it. */
async function drawPicture(
  page: PDFPage,
  { size, dark }: Symbol,
  { x, top, side }: { x: number; top: number; side: number },
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const scale = 6;
  const data = Buffer.alloc(size * scale * size * scale);
  for (let at = 0; at < data.length; at += 1) {
    const [column, row] = [at % (size * scale), Math.floor(at / (size * scale))].map((n) => Math.floor(n / scale));
    data[at] = dark(column ?? 0, row ?? 0) ? 0 : 255;
  }
  const png = await sharp(data, { raw: { width: size * scale, height: size * scale, channels: 1 } })
    .png()
    .toBuffer();
  page.drawImage(await page.doc.embedPng(png), { x, y: top - side, width: side, height: side });
}
