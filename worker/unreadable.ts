/** Known problems travel as values: an error that crosses a thread loses its class (core/contract/tasks.ts). */
import type { UnreadableReason } from '../core/contract/intake.ts';
import type { Unreadable } from '../core/contract/tasks.ts';

export function unreadable(reason: UnreadableReason, detail: string): Unreadable {
  return { kind: 'unreadable', reason, detail };
}

/** Raised deep inside a reader where returning a value would clutter every call; the task turns it into the value. */
export class UnreadableError extends Error {
  readonly reason: UnreadableReason;
  constructor(reason: UnreadableReason, detail: string) {
    super(detail);
    this.name = 'UnreadableError';
    this.reason = reason;
  }
}

/** The first line of what a library threw, short enough for a screen. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 200);
}

/** A WebAssembly engine that aborted, by its name: the class is not known to the ES library. Its memory is in an unknown state from then on. */
export function isTrap(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'RuntimeError' || /^Aborted\(|memory access out of bounds|unreachable/.test(error.message);
}
