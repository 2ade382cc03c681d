/** All documents on full sheets: head, parties and numbers, lines, totals, small print. Families differ in what they say and in a block of their own. */
import { amount, dateText, number } from '../format.ts';
import type { Spec } from '../model.ts';
import { closingHeight, drawClosing, drawFoot, footHeight } from './foot.ts';
import { drawHead } from './head.ts';
import { drawLines } from './lines.ts';
import { drawMarks } from './marks.ts';
import { drawOpening } from './opening.ts';
import { GREY, titleOf } from './pieces.ts';
import { createSheet, type Sheet } from './sheet.ts';
import { drawTotals, totalRows, totalsHeight } from './totals.ts';

export interface PaymentPlace {
  readonly sheet: Sheet;
  readonly spec: Spec;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** Draws a payment code into the space kept for it. */
export type DrawPayment = (place: PaymentPlace) => void;

/** The payment part of a Swiss bill takes the lower 105 mm of the page; an EPC code about 30 mm. */
const SWISS_HEIGHT = (105 / 25.4) * 72;
const EPC_SIDE = 86;

export async function drawLetter(spec: Spec, drawPayment?: DrawPayment): Promise<Sheet> {
  const sheet = await createSheet(spec);
  const { pen } = sheet;
  const edges = { left: sheet.left, right: sheet.right };
  const swiss = spec.payment === 'swiss-qr';
  const floor = pen.height - footHeight(spec) - 8;
  let y = drawOpening(spec, sheet, drawHead(spec, sheet));
  y = familyBlock(spec, sheet, y);
  const numbered = sheet.look('page-number').chance(0.7);
  const finish = () => {
    drawFoot(spec, sheet);
    if (pen.pages === 1) drawMarks(spec, sheet);
  };
  const nextPage = (): number => {
    finish();
    pen.newPage();
    Object.assign(sheet, edges);
    const line = `${spec.vendor.name} - ${titleOf(spec)} ${spec.number}`;
    sheet.text(sheet.left, 44, line, { size: 8, colour: GREY });
    if (numbered)
      sheet.text(sheet.right, 44, `${spec.words.page} ${pen.pages}`, { size: 8, align: 'right', colour: GREY });
    return 62;
  };
  const rows = totalRows(spec, sheet);
  const below = totalsHeight(spec, rows) + (swiss ? 0 : closingHeight(spec, sheet) + (spec.payment ? EPC_SIDE : 0));
  const end = drawLines(spec, sheet, { top: y + 6, bottom: floor - 12, nextPage, below });
  const totalsEnd = end.y + below > floor ? { ...end, y: nextPage() } : end;
  y = drawTotals(spec, sheet, rows, totalsEnd);
  y = drawClosing(spec, sheet, y);
  if (spec.payment === 'epc')
    drawPayment?.({ sheet, spec, x: sheet.left, y: y + 2, width: EPC_SIDE, height: EPC_SIDE });
  if (swiss) {
    if (y > pen.height - SWISS_HEIGHT - 10) {
      finish();
      pen.newPage();
    }
    drawPayment?.({ sheet, spec, x: 0, y: pen.height - SWISS_HEIGHT, width: pen.width, height: SWISS_HEIGHT });
  } else finish();
  return sheet;
}

/** Meter readings, stays, shipments: what only this kind of bill has. */
function familyBlock(spec: Spec, sheet: Sheet, y: number): number {
  const rows = blockRows(spec, sheet);
  if (rows.length === 0) return y;
  const { size } = spec.style;
  const columns = 2;
  const step = (sheet.right - sheet.left) / columns;
  for (const [i, [label, value]] of rows.entries()) {
    const x = sheet.left + (i % columns) * step;
    const at = y + size + 2 + Math.floor(i / columns) * size * 1.4;
    sheet.text(x, at, `${label}:`, { size: size - 0.5, colour: GREY });
    sheet.text(x + step * 0.46, at, value, sheet.fitted(value, step * 0.52, { size: size - 0.5 }));
  }
  return y + Math.ceil(rows.length / columns) * size * 1.4 + 8;
}

const WORDS = {
  en: [
    'Meter no.',
    'Reading old',
    'Reading new',
    'Room',
    'Arrival',
    'Departure',
    'Guests',
    'AWB No.',
    'Weight',
    'Origin',
    'Destination',
    'Contract',
    'Goods value',
  ],
  de: [
    'Zähler-Nr.',
    'Zählerstand alt',
    'Zählerstand neu',
    'Zimmer',
    'Anreise',
    'Abreise',
    'Personen',
    'Frachtbrief-Nr.',
    'Gewicht',
    'Abgang',
    'Ziel',
    'Vertragskonto',
    'Warenwert',
  ],
  fr: [
    'N° compteur',
    'Ancien index',
    'Nouvel index',
    'Chambre',
    'Arrivée',
    'Départ',
    'Personnes',
    'LTA n°',
    'Poids',
    'Origine',
    'Destination',
    'Contrat',
    'Valeur marchandise',
  ],
  es: [
    'N.º contador',
    'Lectura anterior',
    'Lectura actual',
    'Habitación',
    'Entrada',
    'Salida',
    'Personas',
    'AWB n.º',
    'Peso',
    'Origen',
    'Destino',
    'Contrato',
    'Valor mercancía',
  ],
  it: [
    'Matricola contatore',
    'Lettura precedente',
    'Lettura attuale',
    'Camera',
    'Arrivo',
    'Partenza',
    'Ospiti',
    'AWB n.',
    'Peso',
    'Origine',
    'Destinazione',
    'Contratto',
    'Valore merce',
  ],
  nl: [
    'Meternummer',
    'Vorige stand',
    'Nieuwe stand',
    'Kamer',
    'Aankomst',
    'Vertrek',
    'Personen',
    'Vrachtbrief',
    'Gewicht',
    'Herkomst',
    'Bestemming',
    'Contract',
    'Goederenwaarde',
  ],
  pt: [
    'N.º contador',
    'Leitura anterior',
    'Leitura atual',
    'Quarto',
    'Entrada',
    'Saída',
    'Pessoas',
    'AWB n.º',
    'Peso',
    'Origem',
    'Destino',
    'Contrato',
    'Valor mercadoria',
  ],
} as const;

function blockRows(spec: Spec, sheet: Sheet): [string, string][] {
  const words = WORDS[spec.language];
  const chance = sheet.look(`block-${spec.number}`);
  const day = (iso: string | undefined) => dateText(spec, iso ?? spec.issueDate);
  const word = (i: number): string => words[i] ?? '';
  switch (spec.family) {
    case 'utility': {
      const old = chance.integer(1000, 60_000);
      const used = chance.integer(100, 4000);
      return [
        [word(11), chance.digits(9)],
        [word(0), chance.digits(8)],
        [word(1), number(spec.format, String(old), 0)],
        [word(2), number(spec.format, String(old + used), 0)],
      ];
    }
    case 'hotel':
      return [
        [word(3), String(chance.integer(101, 560))],
        [word(6), String(chance.integer(1, 3))],
        [word(4), day(spec.lines[0]?.date)],
        [word(5), day(spec.issueDate)],
      ];
    case 'freight':
      return [
        [word(7), `${chance.digits(3)}-${chance.digits(8)}`],
        [word(8), `${number(spec.format, `${chance.integer(20, 4000)}.5`, 1)} kg`],
        [word(9), chance.pick(['HAM', 'RTM', 'CDG', 'SHA', 'JFK'])],
        [word(10), chance.pick(['MUC', 'LYS', 'BCN', 'MXP', 'LHR'])],
        [word(12), amount(spec, String(chance.integer(900, 40_000)))],
      ];
    case 'telecom':
      return [
        [word(11), chance.digits(10)],
        [spec.words.phone, spec.buyer.phone ?? ''],
      ];
    case 'letter':
    case 'boxed':
    case 'statement':
    case 'receipt':
    default:
      return [];
  }
}
