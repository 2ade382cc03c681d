/** The places of a text layer's values, looked at. */
import type { TaskInput, TaskOutput } from '../../core/contract/tasks.ts';
import { createStageClock } from '../clock.ts';
import { openPdf } from '../pdf/open.ts';
import { checkTexts, type Check } from '../trust/check.ts';

type Input = Omit<TaskInput<'checkText'>, 'checks'> & { readonly checks: readonly Check[] };

export async function checkText({ path, checks }: Input): Promise<TaskOutput<'checkText'>> {
  const clock = createStageClock();
  const pdf = await openPdf(path);
  const results = await clock.timed('trust', () => checkTexts(pdf, checks));
  return { kind: 'checked', results, ms: clock.ms };
}
