/** Lessons of a vendor as the screen shows them. */
import type { LearntField, Vendor } from '../core/contract/vendors.ts';
import { AppError } from '../core/contract/errors.ts';
import { HEADER_FIELD_NAMES, type HeaderField } from '../core/invoice/fields.ts';
import { natureOf } from '../core/memory/values.ts';
import type { Store, StoredLesson } from './store/store.ts';

/** Keys that a person recognises: no lines and words of the print. */
const isTelling = (key: string): boolean => !/^(line|word):/.test(key);

function fieldOf(field: HeaderField, lessons: readonly StoredLesson[]): LearntField[] {
  const learnt = lessons.flatMap((one) => {
    const lesson = one.lesson.fields[field];
    return lesson === undefined ? [] : [{ one, lesson, gone: one.forgottenFields.includes(field) }];
  });
  const live = learnt.filter(({ gone }) => !gone);
  const shown = live.length > 0 ? live : learnt;
  const newest = shown.find(({ lesson }) => lesson.value !== null) ?? shown[0];
  if (newest === undefined) return [];
  const { one, lesson } = newest;
  const example =
    lesson.seen === undefined ? null : { invoice: one.lesson.invoice, document: one.lesson.document, ...lesson.seen };
  return [
    {
      field,
      fixed: natureOf(field) === 'fixed',
      value: lesson.value,
      label: lesson.label ?? null,
      lessons: shown.length,
      corrected: shown.filter((entry) => entry.lesson.by === 'corrected').length,
      example,
      forgotten: live.length === 0,
    },
  ];
}

/** Rejects with AppError not_found. */
export async function vendorOf(store: Store, id: string): Promise<Vendor> {
  const summary = (await store.learntVendors()).find((vendor) => vendor.vendor === id);
  const lessons = await store.lessonsOf(id);
  if (summary === undefined) throw new AppError('not_found', 'Nothing was learned of such a vendor.');
  const live = lessons.filter((one) => !one.forgotten);
  const shown = live.length > 0 ? live : lessons;
  const style = shown[0]?.lesson.style ?? {};
  return {
    ...summary,
    keys: [...new Set(shown.flatMap(({ lesson }) => lesson.keys.map(({ key }) => key)).filter(isTelling))],
    decimalMark: style.mark ?? null,
    dayOrder: style.dayOrder ?? null,
    rates: [...new Set(shown.flatMap(({ lesson }) => lesson.rates))],
    fields: HEADER_FIELD_NAMES.flatMap((field) => fieldOf(field, shown)),
    items: lessons.map((one) => ({
      id: one.id,
      invoice: one.lesson.invoice,
      invoiceNumber: one.lesson.fields.invoiceNumber?.value ?? null,
      learnedAt: one.learnedAt,
      actor: one.actor,
      corrected: Object.entries(one.lesson.fields).flatMap(([field, lesson]) =>
        lesson.by === 'corrected' ? field : [],
      ),
      forgotten: one.forgotten,
      forgottenFields: [...one.forgottenFields],
    })),
  };
}
