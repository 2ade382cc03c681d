/** How long advice lasts (docs/together.md). */

/** A screen says so often that an invoice is open. */
export const BEAT_MS = 25_000;
/** Longer than a browser lets a hidden page sleep, twice. */
export const DESK_MS = 150_000;
/** Without a key or a click a person only looks. */
export const IDLE_MS = 15 * 60_000;
/** Ended leases are told to the station that had them, and to whoever asks, for so long. */
export const ENDED_DAYS = 30;
