/** How far a review is: what still needs a human, in which order, and whether the invoice may be confirmed. */
import type { Finding, Invoice } from '../../core/contract/invoice.ts';
import { cellAt, keyOf } from './cells.ts';
import type { CellKey } from './cells.ts';

/** Doubts about a single value: settled by looking at it. The other findings are rules: settled by correcting, or by a reason. */
const DOUBTS: ReadonlySet<string> = new Set(['LOW_CONFIDENCE', 'MISSING_REQUIRED_FIELD', 'INVALID_FIELD_FORMAT']);

/** Concerns the value of one cell, and is shown there. */
export const isDoubt = (finding: Finding): boolean => DOUBTS.has(finding.code);

export const isRule = (finding: Finding): boolean => finding.severity !== 'info' && !isDoubt(finding);

/** Warnings whose way out is to look and accept. Those that do not add up, or could cost money, need a reason instead. */
const ACCEPTABLE: ReadonlySet<string> = new Set(['confirm-date', 'check-field', 'check-page']);

/** A person has accepted every value it names: nothing is left to do about it. */
export function isAccepted(finding: Finding, invoice: Invoice): boolean {
  return (
    finding.severity === 'warning' &&
    ACCEPTABLE.has(finding.clear) &&
    finding.cells.length > 0 &&
    finding.cells.every((ref) => cellAt(invoice, keyOf(ref)).actor !== undefined)
  );
}

/** Cells that still need a human, in the order of work. */
export function openCells(invoice: Invoice): CellKey[] {
  const open = new Set(
    invoice.findings.filter((f) => f.severity !== 'info' && !isAccepted(f, invoice)).flatMap((f) => f.cells.map(keyOf)),
  );
  const accepted = new Set(invoice.findings.filter((f) => isAccepted(f, invoice)).flatMap((f) => f.cells.map(keyOf)));
  return invoice.attention.map(keyOf).filter((key) => open.has(key) || !accepted.has(key));
}

export interface Left {
  readonly fields: number;
  readonly rules: number;
  readonly errors: number;
}

export function leftOf(invoice: Invoice): Left {
  const rules = invoice.findings.filter((f) => isRule(f) && !isAccepted(f, invoice));
  const ofRules = new Set(rules.flatMap((f) => f.cells.map(keyOf)));
  const doubted = new Set(
    invoice.findings.filter((f) => f.severity !== 'info' && isDoubt(f)).flatMap((f) => f.cells.map(keyOf)),
  );
  const fields = openCells(invoice).filter((key) => doubted.has(key) || !ofRules.has(key));
  return {
    fields: fields.length,
    rules: rules.length,
    errors: rules.filter((f) => f.severity === 'error').length,
  };
}

/** A document that could not be read and into which nobody has typed anything yet. */
export const isBlank = (invoice: Invoice): boolean =>
  invoice.reading?.unreadable !== undefined &&
  invoice.lines.length === 0 &&
  Object.values(invoice.header).every((cell) => cell.value === null);

export const isClean = (left: Left): boolean => left.fields === 0 && left.rules === 0;

/**
 * The next cell that needs a human: after `from` in the order of work, around the end, leaving out what was looked at already. undefined where
 * nothing is left to look at.
 */
export function nextAttention(
  attention: readonly CellKey[],
  from: CellKey | null,
  visited: ReadonlySet<CellKey>,
  step: 1 | -1,
): CellKey | undefined {
  const at = from === null ? -1 : attention.indexOf(from);
  const start = at < 0 ? (step === 1 ? 0 : attention.length - 1) : at + step;
  for (let i = 0; i < attention.length; i++) {
    const key = attention[(start + step * i + attention.length * 2) % attention.length]!;
    if (key !== from && (step === -1 || !visited.has(key))) return key;
  }
  return undefined;
}
