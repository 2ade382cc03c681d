/** Parts of a drawn page: headings, label and value pairs, parties. */
import type { TermNode } from '../contract/reading.ts';
import { labelOf, shown, shownInFull } from './draw-values.ts';
import { TEXT_NODE, localName } from './names.ts';
import { MARGIN, PAGE } from './pen.ts';
import type { Block, Paragraph, Pen, Run } from './pen.ts';
import { textWidth } from './glyphs.ts';
import { termName } from './term-names.ts';
import type { TermLanguage } from './term-names.ts';
import { findAll } from './terms.ts';
import type { Keys } from './terms.ts';

export interface Sheet {
  readonly root: TermNode;
  readonly keys: Keys;
  readonly pen: Pen;
  readonly language: TermLanguage;
  /** BT-5. */
  readonly currency: string | undefined;
  /** Elements with a term outside the lines. */
  readonly find: (term: string) => TermNode[];
  readonly within: (node: TermNode, term: string) => TermNode[];
}

export function createSheet(root: TermNode, keys: Keys, pen: Pen, language: TermLanguage): Sheet {
  const within = (node: TermNode, term: string): TermNode[] => findAll(keys, node, term);
  const currency = within(root, 'BT-5')[0]?.text?.trim();
  return { root, keys, pen, language, currency, within, find: (term) => within(root, term) };
}

/** An element that holds a value, with the elements it stands in. */
export interface Leaf {
  readonly node: TermNode;
  readonly parents: readonly TermNode[];
}

const isAllowance = (local: string): boolean => local.endsWith('AllowanceCharge') || local === 'ChargeIndicator';

/** Markers the syntax demands and that say nothing: the tax is VAT, and an indicator of what the term's name says already. */
function isMarker(node: TermNode, parent: TermNode): boolean {
  const [local, within] = [localName(node.name), localName(parent.name)];
  const isVat = (node.text ?? '').trim() === 'VAT';
  if (isVat && ((local === 'ID' && within === 'TaxScheme') || (local === 'TypeCode' && within.endsWith('TradeTax')))) {
    return true;
  }
  return isAllowance(within) && (local === 'ChargeIndicator' || local === 'Indicator') && node.children === undefined;
}

/** All values below a node in document order; `stop` says what not to enter. */
export function leavesOf(node: TermNode, stop: (node: TermNode) => boolean = () => false): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (parent: TermNode, parents: readonly TermNode[]): void => {
    for (const child of parent.children ?? []) {
      if (stop(child) || isMarker(child, parent)) continue;
      if ((child.text ?? '').trim() !== '' || (child.attributes?.['filename'] ?? '') !== '') {
        leaves.push({ node: child, parents: child.name === TEXT_NODE ? parents.slice(0, -1) : parents });
      } else visit(child, [...parents, child]);
    }
  };
  visit(node, [node]);
  return leaves;
}

export const FULL = { x: MARGIN, width: PAGE.width - 2 * MARGIN } as const;

export const runOf = (node: TermNode): Run => ({ text: shown(node), node });

export function drawHeading({ pen }: Sheet, text: string): void {
  pen.need(40);
  pen.space(6);
  pen.row([{ ...FULL, paragraphs: [{ size: 10.5, runs: [{ text }] }] }]);
  pen.space(1);
}

const LABEL_SIZE = 7.5;
const VALUE_SIZE = 9;
const LABEL_WIDTH = 100;
const COLUMN = 262;

function pairBlocks(sheet: Sheet, { node, parents }: Leaf, x: number, width: number): Block[] {
  const label = labelOf(node, parents, sheet.language);
  return [
    { x, width: LABEL_WIDTH - 6, paragraphs: [{ size: LABEL_SIZE, runs: [{ text: label }] }] },
    {
      x: x + LABEL_WIDTH,
      width: width - LABEL_WIDTH,
      paragraphs: [{ size: VALUE_SIZE, runs: [{ text: shownInFull(node, sheet.currency), node }] }],
    },
  ];
}

/** Two pairs a row where both are short, else one. */
export function drawPairs(sheet: Sheet, leaves: readonly Leaf[]): void {
  const short = ({ node }: Leaf): boolean => {
    const text = shownInFull(node, sheet.currency);
    return text.length < 80 && !text.includes('\n') && textWidth(text, VALUE_SIZE) <= COLUMN - LABEL_WIDTH - 10;
  };
  for (let i = 0; i < leaves.length && !sheet.pen.full(); i++) {
    const [left, right] = [leaves[i]!, leaves[i + 1]];
    if (right !== undefined && short(left) && short(right)) {
      sheet.pen.row([
        ...pairBlocks(sheet, left, MARGIN, COLUMN - 10),
        ...pairBlocks(sheet, right, MARGIN + COLUMN, COLUMN - 10),
      ]);
      i++;
    } else sheet.pen.row(pairBlocks(sheet, left, MARGIN, FULL.width));
  }
}

const NAMES: ReadonlySet<string> = new Set(['BT-27', 'BT-44', 'BT-59', 'BT-62', 'BT-70']);
/** Address terms by the line of the letter they stand on: street, second, third, post code and city, region, country. */
const ADDRESS_LINES: readonly (readonly string[])[] = [
  ['BT-35', 'BT-50', 'BT-64', 'BT-75'],
  ['BT-36', 'BT-51', 'BT-65', 'BT-76'],
  ['BT-162', 'BT-163', 'BT-164', 'BT-165'],
  ['BT-38', 'BT-53', 'BT-67', 'BT-78', 'BT-37', 'BT-52', 'BT-66', 'BT-77'],
  ['BT-39', 'BT-54', 'BT-68', 'BT-79'],
  ['BT-40', 'BT-55', 'BT-69', 'BT-80'],
];

function partyBlock(sheet: Sheet, group: string, node: TermNode, x: number): Block {
  const leaves = leavesOf(node).filter((leaf) => !sheet.pen.has(leaf.node));
  const nodesOf = (terms: readonly string[]): TermNode[] =>
    terms.flatMap((term) => leaves.filter((leaf) => leaf.node.term === term).map((leaf) => leaf.node));
  const names = leaves.filter((leaf) => NAMES.has(leaf.node.term ?? ''));
  const address = ADDRESS_LINES.map((terms) => nodesOf(terms)).filter((nodes) => nodes.length > 0);
  const shownAlready = new Set([...names.map((leaf) => leaf.node), ...address.flat()]);
  const rest = leaves.filter((leaf) => !shownAlready.has(leaf.node));
  const paragraphs: Paragraph[] = [
    { size: LABEL_SIZE, runs: [{ text: termName(group, sheet.language) ?? '' }] },
    ...names.map((leaf) => ({ size: 10.5, runs: [runOf(leaf.node)] })),
    ...address.map((nodes) => ({ size: VALUE_SIZE, runs: nodes.map(runOf) })),
    ...rest.map((leaf) => ({
      size: 8,
      runs: [
        { text: `${labelOf(leaf.node, leaf.parents, sheet.language)}:` },
        { text: shownInFull(leaf.node, sheet.currency), node: leaf.node },
      ],
    })),
  ];
  return { x, width: COLUMN - 14, paragraphs };
}

/** Parties side by side, two a row. */
export function drawParties(sheet: Sheet, groups: readonly string[]): void {
  const found = groups.flatMap((group) => sheet.find(group).map((node) => ({ group, node })));
  const withContent = found.filter(({ node }) => leavesOf(node).some((leaf) => !sheet.pen.has(leaf.node)));
  if (withContent.length > 0) sheet.pen.space(6);
  for (let i = 0; i < withContent.length; i += 2) {
    const pair = withContent.slice(i, i + 2);
    sheet.pen.row(pair.map(({ group, node }, index) => partyBlock(sheet, group, node, MARGIN + index * COLUMN)));
    sheet.pen.space(8);
  }
}
