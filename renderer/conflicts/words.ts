/** Conflicts in the words of the screen. */
import type { CellRef } from '../../core/contract/invoice.ts';
import type { ConflictDetail, ConflictRow, ConflictSide } from '../../core/contract/settling-http.ts';
import { fieldInfo } from '../../core/invoice/fields.ts';
import { labelOf, nameOf, say, shown, t } from '../text.ts';

type What = Pick<ConflictRow, 'entity' | 'field'>;

/** The cell, as far as this version knows it. */
export function refOfConflict({ entity, field }: What): CellRef | undefined {
  const { type, id } = entity;
  if (field === null || (type !== 'invoice' && type !== 'line' && type !== 'taxRow')) return undefined;
  return fieldInfo(type, field) === undefined ? undefined : { entity: { type, id }, field };
}

/** What it is about: "Gross total", "Unit price of a line", "Line: edited and deleted". */
export function whatText(what: What): string {
  if (what.field === null) return say(`ui.conflicts.whole.${what.entity.type}`);
  const ref = refOfConflict(what);
  if (ref === undefined) return t('ui.conflicts.unknown', { field: what.field });
  const name = labelOf(ref);
  const { type } = ref.entity;
  return type === 'invoice' ? name : t(`ui.conflicts.in.${type}`, { field: name });
}

export const invoiceText = ({ vendorName, invoiceNumber, documentName }: ConflictRow): string =>
  [vendorName, invoiceNumber].filter((part) => part !== null).join(' · ') || documentName;

export function valueText(what: What, value: string | null, currency: string | null): string {
  const ref = refOfConflict(what);
  if (value === null) return t('ui.conflicts.nothing');
  return ref === undefined ? value : shown(ref, value, currency);
}

/** `own`: this database. */
export function deviceText(device: string, own: string, atSite: boolean): string {
  if (device === own) return t(atSite ? 'ui.conflicts.device.site' : 'ui.conflicts.device.own');
  return t('ui.conflicts.device', { id: device.slice(0, 8) });
}

/** The reason that stands in the history where nobody wrote another. It is read by others: names, not "you". */
export function usualReason(detail: Pick<ConflictDetail, 'kind'>, side: ConflictSide | undefined): string {
  if (side === undefined) return t('ui.conflicts.reason.typed');
  if (detail.kind === 'deleted')
    return t(side.keeps === true ? 'ui.conflicts.reason.keep' : 'ui.conflicts.reason.delete');
  const actors = [...new Set(side.said.map(({ actor }) => nameOf(actor)))];
  return t('ui.conflicts.reason.take', { actor: actors.join(', ') });
}
