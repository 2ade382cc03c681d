/**
 * Calls that come one by one, made together: while one batch is under way the next items gather, and go in one round trip when it is back. A lone item does not
 * wait; under load a claim costs a share of a transaction instead of a whole one.
 */
interface Asked<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (error: unknown) => void;
}

const MOST = 100;

/** `run` answers in the order of the items. */
export function createGather<I, O>(run: (items: readonly I[]) => Promise<readonly O[]>): (item: I) => Promise<O> {
  const asked: Asked<I, O>[] = [];
  let isUnderWay = false;

  const answer = async (batch: readonly Asked<I, O>[]): Promise<void> => {
    try {
      const answers = await run(batch.map(({ item }) => item));
      if (answers.length !== batch.length) throw new Error('a batch was not answered whole');
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as O);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const work = async (): Promise<void> => {
    while (asked.length > 0) await answer(asked.splice(0, MOST));
    isUnderWay = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      asked.push({ item, resolve, reject });
      if (isUnderWay) return;
      isUnderWay = true;
      setImmediate(() => void work());
    });
}
