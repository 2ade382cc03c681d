/**
 * Erasure: one person asks for it and says why, another one confirms it. An erasure is an aggregate of its own, so that neither the digest nor the revision of an invoice moves by
 * it; what it erases it names, so that every database that ever gets it knows without a look at what is gone.
 */
import { z } from 'zod';
import { OP_SCHEMA } from '../contract/version.ts';
import type { OpBody, OpContent } from './op.ts';

/** GDPR Art. 17 (1) a to e; the law of other countries knows the same reasons under other numbers. */
export const ERASE_GROUNDS = ['not_needed', 'consent_withdrawn', 'objection', 'unlawful', 'legal_obligation'] as const;
export type EraseGround = (typeof ERASE_GROUNDS)[number];

/** These stand above a duty to keep books (Art. 17 (3) b): an exported invoice goes by one of them before its years are over, and by no other. */
export const STRONG_GROUNDS: readonly EraseGround[] = ['unlawful', 'legal_obligation'];

const Sha = z.string().regex(/^[0-9a-f]{64}$/);
/** What a name of an invoice stands in goes, wherever it stands: a shorter one would stand everywhere. */
const InvoiceId = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
/** More is no request of one person about one paper. */
const MOST = 100;
const scope = {
  invoices: z.array(InvoiceId).min(1).max(MOST),
  /** Of which no other invoice is made. */
  documents: z.array(Sha).max(MOST),
};

export const EraseAsked = z.object({
  ...scope,
  ground: z.enum(ERASE_GROUNDS),
  /** Before the years are over that books are kept. */
  forced: z.boolean(),
  /** Who asked, by name, where nobody signs in. */
  by: z.string().optional(),
});
export type EraseAsked = z.infer<typeof EraseAsked>;

export const EraseConfirmed = z.object({
  ...scope,
  ground: z.enum(ERASE_GROUNDS),
  forced: z.boolean(),
  /** The operation by which it was asked for. */
  asked: z.string(),
  by: z.string().optional(),
});
export type EraseConfirmed = z.infer<typeof EraseConfirmed>;

const ERASE_KINDS = ['erase.asked', 'erase.confirmed', 'erase.withdrawn'] as const;
export const isErasure = (kind: string): boolean => (ERASE_KINDS as readonly string[]).includes(kind);

interface ErasureOp {
  readonly body: Pick<OpBody, 'kind' | 'schema'>;
  readonly content: Pick<OpContent, 'value'> | null;
}

/** What it is about, where it says so in the form of its kind; nothing is known of the forms of newer versions. */
export function erasureScope({ body, content }: ErasureOp): Pick<EraseAsked, 'invoices' | 'documents'> | undefined {
  const form = body.kind === 'erase.asked' ? EraseAsked : body.kind === 'erase.confirmed' ? EraseConfirmed : undefined;
  if (form === undefined || body.schema > OP_SCHEMA || content?.value == null) return undefined;
  return form.safeParse(jsonOf(content.value)).data;
}

/** What an accepted operation erases: aggregates, all of whose operations lose their content, whenever they come. Undefined for every other kind. */
export function erasedBy(op: ErasureOp): readonly string[] | undefined {
  if (op.body.kind !== 'erase.confirmed') return undefined;
  const named = erasureScope(op);
  return named === undefined ? undefined : [...named.invoices, ...named.documents];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no form that anybody knows
  }
}

/** A lesson's id begins that of each of its fields. */
const ID = 36;

/**
 * What an operation tells of: its aggregate; of what was learned the lesson, and the invoice that it was learned from. Once one of them was erased the operation keeps no content. An
 * erasure itself stays: that, by whom, when and why is what remains.
 */
export function tellsOf(op: {
  readonly body: Pick<OpBody, 'kind' | 'root' | 'entity'>;
  readonly content: Pick<OpContent, 'value'> | null;
}): string[] {
  const { kind, root, entity } = op.body;
  if (isErasure(kind)) return [];
  if (!kind.startsWith('lesson.')) return [root];
  const { data } = z.object({ invoice: z.string() }).safeParse(jsonOf(op.content?.value ?? ''));
  return [entity.id.slice(0, ID), ...(data === undefined ? [] : [data.invoice])];
}

const nameOf = (by: string | undefined): string =>
  (by ?? '').normalize('NFKC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();

/** Two persons: by their accounts where people sign in, by their names where nobody does. */
export function isSamePerson(
  one: { readonly actor: string; readonly by?: string | undefined },
  other: { readonly actor: string; readonly by?: string | undefined },
): boolean {
  if (nameOf(one.by) === '' || nameOf(other.by) === '') return one.actor === other.actor;
  return nameOf(one.by) === nameOf(other.by);
}
