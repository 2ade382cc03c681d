/** Invoice lines (BG-25), sub lines included, in document order. */
import type { TermNode } from '../contract/reading.ts';
import { add, negate, subtract } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import { nodesOf, put, putFirst } from './sheet.ts';
import type { Row, Sheet } from './sheet.ts';
import { findAll } from './terms.ts';
import type { Keys } from './terms.ts';
import { multilineText, nodeText, plainText, xmlDecimal } from './values.ts';

/** A line element, how deep it stands below other lines, and what EXTENDED says about it. */
export interface LineNode {
  readonly node: TermNode;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly status: string | undefined;
}

function allLines(keys: Keys, from: TermNode, depth = 0): LineNode[] {
  return findAll(keys, from, 'BG-25').flatMap((node) => {
    const nested = allLines(keys, node, depth + 1);
    const status = findAll(keys, node, '=lineStatusReason')[0];
    const own = { node, depth, hasChildren: nested.length > 0, status: status && plainText(nodeText(status)) };
    return [own, ...nested];
  });
}

/** CII EXTENDED names the parent by its id instead of nesting. */
function withParents(keys: Keys, lines: readonly LineNode[]): LineNode[] {
  const textOf = (node: TermNode, key: string): string | undefined => {
    const found = findAll(keys, node, key)[0];
    return found && plainText(nodeText(found));
  };
  const parents = new Set(lines.map((line) => textOf(line.node, '=parentLine')).filter((id) => id !== undefined));
  return lines.map((line) => ({
    ...line,
    depth: textOf(line.node, '=parentLine') === undefined ? line.depth : line.depth + 1,
    hasChildren: line.hasChildren || parents.has(textOf(line.node, 'BT-126') ?? ''),
  }));
}

/**
 * Lines whose amount is not part of BT-106, because another line holds it too. The standards differ (sub lines below a summing line in UBL, detail lines
 * below a group without an own price in CII), so the sum decides among the readings that are legal.
 */
function outsideSum(sheet: Sheet, lines: readonly LineNode[], lineTotalSum: Decimal | undefined): Set<TermNode> {
  const flat = lines.every((line) => line.depth === 0 && line.status === undefined);
  if (flat) return new Set();
  const readings: ((line: LineNode) => boolean)[] = [
    (line) =>
      line.status !== 'GROUP' && line.status !== 'INFORMATION' && (line.status !== undefined || line.depth === 0),
    (line) => line.depth === 0,
    (line) => !line.hasChildren,
  ];
  const amount = (line: LineNode): Decimal => {
    const node = findAll(sheet.keys, line.node, 'BT-131')[0];
    return (node && xmlDecimal(nodeText(node))) ?? '0';
  };
  const fits = readings.find((counts) => add('0', ...lines.filter(counts).map(amount)) === lineTotalSum);
  const counts = fits ?? readings[0]!;
  return new Set(lines.filter((line) => !counts(line)).map((line) => line.node));
}

/** BT-153 and, where it adds something, BT-154. */
function mapDescription(row: Row, line: TermNode): void {
  const [name] = findAll(row.sheet.keys, line, 'BT-153');
  const [more] = findAll(row.sheet.keys, line, 'BT-154');
  const nodes = [name, more].filter((node) => node !== undefined && plainText(nodeText(node)) !== '') as TermNode[];
  const texts = nodes.map((node) => multilineText(nodeText(node)));
  const value = [...new Set(texts)].join('\n');
  if (value !== '') put(row, 'description', { value, nodes });
}

/** BT-149, where the price is for more or less than one. */
function mapPriceBase(row: Row, line: TermNode): void {
  const node = findAll(row.sheet.keys, line, 'BT-149').find((n) => plainText(nodeText(n)) !== '');
  if (node && xmlDecimal(nodeText(node)) !== '1') putFirst(row, 'priceBase', [node]);
}

const amounts = (nodes: readonly TermNode[]): Decimal[] => nodes.flatMap((n) => xmlDecimal(nodeText(n)) ?? []);

/** What the line's allowances (BG-27) take off and its charges (BG-28) put on: positive lowers the line total. */
function mapDiscount(row: Row, line: TermNode): void {
  const { keys } = row.sheet;
  const allowances = findAll(keys, line, 'BT-136');
  const charges = findAll(keys, line, 'BT-141');
  const nodes = [...allowances, ...charges];
  if (amounts(nodes).length === 0) return;
  const value = subtract(add('0', ...amounts(allowances)), add('0', ...amounts(charges)));
  const signed = [...amounts(allowances), ...amounts(charges).map(negate)];
  put(row, 'discount', { value, text: signed.join(' '), nodes });
}

function mapUnit(row: Row, line: TermNode): void {
  const node = findAll(row.sheet.keys, line, 'BT-129')[0];
  const unit = node?.attributes?.['unitCode'];
  if (node && unit !== undefined && plainText(unit) !== '') {
    put(row, 'unit', { value: plainText(unit), nodes: [node], attribute: 'unitCode', reasons: ['xml:BT-130'] });
  }
}

/** ZUGFeRD 1.0 writes remarks as lines: they have no product, quantity or amount, and stay in the tree only. */
const isRemark = (keys: Keys, line: TermNode): boolean =>
  nodesOf(keys, line, ['BT-129', 'BT-131', 'BT-146', 'BT-153']).every((node) => plainText(nodeText(node)) === '');

function mapLine(row: Row, line: TermNode): void {
  const { keys } = row.sheet;
  putFirst(row, 'position', findAll(keys, line, 'BT-126'));
  putFirst(row, 'articleNumber', nodesOf(keys, line, ['BT-155', 'BT-157', 'BT-156']));
  mapDescription(row, line);
  putFirst(row, 'quantity', findAll(keys, line, 'BT-129'));
  mapUnit(row, line);
  putFirst(row, 'unitPrice', findAll(keys, line, 'BT-146'));
  mapPriceBase(row, line);
  mapDiscount(row, line);
  putFirst(row, 'taxRate', findAll(keys, line, 'BT-152'));
  putFirst(row, 'lineTotal', findAll(keys, line, 'BT-131'));
  putFirst(row, 'poLine', findAll(keys, line, 'BT-132'));
  putFirst(row, 'costCentre', findAll(keys, line, 'BT-133'));
}

/** The lines in document order, sub lines after the line they belong to. */
export const invoiceLines = (keys: Keys, root: TermNode): LineNode[] =>
  withParents(keys, allLines(keys, root)).filter((line) => !isRemark(keys, line.node));

export function mapLines(sheet: Sheet, root: TermNode, lineTotalSum: Decimal | undefined): Row[] {
  const lines = invoiceLines(sheet.keys, root);
  const outside = outsideSum(sheet, lines, lineTotalSum);
  return lines.map(({ node }, index) => {
    const row: Row = { sheet, entity: 'line', row: index, cells: {} };
    mapLine(row, node);
    const total = row.cells['lineTotal'];
    if (total && outside.has(node)) row.cells['lineTotal'] = { ...total, reasons: [...total.reasons, 'not-in-sum'] };
    return row;
  });
}
