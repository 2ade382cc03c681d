/** Builds Outlook messages for tests: compound files with the streams that [MS-OXMSG] asks for. */
import { createRequire } from 'node:module';

export interface MsgAttachmentFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mime?: string;
  readonly hidden?: boolean;
}

interface Entry {
  name: string;
  /** 1 folder, 2 stream, 5 root. */
  type: number;
  length: number;
  children?: number[];
  binaryProvider?: () => Uint8Array;
}

const burner = createRequire(import.meta.url)('@kenjiuno/msgreader/lib/Burner') as {
  burn(entries: Entry[]): Uint8Array;
};

const unicode = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));

/** One fixed-size property: type, id, flags, value. */
function property(tag: number, value: number): Uint8Array {
  const out = Buffer.alloc(16);
  out.writeUInt32LE(tag >>> 0, 0);
  out.writeUInt32LE(6, 4);
  out.writeUInt32LE(value >>> 0, 8);
  return new Uint8Array(out);
}

const ATTACH_BY_VALUE = property(0x37050003, 1);
const HIDDEN = property(0x7ffe000b, 1);

export function msgFile(subject: string, attachments: readonly MsgAttachmentFile[]): Uint8Array {
  const entries: Entry[] = [{ name: 'Root Entry', type: 5, length: 0, children: [] }];
  const add = (parent: number, entry: Entry): number => {
    entries.push(entry);
    entries[parent]?.children?.push(entries.length - 1);
    return entries.length - 1;
  };
  const stream = (parent: number, name: string, bytes: Uint8Array): void => {
    add(parent, { name, type: 2, length: bytes.length, binaryProvider: () => bytes });
  };
  stream(0, '__properties_version1.0', new Uint8Array(32));
  stream(0, '__substg1.0_001A001F', unicode('IPM.Note'));
  stream(0, '__substg1.0_0037001F', unicode(subject));
  for (const [i, { name, bytes, mime, hidden }] of attachments.entries()) {
    const number = i.toString(16).toUpperCase().padStart(8, '0');
    const folder = add(0, { name: `__attach_version1.0_#${number}`, type: 1, length: 0, children: [] });
    const fixed = [new Uint8Array(8), ATTACH_BY_VALUE, ...(hidden === true ? [HIDDEN] : [])];
    stream(folder, '__properties_version1.0', new Uint8Array(Buffer.concat(fixed)));
    stream(folder, '__substg1.0_3707001F', unicode(name));
    if (mime !== undefined) stream(folder, '__substg1.0_370E001F', unicode(mime));
    stream(folder, '__substg1.0_37010102', bytes);
  }
  return burner.burn(entries);
}
