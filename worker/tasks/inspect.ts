/** What a file is, by its content, and every limit that can be checked before any real work. */
import { readFile, stat } from 'node:fs/promises';
import { assertNever } from '../../core/assert.ts';
import { LIMITS } from '../../core/contract/intake.ts';
import type { TaskInput, TaskOutput, Unreadable } from '../../core/contract/tasks.ts';
import { msgParts } from '../archive/mail.ts';
import { packageKind, zipEntries } from '../archive/zip.ts';
import { guessType } from '../detect.ts';
import { imageInfo } from '../image/decode.ts';
import { findBomb } from '../pdf/bombs.ts';
import { embeddedXml } from '../pdf/einvoice.ts';
import { openPdf, type OpenPdf } from '../pdf/open.ts';
import { unreadable, UnreadableError } from '../unreadable.ts';
import { xmlKind } from '../xml-kind.ts';

type Output = TaskOutput<'inspect'>;

export async function inspect(input: TaskInput<'inspect'>): Promise<Output> {
  const { size } = await stat(input.path);
  if (size === 0) return unreadable('empty', 'the file has 0 bytes');
  if (size > LIMITS.bytes)
    return unreadable('too-large', `${megabytes(size)} MB; the limit is ${megabytes(LIMITS.bytes)} MB`);
  const bytes = new Uint8Array(await readFile(input.path));
  const type = guessType(bytes);
  switch (type) {
    case 'pdf':
      return inspectPdf(input.path, bytes);
    case 'png':
    case 'jpeg':
    case 'tiff':
    case 'webp':
      return inspectImage(input.path);
    case 'xml':
      return inspectXml(bytes);
    case 'der':
      return inspectSigned(bytes);
    case 'zip':
      return inspectZip(bytes);
    case 'mail':
      return { kind: 'document', type: 'mail', mime: 'message/rfc822', pages: 1 };
    case 'ole':
      msgParts(bytes);
      return { kind: 'document', type: 'mail', mime: 'application/vnd.ms-outlook', pages: 1 };
    case 'html':
      return unreadable('unsupported', 'a web page (HTML)');
    case 'unknown':
      return unreadable('unsupported', 'the content is no PDF, image, e-invoice XML, mail or ZIP');
    default:
      return assertNever(type);
  }
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1_048_576);

async function inspectPdf(path: string, bytes: Uint8Array): Promise<Output> {
  const bomb = findBomb(bytes);
  if (bomb !== undefined) return unreadable('archive-bomb', bomb);
  const pdf = await openPdf(path);
  const pages = await pdfPages(pdf, bytes);
  if (typeof pages !== 'number') return pages;
  if (pages === 0) return unreadable('no-pages', 'the PDF has no pages');
  if (pages > LIMITS.pages) return unreadable('too-many-pages', `${pages} pages; the limit is ${LIMITS.pages}`);
  const { xml } = await embeddedXml(pdf);
  return {
    kind: 'document',
    type: 'pdf',
    mime: 'application/pdf',
    pages,
    ...(xml === undefined ? {} : { einvoice: xml.syntax }),
  };
}

/** Two readers with different repairs: the file is lost only where both refuse it. */
async function pdfPages(pdf: OpenPdf, bytes: Uint8Array): Promise<number | Unreadable> {
  const problems: UnreadableError[] = [];
  for (const open of [() => pdf.pdfjs(), () => pdf.pdfium()]) {
    try {
      const { pages } = await open();
      if (pages > 0) return pages;
      problems.push(new UnreadableError('no-pages', 'the PDF has no pages'));
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      if (error.reason === 'encrypted') return unreadable('encrypted', error.message);
      problems.push(error);
    }
  }
  const empty = problems.find((problem) => problem.reason === 'no-pages');
  if (empty !== undefined && problems.every((problem) => problem.reason === 'no-pages')) return 0;
  const tail = Buffer.from(bytes.subarray(-2_048)).toString('latin1');
  if (!tail.includes('%%EOF')) return unreadable('truncated', 'the PDF ends before its end mark');
  if (empty !== undefined) return 0;
  return unreadable('corrupt', problems.map((problem) => problem.message).join('; '));
}

async function inspectImage(path: string): Promise<Output> {
  const first = await imageInfo(path);
  if (first.pages > LIMITS.pages)
    return unreadable('too-many-pages', `${first.pages} pages; the limit is ${LIMITS.pages}`);
  for (let page = 1; page <= first.pages; page += 1) {
    const { width, height } = page === 1 ? first : await imageInfo(path, page);
    if (width * height > LIMITS.pagePixels)
      return unreadable(
        'too-many-pixels',
        `page ${page} has ${width} x ${height} pixels; the limit is ${LIMITS.pagePixels / 1_000_000} megapixels`,
      );
  }
  return { kind: 'document', type: 'image', mime: first.mime, pages: first.pages };
}

function inspectXml(bytes: Uint8Array): Output {
  const kind = xmlKind(bytes);
  if (kind.kind === 'unreadable') return kind;
  return { kind: 'document', type: 'xml', mime: 'application/xml', pages: 1, einvoice: kind.syntax };
}

function inspectSigned(bytes: Uint8Array): Output {
  const holds = Buffer.from(bytes).includes('FatturaElettronica');
  return holds
    ? unreadable('unsupported-einvoice', 'a signed e-invoice (.p7m) in the format FatturaPA, which is not read yet')
    : unreadable('unsupported', 'a signed file (PKCS #7) without an e-invoice that is known');
}

function inspectZip(bytes: Uint8Array): Output {
  const entries = zipEntries(bytes);
  const kind = packageKind(entries);
  if (kind !== undefined) return unreadable('unsupported', kind);
  if (entries.length === 0) return unreadable('no-pages', 'the ZIP holds no files');
  if (entries.every((entry) => entry.encrypted)) return unreadable('encrypted', 'the ZIP asks for a password');
  return { kind: 'document', type: 'zip', mime: 'application/zip', pages: entries.length };
}
