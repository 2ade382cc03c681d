/**
 * Calls of functions that stand one behind the other are sent as one statement: for a small change, what a statement costs beside its work (parsing, planning, its messages, on both
 * sides) is as much as the work. They are carried out in their order, and each sees what those before it did.
 */
import type { Query } from 'drizzle-orm';
import type { Call, Statement } from './connection.ts';

const SELECT = 'SELECT ';

/** Of the same few functions in the same few orders. */
const texts = new Map<string, string>();

/** `isLastFirst`: only where the last of them says so. */
function textOf(calls: readonly Query[], isLastFirst: boolean): string {
  const key = `${isLastFirst}\n${calls.map(({ sql }) => sql).join('\n')}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  let places = 0;
  const moved = calls.map(({ sql, params }) => {
    const from = places;
    places += params.length;
    return sql.slice(SELECT.length).replaceAll(/\$(\d+)/g, (_all, n: string) => `$${from + Number(n)}`);
  });
  const condition = isLastFirst ? ` FROM ${moved.pop() ?? ''} AS given (is_so) WHERE is_so` : '';
  const text = SELECT + moved.join(', ') + condition;
  texts.set(key, text);
  return text;
}

const together = (calls: readonly Query[], isLastFirst = false): Query =>
  calls.length === 1 && calls[0] !== undefined
    ? calls[0]
    : { sql: textOf(calls, isLastFirst), params: calls.flatMap(({ params }) => params) };

export const isCall = (statement: Statement): statement is Call => 'isCall' in statement && statement.isCall;

/** All of these calls where the condition, a call that tells whether, is true: one row. No row where it is not: nothing is carried out. */
export const callsIf = (condition: Call, calls: readonly Call[]): Statement => ({
  toSQL: () =>
    together(
      [...calls, condition].map((call) => call.toSQL()),
      true,
    ),
});

/** A statement to send, and how many of those that were given it stands for. */
export interface Sent {
  readonly query: Query;
  readonly count: number;
}

export function joinCalls(statements: readonly Statement[], queryOf: (statement: Statement) => Query): Sent[] {
  const sent: Sent[] = [];
  let calls: Query[] = [];
  const end = (): void => {
    if (calls.length > 0) sent.push({ query: together(calls), count: calls.length });
    calls = [];
  };
  for (const statement of statements) {
    const query = queryOf(statement);
    if (isCall(statement)) {
      calls.push(query);
      continue;
    }
    end();
    sent.push({ query, count: 1 });
  }
  end();
  return sent;
}
