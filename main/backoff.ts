/** Wait before the n-th restart in a row (1, 2, ...): half a second, doubled, at most half a minute. */
export const backoffMs = (crashes: number): number => Math.min(30_000, 500 * 2 ** (Math.max(1, crashes) - 1));
