/** The JSON that a content holds; undefined where it was erased, or is none. */
export function parsedContent(value: string | null): unknown {
  if (value === null) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined; // of a newer version, in another form
  }
}
