/** Role and limits, as they are given with an invitation and changed later. */
import { useId } from 'react';
import type { Role } from '../../core/access/roles.ts';
import type { ApprovalLimit } from '../../core/contract/access.ts';
import { CURRENCIES } from '../../core/invoice/currency.ts';
import { currentLanguage, number, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { limitAmount } from './limits.ts';
import type { LimitRow } from './limits.ts';

export const PEOPLE_ROLES = ['reviewer', 'approver', 'admin', 'auditor'] as const satisfies readonly Role[];

export const blankLimit = (rows: readonly LimitRow[], currency = ''): LimitRow => ({
  key: Math.max(0, ...rows.map(({ key }) => key)) + 1,
  currency,
  amount: '',
});

export const rowsOf = (limits: readonly ApprovalLimit[]): LimitRow[] =>
  limits.map((limit, index) => ({ key: index + 1, currency: limit.currency, amount: typed(limit) }));

/** As a person would type it again. */
function typed(limit: ApprovalLimit): string {
  const amount = limitAmount(limit);
  return number(/\.0+$/.test(amount) ? (amount.split('.')[0] ?? amount) : amount);
}

interface RoleProps {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

export function RoleChoice({ value, onChange }: RoleProps) {
  const name = useId();
  return (
    <fieldset className="formats roles">
      <legend>{t('ui.users.role')}</legend>
      {PEOPLE_ROLES.map((role) => (
        <label key={role} className="format">
          <input type="radio" name={name} value={role} checked={value === role} onChange={() => onChange(role)} />
          <b>{t(`ui.role.${role}`)}</b>
          <span>{t(`ui.role.${role}.does`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface LimitsProps {
  readonly rows: readonly LimitRow[];
  readonly wrong: { readonly key: number; readonly words: string } | null;
  readonly onChange: (rows: readonly LimitRow[]) => void;
}

export function LimitsEditor({ rows, wrong, onChange }: LimitsProps) {
  const id = useId();
  const set = (key: number, part: Partial<LimitRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <fieldset className="limits" aria-describedby={`${id}-hint`}>
      <legend>{t('ui.users.limits')}</legend>
      {rows.map((row, index) => {
        const described = wrong?.key === row.key ? { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` } : {};
        return (
          <div key={row.key} className="limit" role="group" aria-label={t('ui.users.limit', { n: index + 1 })}>
            <input
              className="input limit-currency"
              list={`${id}-currencies`}
              aria-label={t('ui.users.limit.currency')}
              placeholder="EUR"
              maxLength={3}
              value={row.currency}
              onChange={(event) => set(row.key, { currency: event.target.value })}
              {...described}
            />
            <input
              className="input limit-amount"
              inputMode="decimal"
              aria-label={t('ui.users.limit.amount')}
              placeholder={currentLanguage() === 'de' ? '10.000' : '10,000'}
              maxLength={30}
              value={row.amount}
              onChange={(event) => set(row.key, { amount: event.target.value })}
              {...described}
            />
            <Button
              look="quiet"
              className="button-icon"
              aria-label={t('ui.users.limit.remove', { currency: row.currency.toUpperCase() || '–' })}
              onPress={() => onChange(rows.filter(({ key }) => key !== row.key))}
            >
              <Icon name="trash" />
            </Button>
          </div>
        );
      })}
      {wrong === null ? null : (
        <p id={`${id}-wrong`} className="field-error" role="alert">
          {wrong.words}
        </p>
      )}
      <Button look="plain" onPress={() => onChange([...rows, blankLimit(rows)])}>
        <Icon name="plus" /> {t('ui.users.limit.add')}
      </Button>
      <p id={`${id}-hint`} className="hint">
        {t('ui.users.limits.hint')}
      </p>
      <datalist id={`${id}-currencies`}>
        {CURRENCIES.map((code) => (
          <option key={code} value={code} />
        ))}
      </datalist>
    </fieldset>
  );
}
