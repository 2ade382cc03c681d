/** Bytes of an e-invoice XML -> named tree and fields. The entry point of this folder. */
import type { Extraction, TermNode } from '../contract/reading.ts';
import type { Unreadable } from '../contract/tasks.ts';
import { detect, detectBytes } from './detect.ts';
import { mapEinvoice } from './map.ts';
import { parseXml } from './parse.ts';
import type { Syntax } from './terms.ts';

export interface Einvoice {
  readonly kind: 'einvoice';
  readonly syntax: Syntax;
  /** BT-24 as written. */
  readonly profile?: string;
  readonly tree: TermNode;
  readonly extraction: Extraction;
}

const unreadable = (reason: Unreadable['reason'], detail: string): Unreadable => ({
  kind: 'unreadable',
  reason,
  detail,
});

/** Never throws: a hostile, broken or foreign file is a value that says so. */
export function readEinvoice(bytes: Uint8Array): Einvoice | Unreadable {
  const foreign = detectBytes(bytes);
  if (foreign !== undefined) return unreadable('unsupported-einvoice', foreign);
  const parsed = parseXml(bytes);
  if (parsed.kind === 'unreadable') return parsed;
  const detected = detect(parsed.tree);
  if (detected.kind === 'unsupported-einvoice') return unreadable('unsupported-einvoice', detected.format);
  if (detected.kind === 'not-an-invoice') return unreadable('not-an-invoice-xml', `root element ${detected.root}`);
  const { extraction, profile } = mapEinvoice(detected);
  return {
    kind: 'einvoice',
    syntax: detected.syntax,
    tree: parsed.tree,
    extraction,
    ...(profile !== undefined && { profile }),
  };
}
