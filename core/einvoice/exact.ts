/** Division of decimals that rounds nothing. */
import { divide, multiply } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';

/** a / b, where its decimal expansion ends within twelve digits; else undefined. */
export function divideExactly(a: Decimal, b: Decimal): Decimal | undefined {
  const quotient = divide(a, b, 12);
  return quotient !== undefined && multiply(quotient, b) === a ? quotient : undefined;
}
