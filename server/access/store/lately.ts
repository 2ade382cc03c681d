/**
 * Who asks for many things at a time is looked up once for those of the same hundredth of a second. What this process itself changes holds at once (`forget`),
 * what another replica changes holds that much later.
 */
export interface Lately<V> {
  readonly ask: (name: string, look: () => Promise<V>) => Promise<V>;
  readonly forget: () => void;
}

/** Epoch or monotonic milliseconds; a clock that goes back only means that somebody is looked up again. */
export function createLately<V>(withinMs: number, now: () => number): Lately<V> {
  const answers = new Map<string, Promise<V>>();
  let since = now();
  return {
    ask(name, look) {
      const at = now();
      // All together: none of them is older than the first of them.
      if (at - since >= withinMs || at < since) {
        answers.clear();
        since = at;
      }
      const known = answers.get(name);
      if (known !== undefined) return known;
      const answer = look();
      answers.set(name, answer);
      // What could not be looked up is looked up again.
      answer.catch(() => {
        if (answers.get(name) === answer) answers.delete(name);
      });
      return answer;
    },
    forget: () => answers.clear(),
  };
}
