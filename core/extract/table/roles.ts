/**
 * Which column of figures is the quantity, the unit price and the amount. The heads say it first; where quantity x price = amount holds for other columns in most rows,
 * the figures are right and the heads were misread or ambiguous ("Rate", "Price", "Value").
 */
import type { Decimal } from '../../invoice/decimal.ts';
import { multiply, near } from '../../invoice/decimal.ts';
import type { DecimalMark } from '../values/amount.ts';
import { valueOf } from '../values/amount.ts';
import type { Column, ColumnRole, TableHead } from './columns.ts';
import type { TableRow } from './rows.ts';

export type Roles = ReadonlyMap<Column, ColumnRole>;

/** Share of the rows that must agree before figures overrule heads. */
const AGREE = 0.6;

type Values = ReadonlyMap<Column, Decimal>;

function valuesOf(row: TableRow, mark: DecimalMark | undefined): Values {
  const values = new Map<Column, Decimal>();
  for (const [column, number] of row.numbers) {
    const value = valueOf(number, mark);
    if (value !== undefined && !number.percent) values.set(column, value);
  }
  return values;
}

/** Rows where q x p = a tells something (not all of 1 x p = p), and those where it holds. */
function agreement(rows: readonly Values[], q: Column, p: Column, a: Column): { told: number; held: number } {
  let told = 0;
  let held = 0;
  for (const row of rows) {
    const [quantity, price, amount] = [row.get(q), row.get(p), row.get(a)];
    if (quantity === undefined || price === undefined || amount === undefined) continue;
    told += 1;
    if (near(multiply(quantity, price), amount, '0.02')) held += quantity === '1' ? 0.75 : 1;
  }
  return { told, held };
}

export function resolveRoles(head: TableHead, rows: readonly TableRow[], mark: DecimalMark | undefined): Roles {
  const roles = new Map<Column, ColumnRole>(head.columns.map((c) => [c, c.role]));
  const values = rows.map((row) => valuesOf(row, mark));
  const of = (role: ColumnRole) => head.columns.find((c) => roles.get(c) === role);
  const [quantity, price, amount] = [of('quantity'), of('unitPrice'), of('lineTotal')];
  const good = (q: Column | undefined, p: Column | undefined, a: Column | undefined): number => {
    if (!q || !p || !a) return 0;
    const { told, held } = agreement(values, q, p, a);
    return told > 0 && told >= rows.length * 0.5 ? held / told : 0;
  };
  const decimals = (column: Column): number =>
    values.reduce((n, row) => n + (/\.(\d+)$/.exec(row.get(column) ?? '')?.[1]?.length ?? 0), 0);
  const finer = (a: Column, b: Column): boolean => decimals(a) > decimals(b);
  const now = good(quantity, price, amount);
  if (now < AGREE) {
    const figures = head.columns.filter(
      (c) => values.some((v) => v.has(c)) && c.role !== 'position' && c.role !== 'description',
    );
    let best: { q: Column; p: Column; a: Column; share: number } | undefined;
    for (const q of quantity ? [quantity] : figures) {
      for (const p of figures) {
        for (const a of figures) {
          if (p === q || a === q || a === p || a.x0 < p.x0) continue;
          const held = good(q, p, a);
          // Factors may change places: the heads that could be read say which is which, else prices have more decimals.
          const share = held + 0.02 * [q === quantity, p === price, a === amount, finer(p, q)].filter(Boolean).length;
          if (held >= AGREE && held > now + 0.2 && share > (best?.share ?? 0)) best = { q, p, a, share };
        }
      }
    }
    if (best) reassign(roles, best);
  }
  // A single column of money without quantities holds the amounts.
  const lone = head.columns.find((c) => roles.get(c) === 'unitPrice');
  const kinds = new Set(roles.values());
  if (lone && !kinds.has('lineTotal') && !kinds.has('quantity')) roles.set(lone, 'lineTotal');
  return roles;
}

function reassign(roles: Map<Column, ColumnRole>, { q, p, a }: { q: Column; p: Column; a: Column }): void {
  for (const [column, role] of roles)
    if (role === 'quantity' || role === 'unitPrice' || role === 'lineTotal') roles.set(column, 'other');
  roles.set(q, 'quantity');
  roles.set(p, 'unitPrice');
  roles.set(a, 'lineTotal');
}
