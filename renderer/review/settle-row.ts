import type { RowType } from '../../core/invoice/rows.ts';
import { newId } from '../ids.ts';
import { problemText } from '../problem.ts';
import type { Station } from '../station.ts';
import { t } from '../text.ts';

export interface DisputedRow {
  readonly type: RowType;
  readonly id: string;
}

/** Names what is known of the dispute, and nothing that its author has not seen: where more is known than stands on the screen, that is shown first. */
export async function settleRow({ client, review, app }: Wanted, row: DisputedRow, keep: boolean): Promise<void> {
  const { id } = review.getState();
  if (id === null) return;
  const params = { id };
  try {
    const seen = (await review.settled(id))?.server.revision ?? 0;
    const { items, revision } = await client.getConflicts({ params });
    const found = items.find(
      ({ kind, entity }) => kind === 'deleted' && entity.type === row.type && entity.id === row.id,
    );
    if (found === undefined || revision > seen) {
      app.say(t('ui.conflicts.moved'), 'error');
      return review.onRevision(id, revision);
    }
    const reason = t(keep ? 'ui.conflicts.reason.keep' : 'ui.conflicts.reason.delete');
    const body = { opId: newId(), entity: { ...row }, keep, parents: [...found.parents], reason };
    const after = await client.settleRow({ params, body });
    review.onRevision(id, after.revision);
  } catch (error) {
    app.say(problemText(error), 'error');
  }
}

type Wanted = {
  readonly client: Pick<Station['client'], 'getConflicts' | 'settleRow'>;
  readonly review: Pick<Station['review'], 'getState' | 'settled' | 'onRevision'>;
  readonly app: Pick<Station['app'], 'say'>;
};
