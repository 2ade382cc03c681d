/** A refusal in the words of the screen; what has none is said as the server said it. */
import { ApiError } from './api.ts';
import { say, t } from './text.ts';

export interface NotHere {
  readonly why: 'fetching' | 'late' | 'unreachable' | 'full' | 'wrong';
  readonly device: string;
}

const WHYS: readonly string[] = ['fetching', 'late', 'unreachable', 'full', 'wrong'];

/** A document that is known and whose bytes have not come to this station yet. */
export function notHere(error: unknown): NotHere | undefined {
  if (!(error instanceof ApiError) || error.details['reason'] !== 'not-here') return undefined;
  const { why, device } = error.details;
  if (typeof why !== 'string' || !WHYS.includes(why)) return undefined;
  return { why: why as NotHere['why'], device: typeof device === 'string' ? device : '' };
}

/** What was read from the invoice has to be here before anything of it is changed; undefined of any other refusal. */
function readingNotHere(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.details['reason'] !== 'reading-not-here') return undefined;
  const { why, device } = error.details;
  if (why === 'unreachable' || why === 'full') return t(`ui.reading.${why}`);
  if (why !== 'late') return t('ui.reading.fetching');
  const isKnown = typeof device === 'string' && device !== '';
  return isKnown ? t('ui.reading.late', { device: device.slice(0, 8) }) : t('ui.reading.late.unknown');
}

/** Of a change that is made by itself once that has come. */
export function waitsForReading(error: unknown): string | undefined {
  const why = readingNotHere(error);
  return why === undefined ? undefined : t('ui.reading.kept', { why });
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
  if (code === 'not_allowed' && details['reason'] === 'site-left') return t('ui.export.site-left');
  if (details['reason'] === 'needs-site') return t('ui.sync.needs-site');
  const why = readingNotHere(error);
  return why === undefined ? message : t('ui.reading.again', { why });
}
