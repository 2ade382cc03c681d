/** What a reviewer does to an invoice: sent as operations, shown at once by the same change made here. */
import type { Cell, Invoice, Line } from '../../core/contract/invoice.ts';
import type { Correction } from '../../core/contract/http.ts';
import { assertNever } from '../../core/assert.ts';
import type { Client } from '../api.ts';
import { cellAt, keyOf } from './cells.ts';

export type Command =
  | { readonly kind: 'correct'; readonly corrections: readonly Correction[] }
  | { readonly kind: 'unsettle'; readonly settled: string; readonly opIds: readonly string[] }
  | { readonly kind: 'addLine'; readonly opId: string; readonly lineId: string; readonly order: string }
  | { readonly kind: 'deleteLine'; readonly opId: string; readonly lineId: string; readonly parents: readonly string[] }
  | { readonly kind: 'restoreLine'; readonly opId: string; readonly line: Line }
  | { readonly kind: 'transition'; readonly opId: string; readonly to: string; readonly reason?: string };

/** Sends one command; the reply is the invoice as the station now has it. */
export function send(client: Client, invoice: Invoice, command: Command): Promise<Invoice> {
  const params = { id: invoice.id };
  switch (command.kind) {
    case 'correct':
      return client.correctFields({ params, body: { corrections: [...command.corrections] } });
    case 'unsettle':
      return client.unsettle({ params, body: { settled: command.settled, opIds: [...command.opIds] } });
    case 'addLine':
      return client.addLine({
        params,
        body: { opId: command.opId, lineId: command.lineId, order: command.order },
      });
    case 'deleteLine':
      return client.deleteLine({
        params: { id: invoice.id, line: command.lineId },
        body: { opId: command.opId, parents: [...command.parents] },
      });
    case 'restoreLine':
      return client.restoreLine({ params: { id: invoice.id, line: command.line.id }, body: { opId: command.opId } });
    case 'transition': {
      const { opId, to, reason } = command;
      const body = { opId, to, digest: invoice.digest, ...(reason === undefined ? {} : { reason }) };
      return client.transition({ params, body });
    }
    default:
      return assertNever(command);
  }
}

/** The optimistic step: what the invoice will most likely look like. The server's reply replaces it. */
export function apply(invoice: Invoice, command: Command, by: { actor: string; at: string }): Invoice {
  switch (command.kind) {
    case 'correct':
      return command.corrections.reduce((seen, c) => correct(seen, c, by), invoice);
    case 'addLine': {
      const line: Line = { id: command.lineId, order: command.order, cells: {} };
      return { ...invoice, lines: insert(invoice.lines, line) };
    }
    case 'deleteLine':
      return { ...invoice, lines: invoice.lines.filter((l) => l.id !== command.lineId) };
    case 'restoreLine':
      return { ...invoice, lines: insert(invoice.lines, command.line) };
    case 'unsettle':
      // What stands against each other then, the server says.
      return invoice;
    case 'transition':
      // The state machine is the server's: a shown state that was then refused would be a lie about money.
      return invoice;
    default:
      return assertNever(command);
  }
}

function insert(lines: readonly Line[], line: Line): Line[] {
  const rest = lines.filter((l) => l.id !== line.id);
  const at = rest.findIndex((l) => l.order > line.order);
  return rest.toSpliced(at < 0 ? rest.length : at, 0, line);
}

function correct(invoice: Invoice, correction: Correction, by: { actor: string; at: string }): Invoice {
  const { entity, field } = correction;
  const before = cellAt(invoice, keyOf(correction));
  const { conflict: _settled, page: _page, box: _box, ...kept } = before;
  const cell: Cell = {
    ...kept,
    value: correction.value,
    text: correction.value === before.value ? before.text : '',
    source: correction.source,
    confidence: 1,
    reasons: [],
    parents: [correction.opId],
    ...by,
    ...correction.evidence,
  };
  const attention = invoice.attention.filter(
    (ref) => ref.entity.type !== entity.type || ref.entity.id !== entity.id || ref.field !== field,
  );
  if (entity.type === 'invoice') return { ...invoice, attention, header: { ...invoice.header, [field]: cell } };
  const change = <Row extends { id: string; cells: object }>(rows: readonly Row[]): Row[] =>
    rows.map((row) => (row.id === entity.id ? { ...row, cells: { ...row.cells, [field]: cell } } : row));
  return entity.type === 'line'
    ? { ...invoice, attention, lines: change(invoice.lines) }
    : { ...invoice, attention, taxRows: change(invoice.taxRows) };
}
