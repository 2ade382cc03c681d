/** What the person at this window may do: at a site what the role allows, at a station everything that a station has. */
import type { Action } from '../core/access/actions.ts';
import type { Me } from '../core/contract/access.ts';
import type { StationStatus } from '../core/contract/http.ts';

export interface Access {
  readonly status: Pick<StationStatus, 'place'> | null;
  readonly me: Pick<Me, 'actions'> | null;
}

/** There is nobody else at a station. */
const OF_A_SITE: ReadonlySet<Action> = new Set([
  'user.read',
  'user.change',
  'device.own',
  'device.read',
  'device.revoke',
  'audit.read',
  'lease.release',
]);

export const atSite = ({ status }: Pick<Access, 'status'>): boolean => status?.place === 'site';

/** Nothing more is offered; what is refused all the same, because the role changed just now, the server says. */
export function may(access: Access, action: Action): boolean {
  if (!atSite(access)) return !OF_A_SITE.has(action);
  return access.me?.actions.includes(action) ?? false;
}
