/**
 * What a site tells other programs of: that something happened, and the ids to ask for it by. No amount, no name, no text of a document: content leaves the site
 * only to who asks for it signed in.
 */
import { z } from 'zod';
import { type OpDraft, ReadingRecorded, Transition } from '../sync/op.ts';

/** What can be subscribed to. */
export const EVENT_TYPES = [
  'invoice.received',
  'invoice.read',
  'invoice.unreadable',
  'invoice.confirmed',
  'invoice.approved',
  'invoice.rejected',
  'invoice.on_hold',
  'invoice.info_requested',
  'invoice.duplicate',
  'invoice.void',
  'invoice.reopened',
  'invoice.exported',
  'export.created',
  'job.dead',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Sent on an admin's wish alone. */
export const PING = 'webhook.ping';

export const WebhookEvent = z.object({
  /** The same for everybody who is told, and with every try. */
  id: z.string(),
  type: z.enum([...EVENT_TYPES, PING]),
  /** When it happened. */
  timestamp: z.string(),
  /** Ids, states, numbers of things. */
  data: z.record(z.string(), z.union([z.string(), z.int()])),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;
export type Happened = Pick<WebhookEvent, 'type' | 'data'>;

/** What a state that an invoice comes to is called. An export's first step is nobody's news. */
const TYPE_OF: Readonly<Record<string, EventType>> = {
  received: 'invoice.reopened',
  confirmed: 'invoice.confirmed',
  approved: 'invoice.approved',
  exported: 'invoice.exported',
  rejected: 'invoice.rejected',
  on_hold: 'invoice.on_hold',
  info_requested: 'invoice.info_requested',
  duplicate: 'invoice.duplicate',
  void: 'invoice.void',
};

/** Content is null where it was erased. */
type Op = Pick<OpDraft, 'kind' | 'root'> & { readonly content: OpDraft['content'] | null };

function ofReading(invoice: string, value: unknown): Happened[] {
  const { document, pages, unreadable } = ReadingRecorded.parse(value);
  return unreadable === undefined
    ? [{ type: 'invoice.read', data: { invoice, document, pages } }]
    : [{ type: 'invoice.unreadable', data: { invoice, document, reason: unreadable.reason } }];
}

function ofTransition(invoice: string, value: unknown): Happened[] {
  const { from, to } = Transition.parse(value);
  const type = Object.hasOwn(TYPE_OF, to) ? TYPE_OF[to] : undefined;
  return type === undefined ? [] : [{ type, data: { invoice, from, to } }];
}

function ofOp({ kind, root, content }: Op): Happened[] {
  if (content === null || content.value === null) return [];
  switch (kind) {
    case 'invoice.created':
      return [{ type: 'invoice.received', data: { invoice: root } }];
    case 'reading.recorded':
      return ofReading(root, JSON.parse(content.value));
    case 'transition':
    case 'duplicate.merge':
      return ofTransition(root, JSON.parse(content.value));
    default:
      return [];
  }
}

interface Batch {
  readonly id: string;
  readonly number: number;
  readonly format: string;
  readonly invoices: readonly string[];
}

/** What a change tells, in its order. */
export function happenings(change: {
  readonly ops: readonly Op[];
  readonly exportBatch?: Batch | undefined;
}): Happened[] {
  const { exportBatch: batch } = change;
  return [
    ...change.ops.flatMap(ofOp),
    ...(batch === undefined
      ? []
      : [
          {
            type: 'export.created' as const,
            data: { export: batch.id, number: batch.number, format: batch.format, invoices: batch.invoices.length },
          },
        ]),
  ];
}

/** Where to ask, as the receiver reaches the site. */
function linksOf({ type, data }: Happened, origin: string): Record<string, string> {
  const links: Record<string, string> = {};
  if ('invoice' in data) links['invoice'] = `${origin}/api/v1/invoices/${data['invoice']}`;
  if ('export' in data) links['file'] = `${origin}/api/v1/exports/${data['export']}/file`;
  if (type === 'job.dead') links['dead'] = `${origin}/api/v1/jobs/dead`;
  return links;
}

/** The body as it is sent and signed. */
export const bodyOf = (event: WebhookEvent, site: string, origin: string): string =>
  JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: event.timestamp,
    site,
    data: { ...event.data, links: linksOf(event, origin) },
  });

/** What is signed (Standard Webhooks, https://www.standardwebhooks.com): the id and the instant in seconds stand in the headers. */
export const signedText = (id: string, seconds: number, body: string): string => `${id}.${seconds}.${body}`;
