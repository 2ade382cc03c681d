/** A page of the log as it is sent: NDJSON whose operations are the texts that are kept, printed once for all stations that ask for it, and pressed once for those that want it so. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import {
  headProofText,
  type PageEnd,
  type Receipt,
  receiptText,
  type SignedHead,
  SYNC_LIMITS,
} from '../../../core/contract/sync-http.ts';
import { headsForPage, type ProvedHead } from '../../../core/sync/offer.ts';
import type { SignedRow } from '../../store/hub-snapshots.ts';
import type { KnownDevice, LogPage, LogRow } from '../../store/hub-store.ts';
import type { KnownHead } from '../../store/station-sync-store.ts';
import { RECEIPTS, type SiteSigner } from './site-signer.ts';

const press = promisify(gzip);
/** Below this a packet more is dearer than the processor's time. */
const WORTH_PRESSING = 1_200;
/** A run of the site's own operations is offered in batches, as everybody's. */
const SIGN_EVERY = { ops: 500, bytes: SYNC_LIMITS.batchBytes / 4 };
/** What a batch says beside its operations. */
const BATCH_SPARE = 16 * 1024;

export interface PrintedPage {
  readonly plain: Buffer;
  /** Undefined where it is not worth it. */
  readonly pressed: () => Promise<Buffer> | undefined;
  readonly end: PageEnd;
}

const lineOf = ({ body, content, erasedBy, seq, verdict }: LogRow): string =>
  `{"body":${JSON.stringify(body)},"content":${contentOf(content, erasedBy)},"seq":${seq},"verdict":${JSON.stringify(verdict)}}\n`;

function contentOf(content: LogRow['content'], erasedBy: string | null): string {
  if (content !== null) return JSON.stringify(content);
  return erasedBy === null ? 'null' : `null,"erased":${JSON.stringify(erasedBy)}`;
}

export interface PageParts {
  readonly site: string;
  readonly after: number;
  readonly signer: SiteSigner;
  readonly devices: ReadonlyMap<string, KnownDevice>;
}

type HeadParts = Omit<PageParts, 'after'>;

/** Where devices signed, and the site for its own devices. */
export function signedHeads(rows: readonly SignedRow[], { site, signer, devices }: HeadParts): Map<string, ProvedHead> {
  const signed = new Map<string, ProvedHead>();
  let unsigned = { ops: 0, bytes: 0 };
  for (const [at, { device, devSeq, hash, headSig, role, bytes }] of rows.entries()) {
    const head = { device, dev_seq: devSeq, hash };
    if (headSig !== null) {
      signed.set(hash, { ...head, signature: headSig, ...(role == null ? {} : { role }) });
      continue;
    }
    if (devices.get(device)?.bySite !== true) continue;
    unsigned = { ops: unsigned.ops + 1, bytes: unsigned.bytes + bytes };
    const isFull = unsigned.ops >= SIGN_EVERY.ops || unsigned.bytes >= SIGN_EVERY.bytes;
    if (rows[at + 1]?.device === device && !isFull) continue;
    unsigned = { ops: 0, bytes: 0 };
    signed.set(hash, { ...head, signature: signer(device).sign(headProofText(site, head)) });
  }
  return signed;
}

const receiptOf = ({ site, signer }: HeadParts, head: SignedHead, key: string, role: string): Receipt => ({
  role,
  signature: signer(RECEIPTS).sign(receiptText(site, head, key, role)),
});

function headsOf(page: LogPage, lines: readonly string[], parts: PageParts): PageEnd['heads'] {
  const sizes = lines.map((line) => Buffer.byteLength(line));
  const rows = page.rows.map((row, at) => ({ ...row, bytes: sizes[at] ?? 0 }));
  const limits = { ops: SYNC_LIMITS.ops, bytes: SYNC_LIMITS.batchBytes - BATCH_SPARE };
  return headsForPage(rows, signedHeads(rows, parts), limits).flatMap((head) => knownHead(head, parts));
}

/** With what somebody else needs to offer its operations again; none where nobody knows its key. */
export function knownHead({ role, ...head }: ProvedHead, parts: HeadParts): KnownHead[] {
  const known = parts.devices.get(head.device);
  const key = known?.bySite === true ? parts.signer(head.device).publicKey : known?.publicKey;
  if (key == null) return [];
  const receipt = role === undefined ? {} : { receipt: receiptOf(parts, head, key, role) };
  return [{ ...head, public_key: key, ...receipt }];
}

export function printPage(page: LogPage, parts: PageParts): PrintedPage {
  const { history, rows } = page;
  const lines = rows.map(lineOf);
  const last = rows.at(-1);
  const end: PageEnd = {
    next: last?.seq ?? parts.after,
    site_hash: last?.siteHash ?? history.siteHash,
    epoch: history.epoch,
    head: history.seq,
    durable_seq: history.durableSeq,
    heads: headsOf(page, lines, parts),
  };
  const plain = Buffer.from(`${lines.join('')}${JSON.stringify(end)}\n`);
  let pressed: Promise<Buffer> | undefined;
  return {
    plain,
    end,
    pressed: () => (plain.length < WORTH_PRESSING ? undefined : (pressed ??= press(plain, { level: 1 }))),
  };
}
