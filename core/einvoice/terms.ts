/**
 * Gives the elements of an e-invoice their business terms. A syntax is a table of text (ubl-terms.ts, cii-terms.ts), one line a path, indented below its
 * parent: `path KEY`, where KEY is a term (`BT-1`, `BG-4`) or `=name`; `Name[path=value]` or `Name[@attribute=value]` is a condition; `#label` names a
 * place, `@label` goes there (sub lines hold sub lines).
 */
import type { TermNode } from '../contract/reading.ts';
import { CII_TERMS, ZF1_NAMES } from './cii-terms.ts';
import { localName } from './names.ts';
import { UBL_TERMS } from './ubl-terms.ts';

interface Condition {
  readonly path: readonly string[];
  readonly value: string;
}
interface Step {
  readonly local: string;
  readonly condition?: Condition;
  place: Place;
}
/** A place in the table: what an element there is called, and where its children go. */
interface Place {
  key?: string;
  readonly steps: Step[];
}

/** Term or `=name` of each element that has one. */
export type Keys = ReadonlyMap<TermNode, string>;

function parseSegment(segment: string): { local: string; condition?: Condition } {
  const match = /^(\w+)(?:\[([^=]+)=([^\]]*)\])?$/.exec(segment);
  if (match === null) throw new Error(`bad path segment in a term table: ${segment}`);
  const [, local = '', path, value = ''] = match;
  return path === undefined ? { local } : { local, condition: { path: path.split('/'), value } };
}

const sameCondition = (a?: Condition, b?: Condition): boolean =>
  a?.value === b?.value && a?.path.join('/') === b?.path.join('/');

function enter(from: Place, path: string, rename: Readonly<Record<string, string>>): Step {
  let place = from;
  let step: Step | undefined;
  // Slashes inside a condition separate its own path.
  for (const segment of path.split(/\/(?![^[]*\])/)) {
    const { local: name, condition } = parseSegment(segment);
    const local = rename[name] ?? name;
    step = place.steps.find((s) => s.local === local && sameCondition(s.condition, condition));
    if (step === undefined) {
      step = { local, place: { steps: [] }, ...(condition && { condition }) };
      place.steps.push(step);
    }
    place = step.place;
  }
  if (step === undefined) throw new Error('empty path in a term table');
  return step;
}

function compile(table: string, rename: Readonly<Record<string, string>> = {}): Place {
  const root: Place = { steps: [] };
  const stack: { indent: number; place: Place }[] = [{ indent: -1, place: root }];
  const labels = new Map<string, Place>();
  for (const row of table.split('\n')) {
    if (row.trim() === '') continue;
    const indent = row.length - row.trimStart().length;
    while (stack.at(-1)!.indent >= indent) stack.pop();
    const [path = '', ...marks] = row.trim().split(' ');
    const step = enter(stack.at(-1)!.place, path, rename);
    for (const mark of marks) {
      if (mark.startsWith('@')) step.place = labels.get(mark.slice(1)) ?? step.place;
      else if (mark.startsWith('#')) labels.set(mark.slice(1), step.place);
      else step.place.key = mark;
    }
    stack.push({ indent, place: step.place });
  }
  return root;
}

export type Syntax = 'UBL' | 'CII' | 'ZUGFeRD 1.0';
const PLACES: Readonly<Record<Syntax, Place>> = {
  UBL: compile(UBL_TERMS),
  CII: compile(CII_TERMS),
  'ZUGFeRD 1.0': compile(CII_TERMS, ZF1_NAMES),
};

const truth = (text: string): string => (text === '1' ? 'true' : text === '0' ? 'false' : text);

function holds(node: TermNode, { path, value }: Condition): boolean {
  const [first = '', ...rest] = path;
  if (first.startsWith('@')) {
    const attribute = node.attributes?.[first.slice(1)];
    return attribute?.trim().toLowerCase() === value.toLowerCase();
  }
  for (const child of node.children ?? []) {
    if (localName(child.name) !== first) continue;
    if (rest.length > 0 ? holds(child, { path: rest, value }) : matchesText(child.text, value)) return true;
  }
  return false;
}
const matchesText = (text: string | undefined, value: string): boolean =>
  truth((text ?? '').trim()).toLowerCase() === value.toLowerCase();

function stepFor(place: Place, node: TermNode): Step | undefined {
  const local = localName(node.name);
  const fitting = place.steps.filter((s) => s.local === local);
  return (
    fitting.find((s) => s.condition !== undefined && conditionHolds(node, s)) ??
    fitting.find((s) => s.condition === undefined)
  );
}
const conditionHolds = (node: TermNode, step: Step): boolean =>
  step.condition !== undefined && holds(node, step.condition);

const first = (keys: Keys, key: string): string | undefined => {
  for (const [node, k] of keys) if (k === key) return node.text?.trim();
  return undefined;
};

/** A tax total in the accounting currency is BT-111, not BT-110; only the currency tells them apart. */
function separateAccountingTax(keys: Map<TermNode, string>): void {
  const accounting = first(keys, 'BT-6');
  if (accounting === undefined || accounting === first(keys, 'BT-5')) return;
  for (const [node, key] of keys) {
    if (key === 'BT-110' && node.attributes?.['currencyID'] === accounting) keys.set(node, 'BT-111');
  }
}

/** Names the elements below `root` in place (`term`) and returns what each is called. Doing it again changes nothing. */
export function annotate(root: TermNode, syntax: Syntax): Keys {
  const keys = new Map<TermNode, string>();
  const visit = (node: TermNode, place: Place): void => {
    for (const child of node.children ?? []) {
      const step = stepFor(place, child);
      if (step === undefined) continue;
      if (step.place.key !== undefined) keys.set(child, step.place.key);
      visit(child, step.place);
    }
  };
  visit(root, PLACES[syntax]);
  separateAccountingTax(keys);
  for (const [node, key] of keys) if (!key.startsWith('=')) node.term = key;
  return keys;
}

/** Elements called `key` below `node`, in document order; sub lines (BG-25 inside) keep theirs to themselves. */
export function findAll(keys: Keys, node: TermNode, key: string): TermNode[] {
  const found: TermNode[] = [];
  const visit = (parent: TermNode): void => {
    for (const child of parent.children ?? []) {
      const own = keys.get(child);
      if (own === key) found.push(child);
      if (own !== 'BG-25') visit(child);
    }
  };
  visit(node);
  return found;
}
