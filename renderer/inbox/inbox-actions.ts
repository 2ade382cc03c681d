import type { Action } from '../actions.ts';
import type { Station } from '../station.ts';
import { chooseFiles } from './choose-files.ts';
import { isOpen } from './inbox-store.ts';

/** A station with a site: one at a site has its network. */
const isConnected = ({ sync }: { readonly sync: { readonly state: string } | null }): boolean =>
  sync !== null && sync.state !== 'off';

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
    run: ({ inbox, together, navigate }) => {
      const row = inbox.firstOpen('', (id) => together.isLeftOut(id)) ?? inbox.firstOpen('');
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
    id: 'queue.takeAlong',
    label: 'ui.action.takeAlong',
    group: 'queue',
    keys: ['Alt+O'],
    when: 'anywhere',
    enabled: ({ app }) => isConnected(app.getState()),
    run: ({ app }) => app.open({ kind: 'takeAlong' }),
    needs: 'invoice.correct',
    stationOnly: true,
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
