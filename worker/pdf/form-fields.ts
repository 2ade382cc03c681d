/** What was typed into a form stands in annotations, not in the page's text: its values become runs like any other text. */
import type { TextRun } from './pdfjs.ts';

interface Field {
  readonly subtype?: string;
  readonly fieldType?: string;
  readonly fieldValue?: unknown;
  readonly contentsObj?: { readonly str?: string };
  readonly rect?: readonly number[];
  readonly annotationFlags?: number;
  readonly rotation?: number;
  readonly defaultAppearanceData?: { readonly fontSize?: number };
}

const HIDDEN = 0x02;
const NO_VIEW = 0x20;
const LINE = 1.2;

export function fieldRuns(annotations: readonly unknown[], transform: readonly number[], rotation: number): TextRun[] {
  return annotations.flatMap((annotation) => runsOf(annotation as Field, transform, rotation));
}

function runsOf(field: Field, transform: readonly number[], rotation: number): TextRun[] {
  const text = textOf(field);
  const [x0, y0, x1, y1] = field.rect ?? [];
  if (text === '' || x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return [];
  if (((field.annotationFlags ?? 0) & (HIDDEN | NO_VIEW)) !== 0) return [];
  const lines = text.split(/\r\n?|\n/);
  const [wide, tall] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const chosen = field.defaultAppearanceData?.fontSize ?? 0;
  const size = Math.min(chosen > 0 ? chosen : 12, (tall / lines.length) * 0.85);
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform;
  const scale = Math.hypot(a, b);
  // A widget says how far its text is turned against the page; the page itself may be turned the other way.
  const turn = (((rotation - (field.rotation ?? 0)) % 360) * Math.PI) / 180;
  const top = lines.length === 1 ? (y0 + y1) / 2 + size * 0.5 : Math.max(y0, y1) - size * 0.2;
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [x, y] = [Math.min(x0, x1) + 2, top - size * (0.85 + i * LINE)];
    return [
      {
        text: line,
        x: x * a + y * c + e,
        y: x * b + y * d + f,
        dx: Math.round(Math.cos(turn)),
        dy: Math.round(Math.sin(turn)),
        length: Math.min(wide - 4, line.length * size * 0.52) * scale,
        size: size * scale,
        mono: false,
        ascent: 0.8,
        descent: -0.2,
      },
    ];
  });
}

function textOf({ subtype, fieldType, fieldValue, contentsObj }: Field): string {
  if (subtype === 'FreeText') return contentsObj?.str ?? '';
  if (subtype !== 'Widget' || (fieldType !== 'Tx' && fieldType !== 'Ch')) return '';
  if (typeof fieldValue === 'string') return fieldValue;
  return Array.isArray(fieldValue) ? fieldValue.filter((value) => typeof value === 'string').join(' ') : '';
}
