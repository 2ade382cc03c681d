/** Parts that are opened one after the other are closed in the opposite order; what fails to close must not keep the rest open. */
export interface Closing {
  /** Remembers how the part is closed. */
  readonly keep: <T>(part: T, close: (part: T) => Promise<void> | void) => T;
  /** Rejects with the first failure, once everything was tried. */
  readonly closeAll: () => Promise<void>;
}

export function createClosing(): Closing {
  const closing: (() => Promise<void> | void)[] = [];
  return {
    keep(part, close) {
      closing.push(() => close(part));
      return part;
    },
    async closeAll() {
      const failures: unknown[] = [];
      for (const close of closing.splice(0).toReversed()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
