import type { Cell } from '../../core/contract/invoice.ts';
import { actorName, say, t } from '../text.ts';
import { certainty } from './cells.ts';

/** How sure the value is and where it came from, in words. */
export function certaintyText(cell: Cell): string {
  const sure = certainty(cell);
  if (sure === 'empty') return t('ui.certainty.empty');
  if (sure === 'human') return t('ui.certainty.human', { actor: actorName(cell.actor ?? '') });
  return t(`ui.certainty.${sure}`, { source: say(`source.${cell.source}`), share: String(cell.confidence) });
}
