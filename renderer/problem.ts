/** A refusal in the words of the screen; what has none is said as the server said it. */
import { ApiError } from './api.ts';
import { say, t } from './text.ts';

export function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const { code, details, message } = error;
  if (code === 'offline') return t('ui.offline');
  if (code === 'unauthorized' && details['reason'] === 'signed-out') return t('ui.session.ended');
  if (code === 'unauthorized' && details['reason'] === 'device-revoked') return t('ui.session.revoked');
  if (code === 'forbidden' && details['why'] === 'own-account') return t('ui.refused.own');
  if (code === 'forbidden' && typeof details['role'] === 'string')
    return t('ui.refused.role', { role: say(`ui.role.${details['role']}`) });
  return message;
}
