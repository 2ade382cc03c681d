/** Do the amounts add up? Lines, allowances, charges, tax, total: each sum beside what the invoice says. */
import type { Invoice } from '../../core/contract/invoice.ts';
import { add, isDecimal, isZero, subtract } from '../../core/invoice/decimal.ts';

export interface Balance {
  readonly what: 'net' | 'gross' | 'due';
  /** What the parts add up to; undefined where a part is missing. */
  readonly sum: string | undefined;
  readonly says: string | undefined;
  readonly difference: string | undefined;
}

type Header = Invoice['header'];

const of = (header: Header, field: keyof Header): string | undefined => {
  const value = header[field]?.value;
  return value != null && isDecimal(value) ? value : undefined;
};

export function reconcile(invoice: Pick<Invoice, 'header' | 'lines'>): Balance[] {
  const { header, lines } = invoice;
  const totals = lines.map((line) => line.cells.lineTotal?.value).filter((v): v is string => v != null && isDecimal(v));
  const zero = (field: keyof Header) => of(header, field) ?? '0';
  const sum = totals.length > 0 ? add(...totals) : of(header, 'lineTotalSum');
  const net = of(header, 'netTotal');
  const tax = of(header, 'taxTotal');
  const gross = of(header, 'grossTotal');
  const due = of(header, 'amountDue');
  const balances = [
    balance('net', sum && add(subtract(sum, zero('allowanceTotal')), zero('chargeTotal')), net),
    balance('gross', net && tax && add(net, tax), gross),
  ];
  if (due !== undefined && due !== gross) {
    const rest = gross && subtract(add(gross, zero('rounding')), add(zero('prepaid'), zero('withheldTax')));
    balances.push(balance('due', rest, due));
  }
  return balances;
}

function balance(what: Balance['what'], sum: string | undefined, says: string | undefined): Balance {
  const difference = sum !== undefined && says !== undefined ? subtract(sum, says) : undefined;
  return { what, sum, says, difference };
}

export const agrees = ({ difference }: Balance): boolean => difference !== undefined && isZero(difference);
