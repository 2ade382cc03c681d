import type { Cell } from '../../core/contract/invoice.ts';
import { routeHash } from '../route.ts';
import { useStation } from '../station.ts';
import { actorName, instant, shown, t } from '../text.ts';
import { Button, Keys } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { Difference } from '../conflicts/difference.tsx';
import { refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { conflictSides } from './conflict-sides.ts';

interface ConflictProps {
  readonly cellKey: CellKey;
  readonly heads: NonNullable<Cell['conflict']>;
  readonly currency: string | null;
  readonly locked: boolean;
}

/** Two people set it differently without seeing each other: both values stand until one is chosen. */
export function ConflictChoice({ cellKey, heads, currency, locked }: ConflictProps) {
  const { control } = useStation();
  const ref = refOf(cellKey);
  const sides = conflictSides(heads);
  const words = sides.map(({ value }) => (value === null ? t('ui.conflict.empty') : shown(ref, value, currency)));
  return (
    <div className="conflict" role="group" aria-label={t('ui.conflict')}>
      <p>
        <Mark kind="warning" /> {t('ui.conflict')}
      </p>
      {sides.map((side, i) => (
        <Button
          key={side.value ?? '\0'}
          isDisabled={locked}
          onPress={() => control.settleConflict(cellKey, side.value)}
        >
          {i < 9 ? <Keys chord={`Alt+${i + 1}`} /> : null}
          <b>
            <Difference text={words[i] ?? ''} other={words[i === 0 ? 1 : 0]} />
          </b>
          <span className="muted">
            {side.heads
              .map((head) => t('ui.conflict.by', { actor: actorName(head.actor), at: instant(head.at) }))
              .join('; ')}
          </span>
        </Button>
      ))}
      <a href={routeHash({ screen: 'conflicts' })}>{t('ui.sync.conflicts.all')}</a>
    </div>
  );
}
