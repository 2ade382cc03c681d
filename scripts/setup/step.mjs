/** One line a step, on stderr where the output is for a program to read. */
export function createSteps({ quiet = false, stream = process.stdout } = {}) {
  const started = Date.now();
  return {
    say: (text) => void (quiet || stream.write(`${text}\n`)),
    /** Runs `work`, says what and how long. */
    async step(text, work) {
      const from = Date.now();
      if (!quiet) stream.write(`${text} ...\n`);
      const result = await work();
      if (!quiet) stream.write(`${text}: ${((Date.now() - from) / 1000).toFixed(1)} s\n`);
      return result;
    },
    seconds: () => ((Date.now() - started) / 1000).toFixed(1),
  };
}

/** A failure that is told in one sentence with its way out; anything else is a bug and keeps its stack. */
export class SetupError extends Error {}
