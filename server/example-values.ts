/** A site must not run with what its example file says (SECURITY: start refused on example values). */

/** Names reserved for examples (RFC 2606, RFC 6761), as a host of its own or the end of one; and what a person was told to change. */
const EXAMPLE = /(?:^|[\s/@.,"'])(?:example\.(?:com|net|org)|[a-z0-9-]+\.example)(?:$|[\s/:,"'])|CHANGE[-_ ]?ME/i;

const isExample = (value: string): boolean => EXAMPLE.test(value);

/** The variables that still have an example's value, a secret's file read through. No value is ever given back: it may be somebody's password. */
export function exampleValues(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string | undefined,
): string[] {
  return Object.entries(environment)
    .filter(([name, value = '']) => isExample(name.endsWith('_FILE') ? (readFile(value) ?? '') : value))
    .map(([name]) => name);
}

/** Throws with one sentence that names them. */
export function refuseExampleValues(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string | undefined,
): void {
  const names = exampleValues(environment, readFile);
  if (names.length > 0)
    throw new Error(`These settings still have the value of the example file; write your own: ${names.join(', ')}.`);
}
