/** Collects cells while an e-invoice is mapped, and remembers which element each came from (the drawn page needs it). */
import type { Candidate, ReadCell, ReadingNote, TermNode } from '../contract/reading.ts';
import { fieldInfo } from '../invoice/fields.ts';
import type { EntityType, FieldType } from '../invoice/fields.ts';
import { findAll } from './terms.ts';
import type { Keys } from './terms.ts';
import { canonicalValue, nodeText } from './values.ts';

/** Where a cell's value stands in the tree. `attribute`: in that attribute of the element, not in its text. */
export interface Origin {
  readonly entity: EntityType;
  readonly row: number;
  readonly field: string;
  readonly nodes: readonly TermNode[];
  readonly attribute?: string;
}

export interface Sheet {
  readonly keys: Keys;
  readonly origins: Origin[];
  readonly notes: ReadingNote[];
}

/** Cells of one entity: the header, a line or a tax row. */
export interface Row {
  readonly sheet: Sheet;
  readonly entity: EntityType;
  readonly row: number;
  readonly cells: Record<string, ReadCell>;
}

export const xmlCell = (value: string, text: string, reasons: string[], candidates: Candidate[] = []): ReadCell => ({
  value,
  text,
  source: 'xml',
  confidence: 1,
  reasons,
  candidates,
});

interface Put {
  readonly value: string;
  readonly text?: string;
  readonly nodes: readonly TermNode[];
  readonly attribute?: string;
  readonly reasons?: readonly string[];
  readonly candidates?: Candidate[];
}

/** Sets a cell from a value that is canonical already. */
export function put(row: Row, field: string, { value, text, nodes, attribute, reasons, candidates }: Put): void {
  const key = nodes[0] && row.sheet.keys.get(nodes[0]);
  const place = key?.startsWith('B') ? [`xml:${key}`] : nodes[0] ? [`xml:${nodes[0].name}`] : [];
  row.cells[field] = xmlCell(value, text ?? value, [...place, ...(reasons ?? [])], candidates);
  row.sheet.origins.push({
    entity: row.entity,
    row: row.row,
    field,
    nodes,
    ...(attribute !== undefined && { attribute }),
  });
}

/** Says that an element holds something that is no value of its kind; the raw text stays in the tree. */
export function noteInvalid(row: Row, field: string, node: TermNode, text: string): void {
  row.sheet.notes.push({
    code: 'XML_VALUE_INVALID',
    params: {
      field,
      value: text.trim().slice(0, 200),
      term: row.sheet.keys.get(node) ?? node.name,
      ...(row.entity === 'invoice' ? {} : { row: String(row.row + 1) }),
    },
  });
}

const typeOf = (row: Row, field: string): FieldType => fieldInfo(row.entity, field)?.type ?? 'text';

/** Sets a cell from the first of `nodes` whose text is a value of the field's type. */
export function putFirst(row: Row, field: string, nodes: readonly TermNode[]): void {
  const type = typeOf(row, field);
  for (const node of nodes) {
    const text = nodeText(node);
    const value = canonicalValue(type, text);
    if (value !== undefined && value !== '') {
      put(row, field, { value, text: text.trim(), nodes: [node] });
      return;
    }
  }
  const filled = nodes.find((node) => nodeText(node).trim() !== '');
  if (filled) noteInvalid(row, field, filled, nodeText(filled));
}

/** All elements with any of the keys, in the order of the keys. */
export const nodesOf = (keys: Keys, from: TermNode, terms: readonly string[]): TermNode[] =>
  terms.flatMap((term) => findAll(keys, from, term));
