/** What was checked: a line each, figures beside them, a sum at the end. */
import { createFigures, type Figures } from '../figure.ts';

export interface Report {
  readonly figures: Figures;
  /** One check; what it gives back is told with it. A failure is told and does not end the run. */
  check(name: string, work: () => Promise<string | void>): Promise<boolean>;
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** 0 where everything passed. */
  end(): number;
}

const seconds = (from: number): string => ((Date.now() - from) / 1000).toFixed(1);

export function createReport(print: (line: string) => void, stop: AbortSignal): Report {
  const count = { passed: 0, failed: 0 };
  const figures = createFigures(print);
  return {
    figures,
    async check(name, work) {
      stop.throwIfAborted();
      try {
        const told = await work();
        count.passed += 1;
        print(`ok      ${name}${told ? `: ${told}` : ''}`);
        return true;
      } catch (error) {
        stop.throwIfAborted();
        count.failed += 1;
        print(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
        return false;
      }
    },
    async step(name, work) {
      stop.throwIfAborted();
      const from = Date.now();
      print(`== ${name}`);
      const result = await work();
      print(`== ${name}: ${seconds(from)} s`);
      return result;
    },
    end() {
      const short = figures.ok() ? 0 : 1;
      print(`${count.passed} passed, ${count.failed + short} failed`);
      return count.failed + short === 0 && count.passed > 0 ? 0 : 1;
    },
  };
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
