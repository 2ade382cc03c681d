/** Small helpers to build a TermNode tree: what has no value makes no element. */
import type { TermNode } from '../contract/reading.ts';

type Child = TermNode | readonly (TermNode | undefined)[] | undefined;

/** An element with the children that exist; undefined where none does. */
export function group(name: string, ...children: readonly Child[]): TermNode | undefined {
  const existing = children.flat().filter((child): child is TermNode => child !== undefined);
  return existing.length === 0 ? undefined : { name, children: existing };
}

/** An element with text; undefined where the text is. */
export function leaf(
  name: string,
  text: string | undefined,
  attributes?: Readonly<Record<string, string>>,
): TermNode | undefined {
  if (text === undefined || text === '') return undefined;
  return { name, text, ...(attributes && { attributes: { ...attributes } }) };
}
