import { afterAll, beforeAll, expect, it } from 'vitest';
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import { bitmapOf, createFolder, pngOf, turned, type Folder } from '../testing.ts';
import { readPage } from '../tasks/read-page.ts';
import { readInLanguages } from './languages.ts';

/** Engines of two languages start anew. */
const PATIENCE = 90_000;
const SPANISH = [
  'Cerámicas del Guadalquivir, Calle de la Constitución 14, Sevilla',
  'Factura número: 2026/0148',
  'Fecha de emisión: 12 de enero de 2026',
  'Descripción de los artículos suministrados según su pedido del mes pasado',
  'Baldosa de gres porcelánico esmaltado, color arena, caja de doce unidades',
  'Azulejo decorado a mano con motivos geométricos para el patio',
  'Base imponible 1834,50 y cuota del impuesto 385,25',
  'Forma de pago: transferencia bancaria en el plazo de treinta días',
  'Quedamos a su disposición para cualquier aclaración sobre esta factura',
];
const ENGLISH = [
  'Invoice number 20417 of the twelfth of January',
  'Torque wrench with case and calibration record for the workshop',
  'Hydraulic pump overhaul including labour and materials',
  'Net total 1834.50 and value added tax 348.56',
  'Total amount due 2183.06 within thirty days of receipt of this invoice',
];

let folder: Folder;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

async function read(name: string, lines: readonly string[], { angle = 0, automatic = true } = {}) {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([595, 842]);
  for (const [i, line] of lines.entries()) page.drawText(line, { x: 60, y: 740 - 42 * i, size: 13, font });
  const bitmap = await turned(await bitmapOf(await document.save(), 150), angle);
  const path = await folder.write(name, await pngOf(bitmap));
  const outcome = await readPage({ path, type: 'image', page: 1, languages: ['eng', 'deu', 'fra'], automatic });
  if (outcome.kind !== 'page') throw new Error(outcome.detail);
  const words = outcome.page.words.map((word) => word.text);
  const all = lines.flatMap((line) => line.split(' '));
  return { page: outcome.page, recall: all.filter((word) => words.includes(word)).length / all.length };
}

it(
  'a page is read in its own language, though it is none of the settings',
  async () => {
    const { page, recall } = await read('es.png', SPANISH);
    expect(page.languages?.[0]).toBe('spa');
    expect(recall).toBeGreaterThan(0.97);
    expect((await read('en.png', ENGLISH)).page.languages).toEqual(['eng']);
  },
  PATIENCE,
);

it(
  'also where it lies on its side',
  async () => {
    const { page, recall } = await read('side.png', SPANISH, { angle: 90 });
    expect(page.languages?.[0]).toBe('spa');
    expect(recall).toBeGreaterThan(0.95);
  },
  PATIENCE,
);

it('a page that does not tell is read in the languages of the settings', async () => {
  const { page } = await read('figures.png', ['4711', '12,50', '1.000,00', '17']);
  expect(page.languages).toEqual(['eng', 'deu', 'fra']);
});

it('exactly the languages of the settings are taken where they are asked for', async () => {
  const { page } = await read('asked.png', SPANISH, { automatic: false });
  expect(page.languages).toEqual(['eng', 'deu', 'fra']);
});

const timed = async <T>(_stage: string, work: () => Promise<T>): Promise<T> => work();

it('a strip too narrow for any letter is blank, not a failure', async () => {
  const strip = { data: new Uint8Array(2 * 900).fill(255), width: 2, height: 900 };
  const reading = await readInLanguages(strip, { automatic: true, languages: ['eng', 'deu'] }, 300, timed);
  expect(reading.words).toEqual([]);
});
