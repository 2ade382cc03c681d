/** When a site makes a snapshot, and when a station begins with one instead of reading the whole log. */
import { SnapshotManifest, type SnapshotOffer, snapshotProofText } from '../contract/snapshot.ts';
import { canonicalJson, isCanonical, parseJson } from './canonical.ts';

/** A shorter log is read as fast; whoever runs a site may say otherwise. */
const FEWEST_OPS = 5_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What a new station has to read after the snapshot: so much of the log, or a tenth of it. */
const GROWN = { ops: 50_000, share: 0.1 };
/** However fast the log grows. */
const LEAST_AGE_MS = 30 * MINUTE_MS;
/** By then what was closed since need not be carried as open any more. */
const OLD_MS = 7 * DAY_MS;

export interface MadeSnapshot {
  readonly epoch: number;
  readonly seq: number;
  readonly madeMs: number;
}

export interface SnapshotNeed {
  readonly newest: MadeSnapshot | undefined;
  readonly history: { readonly epoch: number; readonly seq: number };
  readonly nowMs: number;
  /** Of a log that is worth one. */
  readonly fewest?: number;
}

export function isSnapshotDue({ newest, history, nowMs, fewest = FEWEST_OPS }: SnapshotNeed): boolean {
  if (history.seq < fewest) return false;
  if (newest?.epoch !== history.epoch) return true;
  const grown = history.seq - newest.seq;
  const age = nowMs - newest.madeMs;
  if (grown <= 0 || age < LEAST_AGE_MS) return false;
  return age > OLD_MS || grown > Math.max(GROWN.ops, newest.seq * GROWN.share);
}

export interface JoinFacts {
  readonly site: string;
  readonly epoch: number;
  /** The site's newest number. */
  readonly head: number;
  /** Of the site, as they were kept when this station was connected: what an offer says of itself proves nothing. */
  readonly keys: readonly string[];
  /** What this program knows. */
  readonly databaseVersion: number;
  readonly opSchema: number;
}

export type OfferJudgement =
  | { readonly kind: 'use'; readonly manifest: SnapshotManifest }
  /** The log is read from its start instead; nothing is wrong. */
  | { readonly kind: 'replay'; readonly why: 'none' | 'newer' | 'epoch' | 'key' }
  /** Nobody of the site signed this: it is not taken, and a person hears of it. */
  | { readonly kind: 'bad'; readonly why: string };

const replay = (why: 'none' | 'newer' | 'epoch' | 'key'): OfferJudgement => ({ kind: 'replay', why });
const bad = (why: string): OfferJudgement => ({ kind: 'bad', why });

export const manifestText = (manifest: SnapshotManifest): string => canonicalJson(manifest);

/** `verify`: whether the key signed the text. */
export function judgeOffer(
  offer: SnapshotOffer | null,
  facts: JoinFacts,
  verify: (key: string, text: string, signature: string) => boolean,
): OfferJudgement {
  if (offer === null) return replay('none');
  // Connected before sites told them.
  if (facts.keys.length === 0) return replay('key');
  const { manifest: text, signature } = offer;
  if (!facts.keys.some((key) => verify(key, snapshotProofText(text), signature))) return bad('the signature');
  const json = parseJson(text);
  const { data: manifest } = SnapshotManifest.safeParse(json);
  // A newer form of it: of a site that is ahead of this program.
  if (manifest === undefined) return replay('newer');
  if (json === undefined || !isCanonical(json, text)) return bad('the form');
  if (manifest.site !== facts.site) return bad('of another site');
  if (manifest.epoch !== facts.epoch) return replay('epoch');
  if (manifest.seq > facts.head) return bad('it is ahead of the log');
  if (manifest.database_version > facts.databaseVersion || manifest.op_schema > facts.opSchema) return replay('newer');
  return { kind: 'use', manifest };
}
