/** The table of a scored run as text. */
import { accepted, allFieldsShare, atConfidence, coreShare, lineF1 } from './score.ts';
import type { Row, ScoredDocument } from './score.ts';
import { SCORED_FIELD_NAMES } from './rules.ts';
import type { ScoredField } from './rules.ts';

const share = (part: number, whole: number): string => (whole === 0 ? '-' : ((100 * part) / whole).toFixed(1));
const cell = (text: string | number, width: number): string => String(text).padStart(width);

const HEAD = `${'field'.padEnd(14)}${cell('known', 7)}${cell('answered', 10)}${cell('right %', 9)}${cell('right of answered %', 21)}${cell('without truth', 15)}`;

export function printRow(name: string, row: Row): string {
  const missing = row.documents.filter((d) => d.missing).length;
  const fields = SCORED_FIELD_NAMES.filter((field) => row.fields[field].known > 0).map((field) => {
    const { known, answered, right, extra } = row.fields[field];
    const parts = [cell(known, 7), cell(answered, 10), cell(share(right, known), 9)];
    return [field.padEnd(14), ...parts, cell(share(right, answered), 21), cell(extra, 15)].join('');
  });
  return [
    `== ${name}: ${row.documents.length} documents${missing > 0 ? `, ${missing} without a prediction` : ''}`,
    HEAD,
    ...fields,
    `all fields ${allFieldsShare(row).toFixed(1)} % right; all five core fields right in ${coreShare(row).toFixed(1)} % of ${row.core.known} documents`,
    ...(row.lines.documents > 0
      ? [
          `lines: ${row.lines.known} in ${row.lines.documents} documents, found F1 ${lineF1(row).toFixed(3)}, whole ${share(row.lines.whole, row.lines.known)} %`,
        ]
      : []),
    ...printConfidence(row),
    '',
  ].join('\n');
}

/** What the confidence and the acceptance are worth. */
export function printConfidence(row: Row): string[] {
  const steps = [0.99, 0.95, 0.9, 0.8].map((least) => ({ least, ...atConfidence(row, least) }));
  const { count, share: part, wrong } = accepted(row);
  return [
    ...steps.map(
      ({ least, share: of, right }) =>
        `confidence >= ${least}: ${of.toFixed(1)} % of the fields, ${right.toFixed(1)} % of them right`,
    ),
    `all five core fields accepted: ${count} documents (${part.toFixed(1)} %), ${wrong} of them with a wrong one`,
  ];
}

export const printMisses = (
  documents: readonly ScoredDocument[],
  field: string,
  said: (file: string) => unknown,
): string[] =>
  documents.flatMap(({ truth, values, lines }) => {
    const { file } = truth;
    if (field === 'lineItems')
      return lines && lines.found < lines.known
        ? [JSON.stringify({ file, want: lines.known, hit: lines.found, got: lines.said })]
        : [];
    const value = values.find((v) => v.field === field);
    return value?.known && !value.right
      ? [JSON.stringify({ file, want: truth[field as ScoredField], got: said(file) ?? null })]
      : [];
  });
