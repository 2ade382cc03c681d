/** Who stands behind a token: the one look-up that every request needs. */
import type pg from 'pg';
import { createGathering } from '../../store/postgres/gathering.ts';
import { readAccount, readDevice } from '../account.ts';
import type { AccessStore } from './access-store.ts';
import type { Lately } from './lately.ts';

interface BearerRow {
  /** Which of those that were asked for, from 1. */
  readonly n: number;
  readonly account: string;
  readonly device: string | null;
}

const BEARERS = 'SELECT n, account, device FROM access_bearers($1::text[], $2::text[], $3::text[])';

export type Bearer = Awaited<ReturnType<AccessStore['bearer']>>;

const nameOf = (asked: Parameters<AccessStore['bearer']>): string => JSON.stringify(asked);

/** Asked with every request, of few people and devices in turns: what was read before is not read again while its text is the same. */
export function bearers(pool: pg.Pool, lately: Lately<Bearer>): Pick<AccessStore, 'bearer'> {
  const accountOf = remembering(readAccount);
  const deviceOf = remembering(readDevice);
  const bearer = createGathering<Parameters<AccessStore['bearer']>, Bearer>({
    nameOf,
    async load(asked) {
      const columns = [0, 1, 2].map((at) => asked.map((one) => one[at]));
      const { rows } = await pool.query<BearerRow>(BEARERS, columns);
      const found = new Map(rows.map((row) => [row.n, row]));
      return asked.map((_, at) => {
        const row = found.get(at + 1);
        if (row === undefined) return undefined;
        return { account: accountOf(row.account), device: row.device === null ? undefined : deviceOf(row.device) };
      });
    },
  });
  return { bearer: (...asked) => lately.ask(nameOf(asked), () => bearer(asked)) };
}

const MOST_REMEMBERED = 2_000;

function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const made = read(text);
    known.set(text, made);
    return made;
  };
}
