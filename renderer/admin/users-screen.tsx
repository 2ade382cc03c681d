/** The people of a site: all of them, or one. */
import { useCallback, useState } from 'react';
import type { User } from '../../core/contract/access.ts';
import { fold } from '../review/suggest.ts';
import { routeHash } from '../route.ts';
import { useApp, useStation } from '../station.ts';
import { instant, t } from '../text.ts';
import { ActionButton } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { LoadState } from '../ui/load-state.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { UserPage } from './user-page.tsx';
import { UserState } from './user-state.tsx';
import { limitsWords } from './words.ts';

export function UsersScreen({ id }: { readonly id: string | null }) {
  return id === null ? <UserList /> : <UserPage key={id} id={id} />;
}

/** As many as can be seen at a glance need no search. */
const MANY = 8;

function UserList() {
  const { client } = useStation();
  const [find, setFind] = useState('');
  // Somebody invited in the dialog appears when it closes.
  const overlay = useApp((s) => s.overlay.kind === 'invite');
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const load = useCallback(async () => (await client.listUsers({})).items, [client, overlay]);
  const loaded = useLoaded(load);
  const people = loaded.value ?? [];
  const found = people.filter(({ name, login }) => fold(`${name} ${login}`).includes(fold(find)));
  return (
    <div className="page-column">
      <header className="page-head">
        <h1>{t('ui.nav.users')}</h1>
        <ActionButton id="users.invite" icon="plus" look="primary" labelled showKeys />
      </header>
      <p className="lead">{t('ui.users.hint')}</p>
      <LoadState {...loaded} />
      {people.length > MANY ? (
        <div className="search list-search" role="search">
          <Icon name="search" />
          <input
            type="search"
            className="input"
            aria-label={t('ui.users.find')}
            placeholder={t('ui.users.find')}
            value={find}
            onChange={(event) => setFind(event.target.value)}
          />
        </div>
      ) : null}
      {people.length > 0 && found.length === 0 ? <p className="muted">{t('ui.users.none')}</p> : null}
      {found.length > 0 ? <UserTable people={found} /> : null}
    </div>
  );
}

function UserTable({ people }: { readonly people: readonly User[] }) {
  const self = useApp((s) => s.me?.account);
  return (
    <table className="list users">
      <thead>
        <tr>
          <th scope="col">{t('ui.users.name')}</th>
          <th scope="col">{t('ui.users.role')}</th>
          <th scope="col">{t('ui.users.limits')}</th>
          <th scope="col">{t('ui.users.state')}</th>
          <th scope="col">{t('ui.users.last')}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((user) => (
          <tr key={user.id} className={user.state === 'disabled' ? 'is-forgotten' : undefined}>
            <th scope="row">
              <a href={routeHash({ screen: 'users', id: user.id })}>{user.name}</a>
              {user.id === self ? <span className="muted"> ({t('ui.users.you')})</span> : null}
              {user.role === 'service' ? null : <span className="under muted">{user.login}</span>}
            </th>
            <td>{t(`ui.role.${user.role}`)}</td>
            <td>{user.role === 'approver' ? limitsWords(user.limits) : <span className="muted">–</span>}</td>
            <td>
              <UserState user={user} />
            </td>
            <td>
              {user.lastSignInAt === null ? (
                <span className="muted">{t('ui.users.never')}</span>
              ) : (
                <time dateTime={user.lastSignInAt}>{instant(user.lastSignInAt)}</time>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
