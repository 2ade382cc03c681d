/** Security events in words. A kind or a detail of a newer server is shown as it is. */
import type { EventKind } from '../../core/access/audit-event.ts';
import type { SecurityEvent } from '../../core/contract/access.ts';
import { instant, money, nameOf, say, t } from '../text.ts';
import { limitAmount } from './limits.ts';

export const EVENT_GROUPS = {
  signIn: ['sign-in', 'sign-in.failed', 'sign-in.throttled', 'sign-out', 'token.reused'],
  people: [
    'user.invited',
    'user.joined',
    'service.added',
    'user.role',
    'user.limits',
    'user.disabled',
    'user.enabled',
    'user.password',
    'user.second-factor',
    'user.second-factor-reset',
    'user.recovery-code',
  ],
  devices: ['device.enrolled', 'device.attached', 'device.renamed', 'device.revoked'],
  data: ['export', 'settings', 'webhook', 'lease', 'erase'],
  system: ['key.rotated', 'update', 'backup', 'restore'],
} as const satisfies Record<string, readonly EventKind[]>;
export type EventGroup = keyof typeof EVENT_GROUPS;

/** What somebody should look at. */
const GRAVE: ReadonlySet<string> = new Set([
  'sign-in.failed',
  'sign-in.throttled',
  'token.reused',
  'device.revoked',
  'user.disabled',
  'erase',
]);
export const isGrave = (kind: string): boolean => GRAVE.has(kind);

const known = (key: string): string | undefined => {
  const words = say(key);
  return words === key ? undefined : words;
};

export const kindWords = (kind: string): string => known(`ui.event.${kind}`) ?? kind;

export const whoWords = (actor: string): string => (actor === 'unknown' ? t('ui.security.unknown') : nameOf(actor));

/** "EUR 1000000, USD 500" as the events keep it. */
function limitsWords(text: string): string {
  if (text === 'none') return t('ui.detail.limits.none');
  return text
    .split(', ')
    .map((limit) => {
      const [currency = '', minor = ''] = limit.split(' ');
      return /^\d+$/.test(minor) ? money(limitAmount({ currency, minor }), currency) : limit;
    })
    .join(', ');
}

/** Ids of rows that no screen shows by them. */
const UNSAID: ReadonlySet<string> = new Set([
  'device',
  'batch',
  'kid',
  'limits',
  'webhook',
  'delivery',
  'events',
  'lease',
  'invoice',
]);

function detail({ kind }: SecurityEvent, name: string, value: string): string | undefined {
  // Its name is said already.
  if (name === 'name' && kind === 'service.added') return undefined;
  if (name === 'user') return nameOf(`user:${value}`);
  if (kind === 'user.limits')
    return t(name === 'from' ? 'ui.detail.from' : 'ui.detail.to', { value: limitsWords(value) });
  if (UNSAID.has(name)) return undefined;
  if (name === 'role' || kind === 'user.role') {
    const key = name === 'from' || name === 'to' ? (`ui.detail.${name}` as const) : 'ui.detail.role';
    return t(key, { value: known(`ui.role.${value}`) ?? value });
  }
  if (name === 'until') return t('ui.detail.until', { value: instant(value) });
  if (name === 'format') return known(`ui.export.format.${value}`) ?? value;
  const own = known(`ui.detail.${name}.${value}`);
  if (own !== undefined) return own;
  const template = say(`ui.detail.${name}`, { value });
  return template === `ui.detail.${name}` ? value : template;
}

/** Whom it concerns first, then how and from where. */
const ORDER = [
  'user',
  'name',
  'role',
  'from',
  'to',
  'how',
  'via',
  'again',
  'left',
  'format',
  'what',
  'host',
  'why',
  'address',
];
const place = (name: string): number => {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
};

export const detailWords = (event: SecurityEvent): string =>
  Object.entries(event.data)
    .toSorted(([a], [b]) => place(a) - place(b))
    .flatMap(([name, value]) => detail(event, name, value) ?? [])
    .join(', ');
