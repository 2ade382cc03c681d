/**
 * The site's verdict of an operation, given once, in the order of the log, and chained into the site's hash. A correction is judged by who wrote it and what it
 * says, never by what happened meanwhile: that is what conflicts are for. A transition is a compare-and-set: it holds for the invoice its author saw or not at all.
 */
import { OP_SCHEMA } from '../contract/version.ts';
import type { Action } from '../access/actions.ts';
import { grants } from '../access/can.ts';
import { transitionAction } from '../access/endpoints.ts';
import type { Role } from '../access/roles.ts';
import { stepOf } from '../invoice/decided.ts';
import { contentJson } from '../invoice/log.ts';
import { isClosed, isState, mayFollow } from '../invoice/transitions.ts';
import type { ArrivedOp } from './arrived.ts';
import { erasureScope, isErasure } from './erase.ts';
import { hlcMs } from './hlc.ts';
import { isDecision, kindInfo } from './kinds.ts';
import { DuplicateMerge, type OpBody, type OpContent, ReadingRecorded, type Sha256, type Transition } from './op.ts';
import { createRootLog, type RootLog, type RootOp } from './root-log.ts';

export type Refusal =
  /** Whoever enrolled the device may not write this. */
  | 'role'
  /** It is said in the name of somebody else. */
  | 'actor'
  /** The content has not the form of its kind. */
  | 'content'
  /** An invoice's operation that stands under another root. */
  | 'root'
  /** A transition from another state, or over another digest, than the invoice's. */
  | 'stale'
  | 'in_conflict'
  /** Not in the table of transitions. */
  | 'not_allowed'
  /** Staging and exporting are the site's alone. */
  | 'site_only'
  /** The invoice that is to stay is closed itself, or nobody knows it. */
  | 'kept_is_closed'
  | 'no_such_invoice';

export type OpVerdict = 'accepted' | `refused:${string}`;

export interface Writer {
  /** As operations name the account that connected the device; null where nobody knows whose it was. */
  readonly actor: string | null;
  /** `local:` actors of devices that other accounts connected; of a device that nobody knows the names of other accounts, too. */
  readonly foreign: ReadonlySet<string>;
  /** When the device was connected, in ms. */
  readonly since: number;
}

export interface VerdictContext {
  /** Of the account that enrolled the device. For operations of a device that the site has forgotten: those of who offers them. */
  readonly roles: readonly Role[];
  /** The site's own device, of this or an earlier epoch: what it decided is decided. */
  readonly bySite: boolean;
  /** Of the station that wrote them; undefined where nobody knows it any more. */
  readonly writer?: Writer | undefined;
  /** Every operation of the roots named by `rootsToRead`, in the order of the log. */
  readonly roots: ReadonlyMap<string, readonly RootOp[]>;
  readonly sha256: Sha256;
  /** A rule of the site beyond those of the kinds: a code where it refuses. */
  readonly rule?: (op: ArrivedOp) => string | undefined;
}

/** Roots whose operations the verdicts need: those that a transition touches, and those of a station's erasure with what it names. */
export const rootsToRead = (ops: readonly ArrivedOp[]): string[] => [...new Set(ops.flatMap(readFor))];

function readFor(op: ArrivedOp): string[] {
  const { kind, root } = op.body;
  if (isDecision(kind)) return [root, ...keptRoots(op)];
  if (!isErasure(kind)) return [];
  const { invoices = [], documents = [] } = erasureScope(op) ?? {};
  return [root, ...invoices, ...documents];
}

/** The invoice that stays, where another one is closed as its duplicate. */
function keptRoots(op: ArrivedOp): string[] {
  if (op.body.kind !== 'duplicate.merge') return [];
  const { data } = DuplicateMerge.safeParse(contentJson(op));
  return data === undefined ? [] : [data.kept];
}

/** In the order of the batch: each is judged over those before it. */
export function verdictsOf(ops: readonly ArrivedOp[], context: VerdictContext): OpVerdict[] {
  const roots = new Map(
    rootsToRead(ops).map((root) => [root, createRootLog(context.roots.get(root) ?? [], context.sha256)]),
  );
  return ops.map((op) => {
    const log = roots.get(op.body.root);
    const refusal =
      refusalOf(op, log, context) ??
      mergeRefusal(op, roots, context) ??
      erasureRefusal(op, roots, context) ??
      context.rule?.(op);
    const verdict: OpVerdict = refusal === undefined ? 'accepted' : `refused:${refusal}`;
    log?.add({ body: op.body, content: op.content, receivedAt: '', verdict });
    return verdict;
  });
}

function refusalOf(op: ArrivedOp, log: RootLog | undefined, context: VerdictContext): Refusal | undefined {
  const { body } = op;
  if (!context.bySite && !mayWrite(body, context.roles)) return 'role';
  if (!context.bySite && !mayBe(body.actor, context.writer)) return 'actor';
  // Of a newer version: kept as it is, nothing else is known of it.
  if (kindInfo(body.kind) === undefined) return undefined;
  if (body.entity.type === 'invoice' && body.entity.id !== body.root) return 'root';
  if (!isWellFormed(op)) return 'content';
  if (!isDecision(body.kind) || context.bySite || log === undefined) return undefined;
  // What it decided is gone with all else of the invoice: it decides nothing any more, whoever says that it was erased.
  if (op.content === null && op.erased !== undefined) return undefined;
  return transitionRefusal(op, log, context);
}

/** A station's own programs (`service:read`, ...) write for the person who enrolled it; an auditor's station writes nothing. */
function mayWrite({ kind, actor }: OpBody, roles: readonly Role[]): boolean {
  const writers: readonly Role[] | undefined = kindInfo(kind)?.writers;
  if (writers === undefined) return roles.some((role) => role !== 'auditor');
  if (roles.some((role) => writers.includes(role))) return true;
  return writers.includes('service') && actor.startsWith('service:') && roles.some((role) => role !== 'auditor');
}

/**
 * Whoever connected a station writes in the own name, as the station before it was connected (under this or an earlier device id), or by its programs. A device that nobody knows any
 * more may name people of a site that is gone, and nobody of this one.
 */
function mayBe(actor: string, writer: Writer | undefined): boolean {
  if (writer === undefined || actor === writer.actor || actor.startsWith('service:')) return true;
  return (writer.actor === null || actor.startsWith('local:')) && !writer.foreign.has(actor);
}

/** Whether content has the form of its kind: looked at when it comes, be that with its operation or later. */
export function isWellFormed(op: ArrivedOp): boolean {
  const { body, content } = op;
  if (content === null || body.schema > OP_SCHEMA) return true;
  const form = kindInfo(body.kind)?.content;
  if (form === undefined || form === 'none') return true;
  if (form === 'cell') return body.field !== undefined;
  return (
    form.json.safeParse(contentJson({ content })).success && (body.kind !== 'reading.recorded' || isFound(content))
  );
}

/** Whoever asks who names some bytes finds a reading by how its canonical JSON begins: in another form it would lose them to the next erasure. */
function isFound(content: OpContent): boolean {
  const { data } = ReadingRecorded.safeParse(contentJson({ content }));
  return data?.blob === undefined || content.value?.startsWith(`{"blob":"${data.blob}"`) === true;
}

/** Clocks of stations differ from that of the site. */
const CLOCK_SPARE_MS = 3_600_000;

/** As long as nobody else wrote to an invoice, and its station was not connected, that station was its own site: what it exported then is exported. */
function wasAlone({ body }: ArrivedOp, log: RootLog, writer: Writer | undefined): boolean {
  const at = hlcMs(body.hlc);
  if (writer !== undefined && (at === undefined || at > writer.since + CLOCK_SPARE_MS)) return false;
  return log.isOf(body.device);
}

/**
 * The site alone erases what it has; a station may have erased what nobody else had worked on, before it was connected, and ended what it had itself asked for. What it
 * erases it has to say here and now, in a form that is known: content that is looked at by nobody until it comes to those who carry it out would erase anything.
 */
function erasureRefusal(
  op: ArrivedOp,
  roots: ReadonlyMap<string, RootLog>,
  { bySite, writer }: VerdictContext,
): Refusal | undefined {
  if (bySite || !isErasure(op.body.kind)) return undefined;
  const { kind, root, schema } = op.body;
  if (schema > OP_SCHEMA) return 'content';
  const isOwn = (made: string, of: string): boolean => {
    const log = roots.get(of);
    return log !== undefined && log.has(made) && wasAlone(op, log, writer);
  };
  if (kind !== 'erase.asked' && !isOwn('erase.asked', root)) return 'site_only';
  if (kind === 'erase.withdrawn') return undefined;
  const scope = erasureScope(op);
  if (scope === undefined) return 'content';
  const isAllOwn =
    scope.invoices.every((invoice) => isOwn('invoice.created', invoice)) &&
    scope.documents.every((document) => isOwn('document.added', document));
  return isAllOwn ? undefined : 'site_only';
}

/** Of two that are closed into each other at the same time one has to stay: what is closed itself takes nothing in. */
function mergeRefusal(
  op: ArrivedOp,
  roots: ReadonlyMap<string, RootLog>,
  { bySite }: VerdictContext,
): Refusal | undefined {
  const [kept] = keptRoots(op);
  if (bySite || kept === undefined) return undefined;
  const other = kept === op.body.root ? undefined : roots.get(kept);
  if (other?.last === undefined) return 'no_such_invoice';
  return isClosed(other.state()) ? 'kept_is_closed' : undefined;
}

/** A confirmation is approved by its own second step, as long as there is no gate of its own for that. */
function actionOf(step: Transition, log: RootLog, device: string): Action {
  const { last } = log;
  const before = last?.body.device === device && last.verdict === 'accepted' ? stepOf(last) : undefined;
  const isOwnSecond = step.to === 'approved' && before?.to === 'confirmed' && before.digest === step.digest;
  return transitionAction(isOwnSecond ? 'confirmed' : step.to);
}

function transitionRefusal(op: ArrivedOp, log: RootLog, context: VerdictContext): Refusal | undefined {
  const { roles, writer } = context;
  const { device } = op.body;
  const step = stepOf(op);
  // Without its content nothing can be compared; whoever brings it later must not have decided behind the compare-and-set.
  if (step === undefined) return 'content';
  const from = log.state();
  if (from !== step.from) return 'stale';
  if (!isState(step.to) || !mayFollow(from, step.to)) return 'not_allowed';
  if (log.seenBy(device, step.digest) !== step.digest) return 'stale';
  // Opening it again decides about no value, and is the way to settle what came in behind a confirmation.
  if (step.to !== 'received' && log.inConflict()) return 'in_conflict';
  if (wasAlone(op, log, writer)) return undefined;
  if (step.to === 'staged' || step.to === 'exported') return 'site_only';
  const action = actionOf(step, log, device);
  return roles.some((role) => grants(role, action)) ? undefined : 'role';
}
