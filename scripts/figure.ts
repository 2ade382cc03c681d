/** One line a figure: `figure NAME VALUE MUST ok|short`. The command exits with 1 when one is short. */
export interface Figures {
  atMost(name: string, value: number, must: number): void;
  atLeast(name: string, value: number, must: number): void;
  /** True where every figure is as it must be. */
  readonly ok: () => boolean;
  /** Names of those that are not. */
  readonly short: () => readonly string[];
}

const shown = (value: number): string => String(Math.round(value * 1000) / 1000);

export function createFigures(print: (line: string) => void): Figures {
  const short: string[] = [];
  const line = (name: string, value: number, must: string, good: boolean): void => {
    if (!good) short.push(name);
    print(`figure ${name} ${shown(value)} ${must} ${good ? 'ok' : 'short'}`);
  };
  return {
    atMost: (name, value, must) => line(name, value, `<=${shown(must)}`, value <= must),
    atLeast: (name, value, must) => line(name, value, `>=${shown(must)}`, value >= must),
    ok: () => short.length === 0,
    short: () => short,
  };
}
