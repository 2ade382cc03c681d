import type { Cell } from '../../core/contract/invoice.ts';
import type { Proof } from '../../core/invoice/proof.ts';
import { actorName, say, t } from '../text.ts';
import { certainty } from './cells.ts';

/** How sure the value is, why, and where it came from, in words. */
export function certaintyText(cell: Cell, proof?: Proof): string {
  const sure = certainty(cell, proof);
  const source = say(`source.${cell.source}`);
  if (sure === 'empty') return t('ui.certainty.empty');
  if (sure === 'human') return t('ui.certainty.human', { actor: actorName(cell.actor ?? '') });
  // What proves it may be where it comes from: it is said once.
  if (sure === 'proved' && proof === cell.source)
    return t('ui.certainty.provedBySource', { proof: say(`proof.${proof}`) });
  if (sure === 'proved') return t('ui.certainty.proved', { proof: say(`proof.${proof ?? ''}`), source });
  return t(`ui.certainty.${sure}`, { source, share: String(cell.confidence) });
}
