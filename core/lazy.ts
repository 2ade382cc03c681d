/** A table that is made when it is first asked for: programs and threads that never ask do not pay for it while they start. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
