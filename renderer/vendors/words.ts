/** Counts and failures in words. */
import type { VendorSummary } from '../../core/contract/vendors.ts';
import { t } from '../text.ts';

export const invoicesText = (n: number): string =>
  n === 1 ? t('ui.vendors.lessons.one') : t('ui.vendors.lessons.many', { n });

export const rightText = ({ right, wrong }: Pick<VendorSummary, 'right' | 'wrong'>): string =>
  right + wrong === 0 ? t('ui.vendors.never') : t('ui.vendors.right.of', { right, all: right + wrong });
