/** Who takes part: changes are saved, then sent, then taken in by another. */
export interface Sent {
  /** Milliseconds until all changes were saved where they were made; no figure: how many go in one save is each program's own. */
  readonly saved: number;
  /** Milliseconds for sending what was saved. */
  readonly pushed: number;
}

export interface Contestant {
  readonly name: string;
  push(): Promise<Sent>;
  /** Milliseconds until another one has taken it in, on its disk. */
  pull(): Promise<number>;
  stop(): Promise<void>;
}
