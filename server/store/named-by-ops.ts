/** What operations say of bytes that are kept beside the log: documents and readings. */
import { contentJson } from '../../core/invoice/log.ts';
import type { ArrivedOp } from '../../core/sync/arrived.ts';
import { DocumentAdded, ReadingRecorded } from '../../core/sync/op.ts';
import type { WaitedFor } from './hub-store.ts';

const SHA = /^[0-9a-f]{64}$/;

export interface Named {
  readonly documents: readonly {
    readonly sha256: string;
    readonly name: string;
    readonly mime: string;
    readonly size: number;
    readonly parent?: string | undefined;
  }[];
  readonly blobs: readonly {
    readonly sha256: string;
    readonly root: string;
    readonly kind: WaitedFor;
    readonly device: string;
  }[];
}

type Op = Pick<ArrivedOp, 'body' | 'content'>;

export function namedByOps(ops: readonly Op[]): Named {
  const documents = new Map<string, Named['documents'][number]>();
  const blobs = new Map<string, Named['blobs'][number]>();
  const name = (sha256: string, kind: WaitedFor, { body: { root, device } }: Op): void => {
    if (SHA.test(sha256)) blobs.set(`${sha256} ${root}`, { sha256, root, kind, device });
  };
  for (const op of ops) {
    const { kind, root } = op.body;
    if (kind === 'document.added' && SHA.test(root)) {
      const { data } = DocumentAdded.safeParse(contentJson(op));
      if (data === undefined) continue;
      const { name: called, mime, size, parent } = data;
      if (!documents.has(root)) documents.set(root, { sha256: root, name: called, mime, size, parent });
      name(root, 'document', op);
    } else if (kind === 'reading.recorded') {
      const { data } = ReadingRecorded.safeParse(contentJson(op));
      if (data?.blob !== undefined) name(data.blob, 'reading', op);
    }
  }
  return { documents: [...documents.values()], blobs: [...blobs.values()] };
}
