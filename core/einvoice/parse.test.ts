import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TermNode } from '../contract/reading.ts';
import { parseXml } from './parse.ts';
import { writeXml } from './write-xml.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const tree = (text: string): TermNode => {
  const parsed = parseXml(bytes(text));
  if (parsed.kind !== 'parsed') throw new Error(`${parsed.reason}: ${parsed.detail}`);
  return parsed.tree;
};

const CAC = 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2';

test('elements, attributes, repeats and raw text are kept; prefixes become the usual ones', () => {
  expect(
    tree(`<!-- c --><i:Invoice xmlns:i="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:q="${CAC}"
      xmlns="urn:other" a=" x&#10;y " q:b="1"><q:Party>  007.50 </q:Party><q:Party/>
      <n>a<![CDATA[<b>]]>&amp;c</n></i:Invoice>`),
  ).toEqual({
    name: 'ubl:Invoice',
    attributes: { a: ' x\ny ', 'cac:b': '1' },
    children: [
      { name: 'cac:Party', text: '  007.50 ' },
      { name: 'cac:Party' },
      { name: '{urn:other}n', text: 'a<b>&c' },
    ],
  });
});

test('text between elements is kept where it says something', () => {
  expect(tree('<a> one <b>two</b>\n<c/> three</a>')).toEqual({
    name: 'a',
    children: [
      { name: '#text', text: ' one ' },
      { name: 'b', text: 'two' },
      { name: 'c' },
      { name: '#text', text: ' three' },
    ],
  });
});

const reasonOf = (text: string): string => {
  const parsed = parseXml(bytes(text));
  return parsed.kind === 'parsed' ? 'parsed' : `${parsed.reason} | ${parsed.detail}`;
};

describe('what cannot be read is a value with a reason', () => {
  test.each([
    ['', /^empty/],
    [' \n\0', /^empty/],
    ['no xml', /^corrupt/],
    ['<a><b></a>', /^corrupt.*1:/],
    ['<a><b>', /^truncated/],
    ['<a x="1', /^truncated/],
    ['<a>&nope;</a>', /^corrupt/],
    ['<p:a/>', /^corrupt/],
    ['<!DOCTYPE a><a/>', /^xml-forbidden.*DTD/],
    ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', /^xml-forbidden/],
    ['<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>', /^xml-forbidden/],
    ['<a>'.repeat(65) + '</a>'.repeat(65), /^xml-forbidden.*64/],
  ])('%j', (text, expected) => {
    expect(reasonOf(text)).toMatch(expected);
  });
  test('64 levels are allowed', () => {
    expect(reasonOf('<a>'.repeat(64) + '</a>'.repeat(64))).toBe('parsed');
  });
});

test('padding around the document is tolerated', () => {
  expect(tree('\uFEFF\n <?xml version="1.0"?><a/>\n\0\0').name).toBe('a');
});

test('no bytes make the parser throw', () => {
  const snippets = fc.constantFrom(
    '<a',
    '>',
    '</a>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?xml',
    '?>',
    '&#x',
    ';',
    '&amp;',
    '"',
    "'",
    '=',
    'x',
    ' xmlns:p="u"',
    '<p:b/>',
    '<!DOCTYPE',
    '[',
    ']',
    '\0',
    '\uFEFF',
    '\u0001',
    'é',
    '\uD800',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc.array(snippets, { maxLength: 30 }).map((parts) => bytes(parts.join(''))),
      ),
      (input) => ['parsed', 'unreadable'].includes(parseXml(input).kind),
    ),
    { numRuns: 2000 },
  );
});

const names = fc.constantFrom('a', 'cbc:ID', 'cac:Party', 'ram:Name', '{urn:x y}b', '{http://e.example/{1}}c', 'zf:d');
const attributeNames = fc.constantFrom('schemeID', 'xsi:type', 'xml:lang', '{urn:x y}e');
// No character that XML forbids: those are dropped on writing, see below.
const texts = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('\r', '\n', '\t', ' ', '<', '>', '&', '"', "'", ']'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
  })
  // oxlint-disable-next-line no-control-regex
  .map((text) => text.replace(/[\0-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, ''));
const nodes = fc.letrec<{ node: TermNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.record(
      {
        name: names,
        text: texts.filter((t) => t !== ''),
        attributes: fc.dictionary(attributeNames, texts, { minKeys: 1 }),
      },
      { requiredKeys: ['name'] },
    ),
    fc.record(
      {
        name: names,
        children: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
        attributes: fc.dictionary(attributeNames, texts, { minKeys: 1 }),
      },
      { requiredKeys: ['name', 'children'] },
    ),
  ),
})).node;

test('tree -> XML -> tree loses nothing', () => {
  fc.assert(
    fc.property(nodes, (node) => {
      expect(tree(writeXml(node))).toEqual({ ...node });
    }),
    { numRuns: 500 },
  );
});

test('characters that XML cannot carry are dropped on writing, the rest of the text stays', () => {
  expect(tree(writeXml({ name: 'a', text: 'x\u0000\u0007y\uD800z😀' })).text).toBe('xyz😀');
});
