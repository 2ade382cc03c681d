/** A row that one deleted and another changed: struck through above, to be decided here. */
import { useMay, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { type DisputedRow, settleRow } from './settle-row.ts';

interface Props {
  readonly row: DisputedRow;
  readonly locked: boolean;
}

export function RowChoice({ row, locked }: Props) {
  const station = useStation();
  const mayCorrect = useMay('invoice.correct');
  const settle = (keep: boolean) => void settleRow(station, row, keep);
  const words = row.type === 'line' ? 'ui.conflict.row' : 'ui.conflict.taxRow';
  return (
    <>
      <span>
        <Mark kind="warning" /> {t(words)}
      </span>
      {locked || !mayCorrect ? null : (
        <>
          <Button onPress={() => settle(true)}>{t(`${words}.keep`)}</Button>
          <Button onPress={() => settle(false)}>{t(`${words}.delete`)}</Button>
        </>
      )}
    </>
  );
}
