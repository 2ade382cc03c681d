/** Pages' words, or the XML of an e-invoice, -> the finished reading. The XML decides where there is one. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { Extraction, PageReading, Reading, ReadingNote } from '../../core/contract/reading.ts';
import type { TaskOutput, tasks, Unreadable } from '../../core/contract/tasks.ts';
import { drawPages } from '../../core/einvoice/draw.ts';
import type { Einvoice } from '../../core/einvoice/read.ts';
import { readEinvoice } from '../../core/einvoice/read.ts';
import { extract as extractFields } from '../../core/extract/extract.ts';
import { READER_VERSION } from '../../core/extract/version.ts';
import { createStageClock } from '../clock.ts';
import { embeddedXml } from '../pdf/einvoice.ts';
import { openPdf } from '../pdf/open.ts';

type Input = z.output<typeof tasks.extract.input>;

function sourceOf(pages: readonly PageReading[]): Reading['source'] {
  const sources = new Set(pages.map((page) => page.source).filter((source) => source === 'text' || source === 'ocr'));
  if (sources.size > 1) return 'mixed';
  return [...sources][0] ?? 'none';
}

const fromPages = (input: Input, notes: readonly ReadingNote[] = []): Reading => {
  const extraction = extractFields(input.pages);
  return {
    ...base(input, extraction),
    source: sourceOf(input.pages),
    pages: input.pages,
    notes: [...notes, ...extraction.notes],
  };
};

const base = (input: Input, { header, lines, taxRows, notes, language }: Extraction) => ({
  v: 1 as const,
  engineVersion: READER_VERSION,
  document: input.document,
  header,
  lines,
  taxRows,
  notes,
  ...(language === undefined ? {} : { language }),
});

/** The pages of a PDF stay as they were read; an XML alone gets drawn ones. */
function fromXml(input: Input, einvoice: Einvoice): Reading {
  const drawn = input.pages.length === 0 ? drawPages(einvoice.tree, einvoice.extraction) : undefined;
  return {
    ...base(input, drawn?.extraction ?? einvoice.extraction),
    source: 'xml',
    syntax: einvoice.syntax,
    ...(einvoice.profile === undefined ? {} : { profile: einvoice.profile }),
    pages: drawn?.pages ?? input.pages,
    tree: einvoice.tree,
  };
}

async function read(input: Input): Promise<Reading | Unreadable> {
  if (input.type === 'xml') {
    const einvoice = readEinvoice(new Uint8Array(await readFile(input.path)));
    return einvoice.kind === 'einvoice' ? fromXml(input, einvoice) : einvoice;
  }
  if (input.type !== 'pdf') return fromPages(input);
  const { xml, refused } = await embeddedXml(await openPdf(input.path));
  const notes = refused.map(({ name, detail }): ReadingNote => ({ code: 'XML_REFUSED', params: { name, detail } }));
  if (!xml) return fromPages(input, notes);
  const einvoice = readEinvoice(xml.bytes);
  // A PDF whose XML cannot be used is still a page with an invoice on it.
  if (einvoice.kind === 'einvoice') return fromXml(input, einvoice);
  return fromPages(input, [...notes, { code: 'XML_REFUSED', params: { name: xml.name, detail: einvoice.detail } }]);
}

export async function extract(input: Input): Promise<TaskOutput<'extract'>> {
  const clock = createStageClock();
  const outcome = await clock.timed('fields', () => read(input));
  return 'kind' in outcome ? outcome : { kind: 'reading', reading: outcome, ms: clock.ms };
}
