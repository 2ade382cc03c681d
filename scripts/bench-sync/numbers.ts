export const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
export const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? Number.NaN;
export const percentile = (values: readonly number[], part: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
/** As it is printed beside a median. */
export const range = (values: readonly number[], digits = 0): string => {
  const all = sorted(values);
  return `${(all[0] ?? 0).toFixed(digits)}..${(all.at(-1) ?? 0).toFixed(digits)}`;
};
