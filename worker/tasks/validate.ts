/** All rules over one invoice in its context. */
import { z } from 'zod';
import { tasks, type TaskOutput } from '../../core/contract/tasks.ts';
import { validateInvoice } from '../../core/validate/engine.ts';
import { RuleContext } from '../../core/validate/rule.ts';

const Input = z.object({ ...tasks.validate.input.shape, context: RuleContext });

export function validate(input: unknown): TaskOutput<'validate'> {
  const { invoice, context } = Input.parse(input);
  return { findings: validateInvoice(invoice, context) };
}
