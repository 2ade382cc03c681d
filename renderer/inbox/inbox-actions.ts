import type { Action } from '../actions.ts';
import type { Station } from '../station.ts';
import { chooseFiles } from './choose-files.ts';
import { isOpen } from './inbox-store.ts';

const here = ({ app }: Station): boolean => app.getState().route.screen === 'inbox';

export const inboxActions: readonly Action[] = [
  {
    id: 'queue.search',
    label: 'ui.action.search',
    group: 'queue',
    keys: ['/'],
    when: 'free',
    enabled: () => true,
    run: (station) => {
      if (!here(station)) station.navigate({ screen: 'inbox' });
      // The screen may have to appear first.
      requestAnimationFrame(() => document.getElementById('queue-search')?.focus());
    },
  },
  {
    id: 'queue.import',
    label: 'ui.action.import',
    group: 'queue',
    keys: ['Ctrl+O'],
    when: 'anywhere',
    enabled: () => true,
    run: (station) => void chooseFiles(station),
    needs: 'invoice.upload',
  },
  {
    id: 'queue.review',
    label: 'ui.action.reviewFirst',
    group: 'queue',
    keys: ['Ctrl+Enter'],
    when: 'anywhere',
    enabled: (s) => here(s) && s.inbox.getState().rows.some((row) => isOpen(row.status)),
    run: ({ inbox, navigate }) => {
      const row = inbox.firstOpen('');
      if (row) navigate({ screen: 'review', id: row.id });
    },
  },
  {
    id: 'queue.export',
    label: 'ui.action.export',
    group: 'queue',
    keys: ['Ctrl+E'],
    when: 'anywhere',
    enabled: () => true,
    run: ({ app }) => app.open({ kind: 'export' }),
    needs: 'export.create',
  },
  {
    id: 'queue.selectAll',
    label: 'ui.action.selectAll',
    group: 'queue',
    keys: ['Ctrl+A'],
    when: 'free',
    enabled: (s) => here(s) && s.inbox.getState().rows.length > 0,
    run: ({ inbox }) => {
      const { selected, rows } = inbox.getState();
      inbox.selectAll(selected.size < rows.length);
    },
  },
  {
    id: 'queue.refresh',
    label: 'ui.action.refresh',
    group: 'queue',
    keys: [],
    when: 'anywhere',
    enabled: here,
    run: ({ inbox }) => void inbox.reload(),
  },
];
