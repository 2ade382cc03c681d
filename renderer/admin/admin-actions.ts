/** Of a site: its screens, an invitation, the way out. */
import type { Action as AccessAction } from '../../core/access/actions.ts';
import type { Action } from '../actions.ts';
import { routeHash } from '../route.ts';
import type { Station } from '../station.ts';
import { t } from '../text.ts';

const SCREENS = [
  ['users', 'user.read'],
  ['devices', 'device.own'],
  ['security', 'audit.read'],
] as const satisfies readonly (readonly [string, AccessAction])[];

function signOut({ app, session }: Station): void {
  const run = (): void => void session.signOut();
  if (!session.unsaved()) return run();
  app.ask({
    title: t('ui.signOut.unsaved'),
    text: t('ui.signOut.unsaved.say'),
    yes: t('ui.action.signOut'),
    run,
  });
}

export const adminActions: readonly Action[] = [
  ...SCREENS.map(([screen, needs]): Action => ({
    id: `go.${screen}`,
    label: `ui.action.go.${screen}`,
    group: 'general',
    keys: [],
    when: 'anywhere',
    enabled: ({ app }) => routeHash(app.getState().route) !== routeHash({ screen }),
    run: ({ navigate }) => navigate({ screen }),
    needs,
  })),
  {
    id: 'users.invite',
    label: 'ui.action.invite',
    group: 'general',
    keys: ['N'],
    when: 'free',
    enabled: ({ app }) => app.getState().route.screen === 'users',
    run: ({ app }) => app.open({ kind: 'invite' }),
    needs: 'user.change',
  },
  {
    id: 'session.signOut',
    label: 'ui.action.signOut',
    group: 'general',
    keys: [],
    when: 'anywhere',
    enabled: () => true,
    run: signOut,
    needs: 'session.own',
    siteOnly: true,
  },
];
