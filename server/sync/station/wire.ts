/** Requests of sync to the site, each once: what it answered, typed. Trying again is the business of who asks. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { z } from 'zod';
import { accessApi } from '../../../core/contract/access.ts';
import { Problem } from '../../../core/contract/http.ts';
import {
  CONTRACT_HEADER,
  headProofText,
  PushReply,
  type PushBatch,
  type SignedHead,
  SYNC_LIMITS,
  SyncHead,
  syncApi,
  type WantedBlob,
} from '../../../core/contract/sync-http.ts';
import { CONTRACT_VERSION } from '../../../core/contract/version.ts';
import type { LogPlace } from '../../../core/sync/pull.ts';
import type { Answer } from '../../../core/sync/session.ts';
import { isThisMachine } from '../../enrol/nearness.ts';
import { type SiteLink, SiteLinkError, type SiteRequest } from '../../enrol/site-link.ts';
import type { Offer } from '../../store/station-sync-store.ts';
import { type ReadPage, readPage } from './page.ts';

const press = promisify(gzip);
const inflate = promisify(gunzip);
const MOST_ANSWER = 8 * 1024 * 1024;
const PROBLEM = 'application/problem+json';
/** Above this a request is pressed. */
const WORTH_PRESSING = 1_200;
/** Over the time that the site itself waits. */
const SPARE_MS = 15_000;
/** Bytes a millisecond that a line carries at the least: of a batch that is longer under way, no answer is waited for. */
const SLOWEST = 8;

interface RefusalDetails {
  readonly epoch?: number;
  readonly parents?: readonly string[];
}

/** An answer that is no success. */
export class Refused extends Error {
  readonly answer: Answer;
  /** Of a 409: the history of today, or parents that the site lacks. */
  readonly details: RefusalDetails;
  constructor(answer: Answer, details: RefusalDetails, title: string) {
    super(`the site answered ${answer.status}${answer.reason === undefined ? '' : ` ${answer.reason}`}: ${title}`);
    this.name = 'Refused';
    this.answer = answer;
    this.details = details;
  }
}

/** It does not answer, or whoever stands before it does: nothing was learnt of what was asked. */
export const isAway = (error: unknown): boolean =>
  error instanceof SiteLinkError || (error instanceof Refused && [429, 502, 503, 504].includes(error.answer.status));

/** `waived`: parents that nobody here can offer. */
export interface SentOffer {
  readonly epoch: number;
  readonly offer: Offer;
  readonly waived: readonly string[];
}

interface Packed {
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signed, printed and pressed. */
export interface ReadyOffer {
  readonly sent: SentOffer;
  readonly packed: Packed;
}

export interface WireParts {
  readonly link: Pick<SiteLink, 'state' | 'authorisedFetch' | 'sign'>;
  readonly now: () => number;
  /** How far this machine's clock is ahead of the site's, as an answer told. */
  readonly onClock: (aheadMs: number) => void;
}

export type SyncWire = ReturnType<typeof createSyncWire>;

const OfferReply = syncApi.offerBlobs.reply;
export type BlobState = z.infer<typeof OfferReply>['blobs'][number];
const CompleteReply = syncApi.completeBlob.reply;

export function createSyncWire({ link, now, onClock }: WireParts) {
  /** Between programs of one machine pressing and inflating takes longer than what it spares. */
  const isNear = (): boolean => {
    const state = link.state();
    return state.enrolled && isThisMachine(state.address);
  };
  async function ask(path: string, request: SiteRequest = {}): Promise<Response> {
    const sentAt = now();
    const response = await link.authorisedFetch(path, {
      ...request,
      headers: {
        'accept-encoding': isNear() ? 'identity' : 'gzip',
        [CONTRACT_HEADER]: String(CONTRACT_VERSION),
        ...request.headers,
      },
    });
    // Of a long poll the time in between says nothing.
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date) && now() - sentAt < 5_000) onClock(Math.round((sentAt + now()) / 2) - date);
    if (response.ok) return response;
    throw await refusedBy(response, now());
  }
  const get = async <T extends z.ZodType>(path: string, schema: T, signal: AbortSignal): Promise<z.output<T>> =>
    schema.parse(await jsonOf(await ask(path, { signal, mostBytes: MOST_ANSWER })));

  async function post<T extends z.ZodType>(
    path: string,
    body: unknown,
    schema: T,
    signal: AbortSignal,
  ): Promise<z.output<T>> {
    return send(path, await pack(JSON.stringify(body)), schema, { signal });
  }

  async function send<T extends z.ZodType>(
    path: string,
    { body, headers }: Packed,
    schema: T,
    request: Pick<SiteRequest, 'signal' | 'headMs'>,
  ): Promise<z.output<T>> {
    const wish = { ...request, method: 'POST', headers, body, mostBytes: MOST_ANSWER };
    return schema.parse(await jsonOf(await ask(path, wish)));
  }

  async function pack(text: string): Promise<Packed> {
    const type = { 'content-type': 'application/json' };
    if (text.length < WORTH_PRESSING || isNear()) return { body: text, headers: type };
    // The higher levels take several times as long for a few per cent: most of a batch is hashes.
    return { body: await press(text, { level: 1 }), headers: { ...type, 'content-encoding': 'gzip' } };
  }

  async function signed(site: string, { device, last, signed: theirs }: Offer): Promise<SignedHead> {
    if (theirs !== null) return theirs;
    const head = { device, dev_seq: last.devSeq, hash: last.hash };
    const signature = await link.sign(Buffer.from(headProofText(site, head)));
    return { ...head, signature: Buffer.from(signature).toString('base64url') };
  }

  return {
    names: async (signal: AbortSignal) =>
      (await get(accessApi.listNames.path, accessApi.listNames.reply, signal)).items,
    head: (site: string, signal: AbortSignal) => get(`${of(site)}/head`, SyncHead, signal),
    /** All that a batch needs but the site: it can be made while another one is under way. */
    async ready(site: string, sent: SentOffer): Promise<ReadyOffer> {
      const { epoch, offer, waived } = sent;
      const { device, first, text, publicKey, receipt = null } = offer;
      const batch: Omit<PushBatch, 'ops'> = {
        device,
        epoch,
        first_dev_seq: first,
        head: await signed(site, offer),
        ...(waived.length === 0 ? {} : { waived: [...waived] }),
        ...(publicKey === null ? {} : { public_key: publicKey }),
        ...(receipt === null ? {} : { receipt }),
      };
      // The operations are printed already.
      return { sent, packed: await pack(`${JSON.stringify(batch).slice(0, -1)},"ops":${text}}`) };
    },
    /** A refusal says whose operations were offered. */
    async push(site: string, { sent, packed: batch }: ReadyOffer, signal: AbortSignal): Promise<PushReply> {
      const { device, own, count } = sent.offer;
      try {
        const headMs = SPARE_MS + batch.body.length / SLOWEST;
        return await send(`${of(site)}/ops${own ? '' : '?relay=true'}`, batch, PushReply, { signal, headMs });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        throw new Refused({ ...error.answer, offered: { device, own, ops: count } }, error.details, error.message);
      }
    },
    async pull(site: string, place: LogPlace, waitSeconds: number, signal: AbortSignal): Promise<ReadPage> {
      const query = `after=${place.cursor}&epoch=${place.epoch}&limit=${SYNC_LIMITS.page}&wait=${waitSeconds}`;
      const headMs = waitSeconds * 1_000 + SPARE_MS;
      return readPage(site, place, await ask(`${of(site)}/ops?${query}`, { signal, headMs }));
    },
    rootOps: (site: string, root: string, after: number, signal: AbortSignal) =>
      get(`${of(site)}/roots/${encodeURIComponent(root)}/ops?after=${after}`, syncApi.rootOps.reply, signal),
    snapshot: async (site: string, signal: AbortSignal) =>
      (await get(`${of(site)}/snapshot`, syncApi.snapshot.reply, signal)).snapshot,
    /** Bytes from `start` to `end`, both included. */
    snapshotPart: (site: string, sha256: string, { start, end }: { start: number; end: number }, signal: AbortSignal) =>
      ask(`${of(site)}/snapshots/${sha256}`, {
        signal,
        mostBytes: end - start + 1,
        headers: { 'accept-encoding': 'identity', range: `bytes=${start}-${end}` },
      }),
    offerBlobs: (site: string, blobs: readonly z.infer<typeof WantedBlob>[], signal: AbortSignal) =>
      post(`${of(site)}/blobs/offers`, { blobs }, OfferReply, signal).then((reply) => reply.blobs),
    completeBlob: (site: string, sha256: string, size: number, signal: AbortSignal) =>
      post(`${of(site)}/blobs/${sha256}/complete`, { size }, CompleteReply, signal),
    /** From this byte on: the whole where it is 0, or where the site has no part of it to give. */
    blob: (
      site: string,
      sha256: string,
      { mostBytes, from }: { readonly mostBytes: number; readonly from: number },
      signal: AbortSignal,
    ) =>
      ask(`${of(site)}/blobs/${sha256}`, {
        signal,
        mostBytes,
        headers: { 'accept-encoding': 'identity', ...(from === 0 ? {} : { range: `bytes=${from}-` }) },
      }),
  };
}

const of = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}`;

async function bytesOf(response: Response): Promise<Buffer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.headers.get('content-encoding') !== 'gzip') return bytes;
  return inflate(bytes, { maxOutputLength: MOST_ANSWER });
}
const jsonOf = async (response: Response): Promise<unknown> =>
  JSON.parse((await bytesOf(response)).toString('utf8')) as unknown;

/** Of a newer site perhaps, with words that are not known here. */
const isProblem = ({ headers }: Response): boolean => headers.get('content-type')?.startsWith(PROBLEM) === true;

async function refusedBy(response: Response, nowMs: number): Promise<Refused> {
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), nowMs);
  const problem = Problem.safeParse(await jsonOf(response).catch(() => undefined)).data;
  // A page of whoever stands before the site: it says nothing of this station, and may be gone in a minute.
  const isForeign = problem === undefined && !isProblem(response) && [400, 403].includes(response.status);
  const status = isForeign ? 502 : response.status;
  const {
    action,
    expected,
    epoch,
    parents,
    reason = action === undefined ? undefined : 'role',
  } = problem?.details ?? {};
  const answer: Answer = {
    status,
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof expected === 'number' ? { expected } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const details: RefusalDetails = {
    ...(typeof epoch === 'number' ? { epoch } : {}),
    ...(Array.isArray(parents) ? { parents: parents.filter((id) => typeof id === 'string') } : {}),
  };
  return new Refused(answer, details, problem?.detail ?? response.statusText);
}

/** Seconds, or a date. Not more than an hour: whoever says more does not mean it. */
export function retryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), 3_600_000);
}
