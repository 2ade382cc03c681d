/**
 * Whose turn it is. The seats of a process are for all receivers: one of them that hangs must not take them all, however much there is for it. One that answers at
 * once may have half of them, a slow or unknown one a few, one that did not answer lately a single one, and all of those together half. What has no turn is given
 * back until about when it may have one, so that a long line costs a look now and then, not a look a second for everything in it.
 */
export interface TurnOptions {
  /** Seats of the process. */
  readonly seats: number;
  readonly now: () => number;
}

export type Turn =
  /** `ms`: how long the seat was taken. */
  | { readonly kind: 'go'; readonly leave: (outcome: { readonly ok: boolean; readonly ms: number }) => void }
  | { readonly kind: 'later'; readonly afterMs: number };

export interface Turns {
  enter(receiver: string): Turn;
}

interface Receiver {
  inFlight: number;
  isTroubled: boolean;
  /** How long a seat is taken for it, about. */
  usualMs: number;
  /** When the next one that has no turn may come. */
  nextAt: number;
}

const FEW = 4;
/** Whoever takes longer is slow. */
const FAST_MS = 500;
/** Of one that nobody knows. */
const FIRST_MS = 501;
const LONGEST_MS = 5 * 60_000;
const SHORTEST_MS = 100;
/** Receivers that are remembered while nothing is under way to them. */
const MOST_REMEMBERED = 1_000;

export function createTurns({ seats, now }: TurnOptions): Turns {
  const receivers = new Map<string, Receiver>();
  let troubled = 0;

  function of(key: string): Receiver {
    const known = receivers.get(key);
    if (known !== undefined) return known;
    if (receivers.size >= MOST_REMEMBERED)
      for (const [name, { inFlight }] of receivers) if (inFlight === 0) receivers.delete(name);
    const made = { inFlight: 0, isTroubled: false, usualMs: FIRST_MS, nextAt: 0 };
    receivers.set(key, made);
    return made;
  }

  function mostOf({ isTroubled, usualMs }: Receiver): number {
    if (isTroubled) return 1;
    return usualMs <= FAST_MS ? Math.max(FEW, seats / 2) : FEW;
  }

  function later(receiver: Receiver, most: number): Turn {
    const at = now();
    receiver.nextAt = Math.max(at, Math.min(receiver.nextAt, at + LONGEST_MS)) + receiver.usualMs / most;
    return { kind: 'later', afterMs: Math.min(LONGEST_MS, Math.max(SHORTEST_MS, receiver.nextAt - at)) };
  }

  function left(receiver: Receiver, ok: boolean, ms: number): void {
    // The line was made by what it was; what it is now is known.
    if (ok && receiver.isTroubled) Object.assign(receiver, { usualMs: ms, nextAt: 0 });
    receiver.isTroubled = !ok;
    receiver.usualMs = 0.7 * receiver.usualMs + 0.3 * ms;
  }

  return {
    enter(key) {
      const receiver = of(key);
      const wasTroubled = receiver.isTroubled;
      const most = mostOf(receiver);
      if (receiver.inFlight >= most || (wasTroubled && troubled >= seats / 2)) return later(receiver, most);
      receiver.inFlight += 1;
      if (wasTroubled) troubled += 1;
      let hasLeft = false;
      return {
        kind: 'go',
        leave({ ok, ms }) {
          if (hasLeft) return;
          hasLeft = true;
          receiver.inFlight -= 1;
          if (wasTroubled) troubled -= 1;
          left(receiver, ok, ms);
        },
      };
    },
  };
}
