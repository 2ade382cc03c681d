/** E-invoice XML embedded in a PDF (ZUGFeRD, Factur-X, XRechnung), recognised by content; the usual names only decide which is looked at first. */
import { LIMITS } from '../../core/contract/intake.ts';
import { messageOf, UnreadableError } from '../unreadable.ts';
import { xmlKind } from '../xml-kind.ts';
import type { OpenPdf } from './open.ts';

export interface EmbeddedXml {
  readonly name: string;
  readonly syntax: string;
  readonly bytes: Uint8Array;
}

const USUAL = /^(factur-x|zugferd-invoice|xrechnung|order-x)\.xml$/i;

export interface EmbeddedSearch {
  readonly xml: EmbeddedXml | undefined;
  /** Names and reasons of attachments that look like an e-invoice and cannot be used. */
  readonly refused: readonly { readonly name: string; readonly detail: string }[];
}

export async function embeddedXml(pdf: OpenPdf): Promise<EmbeddedSearch> {
  const refused: { name: string; detail: string }[] = [];
  let attachments;
  try {
    attachments = await (await pdf.pdfjs()).attachments();
  } catch (error) {
    if (error instanceof UnreadableError) return { xml: undefined, refused };
    return { xml: undefined, refused: [{ name: '', detail: messageOf(error) }] };
  }
  const order = attachments.toSorted((a, b) => Number(USUAL.test(b.name)) - Number(USUAL.test(a.name)));
  for (const { name, bytes } of order) {
    const usual = USUAL.test(name);
    if (!usual && !/^\s*(\ufeff|\u00ef\u00bb\u00bf)?\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1')))
      continue;
    if (bytes.length > LIMITS.bytes) {
      refused.push({ name, detail: 'over the size limit' });
      continue;
    }
    const kind = xmlKind(bytes);
    if (kind.kind === 'einvoice') return { xml: { name, syntax: kind.syntax, bytes }, refused };
    if (usual) refused.push({ name, detail: kind.detail });
  }
  return { xml: undefined, refused };
}
