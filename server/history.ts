/** An invoice's operations as its history, oldest first: what was set, by whom, and what stood there before. */
import type { HistoryEntry } from '../core/contract/http.ts';
import type { Reading, ReadCell } from '../core/contract/reading.ts';
import { contentJson } from '../core/invoice/log.ts';
import { cellsAsRead } from '../core/invoice/rows.ts';
import { isDecision } from '../core/sync/kinds.ts';
import { ReadingRecorded, type StoredOp, Transition } from '../core/sync/op.ts';
import { firstId } from '../core/sync/reissue.ts';
import { sha256 } from './model.ts';

type Entity = HistoryEntry['entity'];

/** What a reading saw in a cell. */
export const cellAsRead = (
  op: { readonly body: Parameters<typeof firstId>[0] } | undefined,
  reading: Reading | undefined,
  entity: Entity,
  field: string,
): ReadCell | undefined =>
  op === undefined || reading === undefined
    ? undefined
    : cellsAsRead({ op: op.body.op_id, firstOp: firstId(op.body), reading }, entity, sha256)?.[field];

/** A cell's value; a transition as JSON `{from, to}`; of a reading its number of pages, or the reason it failed. */
function shownValue(op: StoredOp): string | null {
  switch (op.body.kind) {
    case 'transition':
    case 'duplicate.merge': {
      const step = Transition.safeParse(contentJson(op)).data;
      return step === undefined ? null : JSON.stringify({ from: step.from, to: step.to });
    }
    case 'reading.recorded': {
      const recorded = ReadingRecorded.safeParse(contentJson(op)).data;
      return recorded?.unreadable?.reason ?? (recorded === undefined ? null : String(recorded.pages));
    }
    case 'field.set':
      return op.content?.value ?? null;
    default:
      return null;
  }
}

export function historyOf(ops: readonly StoredOp[], readings: ReadonlyMap<string, Reading>): HistoryEntry[] {
  const byId = new Map(ops.map((op) => [op.body.op_id, op]));
  return ops.map((op): HistoryEntry => {
    const { entity, field, parents, kind } = op.body;
    const before = (): (string | null)[] => {
      if (isDecision(kind)) return [Transition.safeParse(contentJson(op)).data?.from ?? null];
      if (field === undefined) return [];
      return parents.map((parent) => {
        const stored = byId.get(parent);
        return stored?.body.kind === 'field.set'
          ? (stored.content?.value ?? null)
          : (cellAsRead(stored, readings.get(parent), entity, field)?.value ?? null);
      });
    };
    return {
      op: op.body.op_id,
      kind,
      at: op.receivedAt,
      actor: op.body.actor,
      entity: { type: entity.type, id: entity.id },
      field: field ?? null,
      value: shownValue(op),
      before: before(),
      reason: op.content?.reason ?? null,
      source: op.body.source,
      verdict: op.verdict,
      hash: op.hash,
    };
  });
}
