import { expect, test } from 'vitest';
import type { ConflictDetail } from '../../core/contract/settling-http.ts';
import { t } from '../text.ts';
import { settleRow } from './settle-row.ts';

const row = { type: 'taxRow', id: 'r1' } as const;

/** The screen shows revision 4; the server has this one. */
async function settled(revision: number, entity: ConflictDetail['entity'] = row) {
  const sent: unknown[] = [];
  const said: string[] = [];
  const fetched: number[] = [];
  const items = [{ kind: 'deleted', entity, parents: ['a', 'b'] }];
  const station = {
    client: {
      getConflicts: async () => ({ items, revision }),
      settleRow: async ({ body }: { body: unknown }) => {
        sent.push(body);
        return { revision: revision + 1 };
      },
    },
    review: {
      getState: () => ({ id: 'i' }),
      settled: async () => ({ server: { revision: 4 } }),
      onRevision: (_id: string, at: number) => fetched.push(at),
    },
    app: { say: (text: string) => said.push(text) },
  };
  await settleRow(station as unknown as Parameters<typeof settleRow>[0], row, true);
  return { sent, said, fetched };
}

test('what stands on the screen is settled, of a line and of a tax row', async () => {
  expect(await settled(4)).toMatchObject({
    sent: [{ entity: row, keep: true, parents: ['a', 'b'] }],
    said: [],
    fetched: [5],
  });
});

test('what came in since is shown first: nothing that its author has not seen is named', async () => {
  expect(await settled(5)).toEqual({ sent: [], said: [t('ui.conflicts.moved')], fetched: [5] });
});

test('where it is in dispute no more that is said', async () => {
  const other = await settled(4, { type: 'line', id: 'r1' });
  expect(other).toEqual({ sent: [], said: [t('ui.conflicts.moved')], fetched: [4] });
});
