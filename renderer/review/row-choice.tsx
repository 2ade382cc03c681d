/** A line that one deleted and another changed: struck through above, to be decided here. */
import type { Line } from '../../core/contract/invoice.ts';
import { useMay, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { settleRow } from './settle-row.ts';

interface Props {
  readonly line: Line;
  readonly columns: number;
  readonly locked: boolean;
}

export function RowChoice({ line, columns, locked }: Props) {
  const station = useStation();
  const mayCorrect = useMay('invoice.correct');
  const settle = (keep: boolean) => void settleRow(station, line.id, keep);
  return (
    <div role="row" className="line-choice">
      <div role="gridcell" aria-colspan={columns + 1}>
        <span>
          <Mark kind="warning" /> {t('ui.conflict.row')}
        </span>
        {locked || !mayCorrect ? null : (
          <>
            <Button onPress={() => settle(true)}>{t('ui.conflict.row.keep')}</Button>
            <Button onPress={() => settle(false)}>{t('ui.conflict.row.delete')}</Button>
          </>
        )}
      </div>
    </div>
  );
}
