/**
 * Postgres keeps no NUL in a text, but operations may hold one (a hash is over it, so it must come back): it is written as two characters, the first of
 * them one of Unicode's private ones, which is doubled where it stands by itself.
 */
import type { OpContent } from '../../../core/sync/op.ts';

export interface ContentRow {
  readonly value: string | null;
  readonly reason: string | null;
  readonly salt: string | null;
}

const MARK = '\uE0FF';
const NUL = '\0';

export const kept = <T extends string | null>(text: T): T =>
  text === null || !(text.includes(NUL) || text.includes(MARK))
    ? text
    : (text.replaceAll(MARK, MARK + MARK).replaceAll(NUL, `${MARK}0`) as T);

export const given = <T extends string | null>(text: T): T =>
  text === null || !text.includes(MARK)
    ? text
    : (text.replaceAll(/\uE0FF([\uE0FF0])/g, (_all, next: string) => (next === '0' ? NUL : MARK)) as T);

/** Of an operation's row; null where it was erased, or has not come. */
export const givenContent = ({ value, reason, salt }: ContentRow): OpContent | null =>
  salt === null ? null : { value: given(value), reason: given(reason), salt: given(salt) };

/** For what is only shown or searched. */
export const withoutNul = <T extends string | null>(text: T): T =>
  text === null || !text.includes(NUL) ? text : (text.replaceAll(NUL, '') as T);
