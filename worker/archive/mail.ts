/** Attachments of a mail: RFC 5322 (EML) and Outlook (MSG). */
import { createRequire } from 'node:module';
import PostalMime from 'postal-mime';
import { LIMITS } from '../../core/contract/intake.ts';
import { messageOf, UnreadableError } from '../unreadable.ts';

export interface MailPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Why it is no document of its own; undefined for one that may be. */
  readonly skip: 'inline-image' | 'signature' | undefined;
}

/** The part of the Outlook reader in use: its own types describe another way of loading it than Node's. */
interface MsgAttachment {
  readonly fileName?: string;
  readonly name?: string;
  readonly attachMimeTag?: string;
  readonly attachmentHidden?: boolean;
  readonly pidContentId?: string;
}
interface MsgReader {
  getFileData(): { error?: string; dataType?: string | null; attachments?: MsgAttachment[] };
  getAttachment(part: MsgAttachment): { fileName: string; content: Uint8Array };
}
type MsgReaderClass = new (bytes: ArrayBuffer) => MsgReader;
const require = createRequire(import.meta.url);

const SIGNATURE = /^(application\/(x-)?pkcs7-signature|application\/pgp-signature|text\/(x-)?vcard|text\/calendar)$/i;
/** Logos and icons of a mail's own text stay under it; a photo of an invoice pasted into the text does not. */
const LOGO_BYTES = 60 * 1024;

export async function mailParts(bytes: Uint8Array): Promise<MailPart[]> {
  const mail = await PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer', maxNestingDepth: 32 }).catch(
    (error: unknown) => {
      throw new UnreadableError('corrupt', `the mail cannot be parsed: ${messageOf(error)}`);
    },
  );
  checkCount(mail.attachments.length);
  const html = mail.html ?? '';
  return mail.attachments.map((part, i) => {
    const content = new Uint8Array(part.content as ArrayBuffer);
    const id = part.contentId?.replaceAll(/[<>]/g, '');
    const inText =
      part.disposition === 'inline' || part.related === true || (id !== undefined && html.includes(`cid:${id}`));
    return {
      name: part.filename ?? `part ${i + 1} (${part.mimeType})`,
      bytes: content,
      skip: skipOf(part.mimeType, inText, content.length),
    };
  });
}

function skipOf(mime: string, inText: boolean, size: number): MailPart['skip'] {
  if (SIGNATURE.test(mime)) return 'signature';
  return /^image\//i.test(mime) && inText && size < LOGO_BYTES ? 'inline-image' : undefined;
}

function checkCount(count: number): void {
  if (count > LIMITS.archiveEntries)
    throw new UnreadableError('archive-bomb', `${count} attachments; the limit is ${LIMITS.archiveEntries}`);
}

/** Throws UnreadableError for an OLE file that is no Outlook message. */
export function msgParts(bytes: Uint8Array): MailPart[] {
  const MsgReader = msgReader();
  try {
    const copy = Uint8Array.from(bytes);
    const reader = new MsgReader(copy.buffer);
    const data = reader.getFileData();
    if (data.error !== undefined || data.dataType !== 'msg') throw new UnreadableError('unsupported', OTHER_OLE);
    const attachments = data.attachments ?? [];
    checkCount(attachments.length);
    return attachments.map((part, i) => {
      const { fileName, content } = reader.getAttachment(part);
      const inText = part.attachmentHidden === true || part.pidContentId !== undefined;
      return {
        name: fileName || part.fileName || part.name || `part ${i + 1}`,
        bytes: content,
        skip: skipOf(part.attachMimeTag ?? mimeOfName(fileName), inText, content.length),
      };
    });
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError('corrupt', `the Outlook message cannot be parsed: ${messageOf(error)}`);
  }
}

const OTHER_OLE = 'an older Office file (doc, xls), no Outlook message';
const mimeOfName = (name: string | undefined): string =>
  /\.(png|jpe?g|gif|bmp)$/i.test(name ?? '') ? 'image/unknown' : 'application/octet-stream';

const msgReader = (): MsgReaderClass => (require('@kenjiuno/msgreader') as { default: MsgReaderClass }).default;
