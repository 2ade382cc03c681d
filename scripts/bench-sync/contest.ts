/** Who takes part: changes are written without being counted, then sent, then taken in by another. */
export interface Contestant {
  readonly name: string;
  /** Milliseconds for sending what was written before. */
  push(): Promise<number>;
  /** Milliseconds until another one has taken it in, on its disk. */
  pull(): Promise<number>;
  stop(): Promise<void>;
}
