import { newId } from '../ids.ts';
import { problemText } from '../problem.ts';
import type { Station } from '../station.ts';
import { t } from '../text.ts';

/** Names everything that is known of the dispute at this moment: what comes later stands against it, and is told. */
export async function settleRow({ client, review, app }: Wanted, line: string, keep: boolean): Promise<void> {
  const { id } = review.getState();
  if (id === null) return;
  const params = { id };
  try {
    const { items } = await client.getConflicts({ params });
    const found = items.find(({ kind, entity }) => kind === 'deleted' && entity.type === 'line' && entity.id === line);
    if (found === undefined) return;
    const reason = t(keep ? 'ui.conflicts.reason.keep' : 'ui.conflicts.reason.delete');
    const entity = { type: 'line' as const, id: line };
    const body = { opId: newId(), entity, keep, parents: [...found.parents], reason };
    const { revision } = await client.settleRow({ params, body });
    review.onRevision(id, revision);
  } catch (error) {
    app.say(problemText(error), 'error');
  }
}

type Wanted = Pick<Station, 'client' | 'review' | 'app'>;
