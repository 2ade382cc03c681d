/** Counts and failures in words. */
import type { VendorSummary } from '../../core/contract/vendors.ts';
import { ApiError } from '../api.ts';
import { t } from '../text.ts';

export const invoicesText = (n: number): string =>
  n === 1 ? t('ui.vendors.lessons.one') : t('ui.vendors.lessons.many', { n });

export const rightText = ({ right, wrong }: Pick<VendorSummary, 'right' | 'wrong'>): string =>
  right + wrong === 0 ? t('ui.vendors.never') : t('ui.vendors.right.of', { right, all: right + wrong });

export function failureText(error: unknown): string {
  if (error instanceof ApiError && error.code === 'offline') return t('ui.offline');
  return error instanceof Error ? error.message : String(error);
}
