/**
 * Endpoints of sync (docs/sync.md). Operations travel as the canonical text that was hashed, never as parsed JSON: who prints a text again may print it in
 * another way. Only here does a path carry the site: a station says which history it means.
 */
import { z } from 'zod';
import { OpContent } from '../sync/op.ts';
import { snapshotApi } from './snapshot.ts';

const post = 'POST' as const;
const get = 'GET' as const;
const none = z.object({});
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
/** Ed25519, raw 64 bytes as base64url. */
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
/** Raw 32 bytes as base64url, in the one form of it: every page with operations of the device carries it. */
const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** Id of an installation's database: UUIDv4. The site's own device is one of them. */
const DeviceId = z.uuid();

/** A batch over these is refused whole with 413: the station halves it. */
export const SYNC_LIMITS = {
  ops: 1_000,
  /** Of the inflated request. */
  batchBytes: 1024 * 1024,
  opBytes: 64 * 1024,
  page: 1_000,
  waitSeconds: 25,
  blobs: 100,
} as const;

/** The station's `CONTRACT_VERSION`, with every request: below the site's floor it may read and not write. */
export const CONTRACT_HEADER = 'x-ap-contract';

/**
 * An operation on its way: `body` is its canonical text; `content` is null where it was erased, or where its sender does not hold it. `erased` tells the two apart: the
 * id of the operation that erased it. Nobody gives up what he holds for that word; only the erasure itself, once it was accepted, erases.
 */
export const WireOp = z.object({
  body: z.string().max(SYNC_LIMITS.opBytes),
  content: OpContent.nullable(),
  erased: z.string().max(100).optional(),
});
export type WireOp = z.infer<typeof WireOp>;

/** Where a device's chain stood when it signed: covers all of its operations up to there, through `dev_prev` (`headProofText`). */
export const SignedHead = z.object({ device: DeviceId, dev_seq: z.int().min(1), hash: Hash, signature: Signature });
export type SignedHead = z.infer<typeof SignedHead>;

export const headProofText = (site: string, head: { device: string; dev_seq: number; hash: string }): string =>
  `ap-intake head v1\n${site}\n${head.device}\n${head.dev_seq}\n${head.hash}`;

/**
 * The site's word for the role that it judged operations by, up to where a device signed: kept by stations and brought back with what they offer again, so that a site
 * that forgot them comes to the same verdicts, whoever has which role by then.
 */
export const Receipt = z.object({ role: z.string().max(40), signature: Signature });
export type Receipt = z.infer<typeof Receipt>;

export const receiptText = (
  site: string,
  { device, dev_seq, hash }: Omit<SignedHead, 'signature'>,
  key: string,
  role: string,
): string => `ap-intake receipt v1\n${site}\n${device}\n${dev_seq}\n${hash}\n${key}\n${role}`;

export const PushBatch = z.object({
  /** Whose operations these are: with `relay` not the sender's own. */
  device: DeviceId,
  /** The generation of the site's history that the station knows. */
  epoch: z.int().min(0),
  first_dev_seq: z.int().min(1),
  /** Dense: number `first_dev_seq` and those after it. */
  ops: z.array(WireOp).min(1).max(SYNC_LIMITS.ops),
  /** Of the last of them: of a later one it would prove nothing yet (core/sync/push.ts). */
  head: SignedHead,
  /** Parents that the sender does not hold and cannot offer: these are not waited for (409 `missing_parents`). */
  waived: z.array(z.string()).max(SYNC_LIMITS.ops).optional(),
  /** With `relay`: the key as a page gave it, for a site that went back to before it knew the device. */
  public_key: PublicKey.optional(),
  /** With `relay`: as a page gave it with the head. */
  receipt: Receipt.optional(),
});
export type PushBatch = z.infer<typeof PushBatch>;

export const Verdict = z.union([z.literal('accepted'), z.templateLiteral(['refused:', z.string()])]);
export type Verdict = z.infer<typeof Verdict>;

export const PushReply = z.object({
  /** The site holds all operations of the device up to this number. */
  acked: z.int(),
  /** Of the site's log after it. */
  head: z.object({ seq: z.int(), site_hash: Hash, epoch: z.int() }),
  results: z.array(z.object({ op_id: z.string(), seq: z.int(), verdict: Verdict })),
});
export type PushReply = z.infer<typeof PushReply>;

/** A page of the site's log is NDJSON: one `PulledOp` a line in the order of `seq`, and `PageEnd` as its last line. A page without its end is no page. */
export const PulledOp = WireOp.extend({ seq: z.int(), verdict: Verdict });
export type PulledOp = z.infer<typeof PulledOp>;

export const PageEnd = z.object({
  next: z.int(),
  /** Of `next`: what the station has to come to by itself. */
  site_hash: Hash,
  epoch: z.int(),
  /** Newest number of the log when the page was read: how much is left. */
  head: z.int(),
  /** Operations up to here are in a verified backup of the site; a station keeps its own ones until then. */
  durable_seq: z.int(),
  /**
   * Signed heads within the page, as `headsForPage` (core/sync/offer.ts) chooses them, and their keys: with them anybody can offer these operations again, in
   * this order. A page therefore ends where a batch ended, even if that makes it a little longer than was asked for.
   */
  heads: z.array(SignedHead.extend({ public_key: z.string(), receipt: Receipt.optional() })),
});
export type PageEnd = z.infer<typeof PageEnd>;

/** What the site's history is: asked for at the start and after a 409 `epoch`. */
export const SyncHead = z.object({
  site: z.string(),
  name: z.string(),
  epoch: z.int(),
  seq: z.int(),
  site_hash: Hash,
  /** ISO instant of the site, for a warning about a clock that is off. */
  now: z.string(),
  /** Oldest contract that may push; a station below it gets 426 and can still pull. */
  contract_floor: z.int(),
});
export type SyncHead = z.infer<typeof SyncHead>;

/** Details of a 409 (`reason` of the problem) and what the station does about it. */
export const SYNC_CONFLICTS = ['gap', 'device_forked', 'missing_parents', 'epoch'] as const;

const BlobState = z.discriminatedUnion('kind', [
  z.object({ sha256: Hash, kind: z.literal('exists') }),
  z.object({
    sha256: Hash,
    kind: z.literal('put'),
    url: z.string(),
    /** To be sent exactly so: they are signed, the length among them. */
    headers: z.record(z.string(), z.string()),
    expiresAt: z.string(),
  }),
  /** These bytes were not what they should be; nothing shows them. */
  z.object({ sha256: Hash, kind: z.literal('quarantined'), reason: z.string() }),
]);
export const WantedBlob = z.object({
  sha256: Hash,
  size: z.int().min(0),
  md5: z.string().regex(/^[A-Za-z0-9+/]{22}==$/),
});

const SitePath = z.object({ site: z.string() });

/** Operations of an invoice, for a station that gave up their texts: all of them, or as many as an answer takes. */
export const RootOps = z.object({
  epoch: z.int(),
  /** `at`: when the site received it (ISO instant). */
  ops: z.array(PulledOp.extend({ at: z.string() })),
  /** There are more, after this number. */
  next: z.int().optional(),
});
export type RootOps = z.infer<typeof RootOps>;

export const syncApi = {
  ...snapshotApi,
  rootOps: {
    method: get,
    path: '/api/v1/sites/:site/roots/:root/ops',
    params: SitePath.extend({ root: z.string().max(200) }),
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    body: null,
    reply: RootOps,
  },
  syncHead: {
    method: get,
    path: '/api/v1/sites/:site/head',
    params: SitePath,
    query: none,
    body: null,
    reply: SyncHead,
  },
  /** `relay`: operations of another device, offered again after the site went back to an older copy of itself. */
  pushOps: {
    method: post,
    path: '/api/v1/sites/:site/ops',
    params: SitePath,
    query: z.object({ relay: z.stringbool().default(false) }),
    body: PushBatch,
    reply: PushReply,
  },
  /** Waits up to `wait` seconds where there is nothing after `after`. */
  pullOps: {
    method: get,
    path: '/api/v1/sites/:site/ops',
    params: SitePath,
    query: z.object({
      after: z.coerce.number().int().min(0),
      epoch: z.coerce.number().int().min(0),
      limit: z.coerce.number().int().min(1).max(SYNC_LIMITS.page).default(SYNC_LIMITS.page),
      wait: z.coerce.number().int().min(0).max(SYNC_LIMITS.waitSeconds).default(0),
    }),
    body: null,
    reply: 'bytes',
  },
  offerBlobs: {
    method: post,
    path: '/api/v1/sites/:site/blobs/offers',
    params: SitePath,
    query: none,
    body: z.object({ blobs: z.array(WantedBlob).min(1).max(SYNC_LIMITS.blobs) }),
    reply: z.object({ blobs: z.array(BlobState) }),
  },
  /** The site reads what was put and proves its sha256, its size and its first bytes. */
  completeBlob: {
    method: post,
    path: '/api/v1/sites/:site/blobs/:sha256/complete',
    params: SitePath.extend({ sha256: Hash }),
    query: none,
    body: z.object({ size: z.int().min(0) }),
    reply: z.object({ state: z.enum(['verified', 'quarantined', 'missing']), reason: z.string().optional() }),
  },
  /** Where a site keeps its bytes on a disk of its own, an offer's address is this one, with a signature of its own instead of a token. */
  putBlob: {
    method: 'PUT' as const,
    path: '/api/v1/sites/:site/blobs/:sha256',
    params: SitePath.extend({ sha256: Hash }),
    query: z.object({
      size: z.coerce.number().int().min(0),
      until: z.coerce.number().int(),
      signature: z.string().max(100),
    }),
    body: 'stream',
    reply: z.object({ stored: z.literal(true) }),
    open: true,
  },
  /** Bytes, with ranges. */
  blob: {
    method: get,
    path: '/api/v1/sites/:site/blobs/:sha256',
    params: SitePath.extend({ sha256: Hash }),
    query: none,
    body: null,
    reply: 'bytes',
  },
} as const;
