/** Pages' words, and the XML of an e-invoice where there is one -> the finished reading. */
import { readFile } from 'node:fs/promises';
import type { Extraction, PageReading, Reading, ReadingNote } from '../../core/contract/reading.ts';
import type { TaskInput, TaskOutput } from '../../core/contract/tasks.ts';
import { compareWithPage } from '../../core/einvoice/compare.ts';
import { drawPages } from '../../core/einvoice/draw.ts';
import { placeOnPages } from '../../core/einvoice/place.ts';
import { readEinvoice, type Einvoice } from '../../core/einvoice/read.ts';
import { lookAt } from '../../core/einvoice/visible.ts';
import { codeNotes } from '../../core/extract/codes/apply.ts';
import { extract, vendorKeys } from '../../core/extract/extract.ts';
import { READER_VERSION } from '../../core/extract/version.ts';
import { createStageClock, type StageClock } from '../clock.ts';
import { embeddedXml } from '../pdf/einvoice.ts';
import { openPdf } from '../pdf/open.ts';
import { unreadable } from '../unreadable.ts';

type Output = TaskOutput<'extract'>;
type Input = Omit<TaskInput<'extract'>, 'pages'> & { readonly pages: PageReading[] };
type Fields = Pick<Reading, 'source' | 'pages' | 'syntax' | 'profile' | 'tree'> & {
  readonly extraction: Extraction;
  readonly keys?: string[];
};

export async function extractFields(input: Input): Promise<Output> {
  const clock = createStageClock();
  if (input.type === 'xml') {
    const einvoice = await clock.timed('xml', async () => readEinvoice(new Uint8Array(await readFile(input.path))));
    if (einvoice.kind === 'unreadable') return einvoice;
    return finish(input, await clock.timed('draw', () => drawn(einvoice)), clock);
  }
  if (input.type === 'pdf') return fromPdf(input, clock);
  if (input.type === 'image') return finish(input, await fromWords(input, [], clock), clock);
  return unreadable('no-pages', `a file of type ${input.type} is opened, not read`);
}

/** Fields come from the XML, boxes from the page that shows them; where the two differ, a note says so. */
async function fromPdf(input: Input, clock: StageClock): Promise<Output> {
  const { xml, refused } = await clock.timed('attachments', async () => embeddedXml(await openPdf(input.path)));
  const notes = refused.map(({ name, detail }) => ({ code: 'EMBEDDED_XML_REFUSED', params: { name, detail } }));
  if (xml === undefined) return finish(input, await fromWords(input, notes, clock), clock);
  const einvoice = await clock.timed('xml', () => readEinvoice(xml.bytes));
  if (einvoice.kind === 'unreadable') {
    const note = { code: 'EMBEDDED_XML_REFUSED', params: { name: xml.name, detail: einvoice.detail } };
    return finish(input, await fromWords(input, [...notes, note], clock), clock);
  }
  const fields = await clock.timed('place', () => placed(einvoice, input.pages));
  return finish(input, withNotes(fields, notes), clock);
}

function drawn(einvoice: Einvoice): Fields {
  const { pages, extraction } = drawPages(einvoice.tree, einvoice.extraction);
  return { ...partOf(einvoice), source: 'xml', pages, extraction };
}

function placed(einvoice: Einvoice, pages: PageReading[]): Fields {
  const visible = lookAt(pages);
  const extraction = placeOnPages(einvoice.extraction, visible);
  const differences = compareWithPage(einvoice.extraction, pages, visible);
  return {
    ...partOf(einvoice),
    source: 'xml',
    pages,
    extraction: {
      ...extraction,
      notes: [...extraction.notes, ...differences, ...codeNotes(einvoice.extraction, pages)],
    },
  };
}

const partOf = ({ syntax, profile, tree }: Einvoice) => ({
  syntax,
  tree,
  ...(profile === undefined ? {} : { profile }),
});

async function fromWords(input: Input, notes: readonly ReadingNote[], clock: StageClock): Promise<Fields> {
  const { pages, wantsKeys, memory } = input;
  const extraction = await clock.timed('fields', () => extract(pages, memory));
  const keys = wantsKeys === true ? await clock.timed('keys', () => vendorKeys(pages)) : undefined;
  return withNotes({ source: sourceOf(pages), pages, extraction, ...(keys === undefined ? {} : { keys }) }, notes);
}

function sourceOf(pages: readonly PageReading[]): Reading['source'] {
  const sources = new Set(pages.map((page) => page.source).filter((source) => source !== 'none'));
  if (sources.size > 1) return 'mixed';
  if (sources.has('text')) return 'text';
  return sources.has('ocr') ? 'ocr' : 'none';
}

const withNotes = (fields: Fields, notes: readonly ReadingNote[]): Fields => ({
  ...fields,
  extraction: { ...fields.extraction, notes: [...fields.extraction.notes, ...notes] },
});

function finish(input: Input, { extraction, keys, ...fields }: Fields, clock: StageClock): Output {
  const { header, lines, taxRows, language, memory } = extraction;
  const reading: Reading = {
    v: 1,
    engineVersion: READER_VERSION,
    document: input.document,
    ...fields,
    ...(language === undefined ? {} : { language }),
    header,
    lines,
    taxRows,
    notes: extraction.notes,
    ...(memory === undefined ? {} : { memory }),
  };
  return { kind: 'reading', reading, ms: clock.ms, ...(keys === undefined ? {} : { keys }) };
}
