import { ReadingRecorded } from '../../../core/sync/op.ts';

/** The JSON that a content holds; undefined where it was erased, or is none. */
export function parsedContent(value: string | null): unknown {
  if (value === null) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined; // of a newer version, in another form
  }
}

/** Whatever else a content says: bytes are named by their hash. */
const SHA = /^[0-9a-f]{64}$/;

/** The document and the bytes of a reading; undefined where it has none. */
export function bytesOfReading(value: string | null): { readonly blob: string; readonly document: string } | undefined {
  const { data } = ReadingRecorded.safeParse(parsedContent(value));
  return data?.blob !== undefined && SHA.test(data.blob) ? { blob: data.blob, document: data.document } : undefined;
}
