import type { Cell } from '../../core/contract/invoice.ts';
import { useStation } from '../station.ts';
import { actorName, instant, shown, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { refOf } from './cells.ts';
import type { CellKey } from './cells.ts';

interface ConflictProps {
  readonly cellKey: CellKey;
  readonly heads: NonNullable<Cell['conflict']>;
  readonly currency: string | null;
}

/** Two people set it differently without seeing each other: both values stand until one is chosen. */
export function ConflictChoice({ cellKey, heads, currency }: ConflictProps) {
  const { control } = useStation();
  const ref = refOf(cellKey);
  return (
    <div className="conflict" role="group" aria-label={t('ui.conflict')}>
      <p>
        <Mark kind="warning" /> {t('ui.conflict')}
      </p>
      {heads.map((head) => (
        <Button key={head.op} onPress={() => control.settleConflict(cellKey, head.value)}>
          <b>{head.value === null ? t('ui.conflict.empty') : shown(ref, head.value, currency)}</b>
          <span className="muted">{t('ui.conflict.by', { actor: actorName(head.actor), at: instant(head.at) })}</span>
        </Button>
      ))}
    </div>
  );
}
