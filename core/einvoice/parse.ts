/**
 * XML -> TermNode tree. Lossless for data: every element, attribute and text stays as written, in order; only comments, processing instructions, the
 * white space between elements and the choice of prefixes go. No DTD, no entities of its own, bounded depth and size: a hostile file is a value.
 */
import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';
import { LIMITS } from '../contract/intake.ts';
import type { UnreadableReason } from '../contract/intake.ts';
import type { TermNode } from '../contract/reading.ts';
import type { Unreadable } from '../contract/tasks.ts';
import { decodeXml } from './encoding.ts';
import { TEXT_NODE, qualifiedName } from './names.ts';

export type Parsed = { kind: 'parsed'; tree: TermNode; encoding: string };

/** An invoice of 10,000 lines has under half a million elements. */
const MAX_ELEMENTS = 1_000_000;
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Leaves the parser's callbacks; never leaves this file. */
class Stop extends Error {
  readonly reason: UnreadableReason;
  constructor(reason: UnreadableReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

const unreadable = (reason: UnreadableReason, detail: string): Unreadable => ({ kind: 'unreadable', reason, detail });

interface Frame {
  readonly tag: SaxesTagNS;
  readonly children: TermNode[];
  text: string;
}

function attributesOf(tag: SaxesTagNS): Record<string, string> | undefined {
  const entries = Object.values(tag.attributes)
    .filter((attribute) => attribute.uri !== XMLNS)
    .map((attribute) => [qualifiedName(attribute.uri, attribute.local), attribute.value] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text);

/** Text between child elements: kept where it says something. */
function flushMixed(frame: Frame): void {
  if (!isBlank(frame.text)) frame.children.push({ name: TEXT_NODE, text: frame.text });
  frame.text = '';
}

function closeFrame(frame: Frame): TermNode {
  const attributes = attributesOf(frame.tag);
  const base: TermNode = { name: qualifiedName(frame.tag.uri, frame.tag.local), ...(attributes && { attributes }) };
  if (frame.children.length === 0) return frame.text === '' ? base : { ...base, text: frame.text };
  flushMixed(frame);
  return { ...base, children: frame.children };
}

function buildTree(text: string): TermNode {
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const open: Frame[] = [];
  let root: TermNode | undefined;
  let elements = 0;
  let atEnd = false;
  parser.on('doctype', () => {
    throw new Stop('xml-forbidden', `line ${parser.line}: a document type declaration (DTD) is not allowed`);
  });
  parser.on('error', (error) => {
    throw new Stop(atEnd ? 'truncated' : 'corrupt', `line ${error.message.replace(/^(\d+:\d+: )/, '$1')}`);
  });
  parser.on('opentag', (tag) => {
    const parent = open.at(-1);
    if (parent) flushMixed(parent);
    if (open.length >= LIMITS.xmlDepth)
      throw new Stop('xml-forbidden', `line ${parser.line}: nested deeper than ${LIMITS.xmlDepth} elements`);
    if (++elements > MAX_ELEMENTS) throw new Stop('xml-forbidden', `more than ${MAX_ELEMENTS} elements`);
    open.push({ tag, children: [], text: '' });
  });
  const addText = (piece: string): void => {
    const frame = open.at(-1);
    if (frame) frame.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const node = closeFrame(open.pop()!);
    const parent = open.at(-1);
    if (parent) parent.children.push(node);
    else root = node;
  });
  parser.write(text);
  atEnd = true;
  parser.close();
  if (root === undefined) throw new Stop('corrupt', 'there is no element in the document');
  return root;
}

/** Tolerated around a document: white space and zero bytes that mail and PDF writers leave. */
const trimPadding = (text: string): string => text.replace(/^[\uFEFF\s]+/, '').replace(/[\0\s]+$/, '');

/** Never throws, whatever the bytes are. */
export function parseXml(bytes: Uint8Array): Parsed | Unreadable {
  if (bytes.length === 0) return unreadable('empty', 'the file has no bytes');
  if (bytes.length > LIMITS.bytes) return unreadable('too-large', `the XML is larger than ${LIMITS.bytes} bytes`);
  const decoded = decodeXml(bytes);
  if (decoded.kind === 'undecodable') return unreadable('corrupt', decoded.detail);
  const text = trimPadding(decoded.text);
  if (text === '') return unreadable('empty', 'the file holds nothing but white space');
  try {
    return { kind: 'parsed', tree: buildTree(text), encoding: decoded.encoding };
  } catch (error) {
    if (error instanceof Stop) return unreadable(error.reason, error.message);
    throw error;
  }
}
