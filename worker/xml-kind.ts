/** Which e-invoice an XML file is. Parsed as a whole: what is not well-formed, has a DTD or nests too deep is no document. */
import { assertNever } from '../core/assert.ts';
import { detect } from '../core/einvoice/detect.ts';
import { parseXml } from '../core/einvoice/parse.ts';
import type { Unreadable } from '../core/contract/tasks.ts';
import { unreadable } from './unreadable.ts';

export type XmlKind = { readonly kind: 'einvoice'; readonly syntax: string } | Unreadable;

export function xmlKind(bytes: Uint8Array): XmlKind {
  const head = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1');
  if (/<svg[\s>]/i.test(head)) return unreadable('unsupported', 'a picture (SVG)');
  const parsed = parseXml(bytes);
  if (parsed.kind === 'unreadable') return parsed;
  const found = detect(parsed.tree);
  switch (found.kind) {
    case 'einvoice':
      return { kind: 'einvoice', syntax: found.syntax };
    case 'unsupported-einvoice':
      return unreadable('unsupported-einvoice', `an e-invoice in the format ${found.format}, which is not read yet`);
    case 'not-an-invoice':
      return unreadable('not-an-invoice-xml', `the outermost element is ${found.root.slice(0, 120)}`);
    default:
      return assertNever(found);
  }
}
