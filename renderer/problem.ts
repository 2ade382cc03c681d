/** A refusal in the words of the screen; what has none is said as the server said it. */
import { ApiError } from './api.ts';
import { say, t } from './text.ts';

export interface NotHere {
  readonly why: 'fetching' | 'late' | 'unreachable' | 'wrong';
  readonly device: string;
}

const WHYS: readonly string[] = ['fetching', 'late', 'unreachable', 'wrong'];

/** A document that is known and whose bytes have not come to this station yet. */
export function notHere(error: unknown): NotHere | undefined {
  if (!(error instanceof ApiError) || error.details['reason'] !== 'not-here') return undefined;
  const { why, device } = error.details;
  if (typeof why !== 'string' || !WHYS.includes(why)) return undefined;
  return { why: why as NotHere['why'], device: typeof device === 'string' ? device : '' };
}

export function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const { code, details, message } = error;
  if (code === 'offline') return t('ui.offline');
  if (code === 'unauthorized' && details['reason'] === 'signed-out') return t('ui.session.ended');
  if (code === 'unauthorized' && details['reason'] === 'device-revoked') return t('ui.session.revoked');
  if (code === 'forbidden' && details['why'] === 'own-account') return t('ui.refused.own');
  if (code === 'forbidden' && typeof details['role'] === 'string')
    return t('ui.refused.role', { role: say(`ui.role.${details['role']}`) });
  if (details['reason'] === 'site-away') return t('ui.parcel.away');
  if (details['reason'] === 'lease-full') return t('ui.parcel.full', { n: String(details['most']) });
  if (code === 'not_allowed' && details['reason'] === 'site-only') return t('ui.export.at-site');
  if (details['reason'] === 'needs-site') return t('ui.sync.needs-site');
  return message;
}
