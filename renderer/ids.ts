import { uuid7 } from '../core/sync/ids.ts';

/** Ids of operations made here: time-ordered, made before they are sent, so that a repeated request is one operation. */
export const newId = (): string => uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
