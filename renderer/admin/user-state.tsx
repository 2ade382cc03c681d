import type { User } from '../../core/contract/access.ts';
import { t } from '../text.ts';

export function UserState({ user: { state } }: { readonly user: Pick<User, 'state'> }) {
  return <span className={`status status-user-${state}`}>{t(`ui.users.state.${state}`)}</span>;
}
