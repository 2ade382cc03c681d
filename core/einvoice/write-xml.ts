/** TermNode tree -> XML. The inverse of parse.ts: `parseXml(writeXml(tree))` is the tree again. */
import type { TermNode } from '../contract/reading.ts';
import { TEXT_NODE, nameParts } from './names.ts';

/** XML 1.0, production 2 (Char): what it cannot carry even as a reference is dropped, it has no place in a business document. */
function isLegal(point: number): boolean {
  if (point < 0x20) return point === 9 || point === 10 || point === 13;
  return (point < 0xd800 || point > 0xdfff) && point !== 0xfffe && point !== 0xffff;
}
const legal = (text: string): string => {
  const chars = Array.from(text);
  return chars.every((char) => isLegal(char.codePointAt(0)!))
    ? text
    : chars.filter((char) => isLegal(char.codePointAt(0)!)).join('');
};

const ENTITY: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const reference = (char: string): string => ENTITY[char] ?? `&#${char.charCodeAt(0)};`;

// A parser turns a bare CR into LF, and any white space of an attribute into a blank: both go as references.
const escapeText = (text: string): string => legal(text).replace(/[&<>\r]/g, reference);
const escapeAttribute = (text: string): string => legal(text).replace(/[&<"\t\n\r]/g, reference);

/** Prefix of every namespace in the tree, fixed ones first, `n1`, `n2` ... for the rest. */
function collectNamespaces(tree: TermNode): Map<string, string> {
  const prefixes = new Map<string, string>();
  let made = 0;
  const add = (name: string): void => {
    const { uri, prefix } = nameParts(name);
    if (uri === '' || prefix === 'xml' || prefixes.has(uri)) return;
    prefixes.set(uri, prefix ?? `n${++made}`);
  };
  const visit = (node: TermNode): void => {
    if (node.name !== TEXT_NODE) add(node.name);
    for (const name of Object.keys(node.attributes ?? {})) add(name);
    for (const child of node.children ?? []) visit(child);
  };
  visit(tree);
  return prefixes;
}

export function writeXml(tree: TermNode): string {
  const prefixes = collectNamespaces(tree);
  const nameOf = (name: string): string => {
    const { uri, prefix, local } = nameParts(name);
    const used = prefix === 'xml' ? 'xml' : prefixes.get(uri);
    return used === undefined ? local : `${used}:${local}`;
  };
  const declarations = [...prefixes].map(([uri, prefix]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`).join('');

  const write = (node: TermNode, indent: string, extra: string): string => {
    const attributes = Object.entries(node.attributes ?? {})
      .map(([name, value]) => ` ${nameOf(name)}="${escapeAttribute(value)}"`)
      .join('');
    const tag = nameOf(node.name);
    const head = `<${tag}${extra}${attributes}`;
    if (node.children === undefined) {
      return node.text === undefined ? `${indent}${head}/>` : `${indent}${head}>${escapeText(node.text)}</${tag}>`;
    }
    // Indenting mixed content would change its text.
    const mixed = node.children.some((child) => child.name === TEXT_NODE);
    const inner = mixed ? '' : `${indent}  `;
    const body = node.children.map((child) =>
      child.name === TEXT_NODE ? escapeText(child.text ?? '') : write(child, inner, ''),
    );
    return mixed
      ? `${indent}${head}>${body.join('')}</${tag}>`
      : `${indent}${head}>\n${body.join('\n')}\n${indent}</${tag}>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(tree, '', declarations)}\n`;
}
