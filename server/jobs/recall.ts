/** Finds the fields of an invoice again with what was learned of its vendor since. Its words are known: nothing is drawn or recognised anew. */
import { jobs as contracts } from '../../core/contract/jobs.ts';
import type { Reading } from '../../core/contract/reading.ts';
import type { Base } from '../context.ts';
import type { Model } from '../model.ts';
import type { ReadOptions } from '../read-document.ts';
import { readFields } from '../read-document.ts';
import { documentSource, type Reader } from './read.ts';
import type { JobHandler, Work } from './handling.ts';

interface Parts {
  readonly base: Base;
  readonly model: Model;
  readonly reader: Pick<Reader, 'record' | 'options'>;
}

/** Operations of the station itself; whatever else is there was a person's, and what a person has seen does not move. */
const UNTOUCHED: ReadonlySet<string> = new Set(['invoice.created', 'reading.recorded']);

export const createRecallJob =
  ({ base, model, reader }: Parts): JobHandler =>
  async (work) => {
    const { invoice: id } = contracts.recall.parse(work.job.data);
    const [loaded, invoice] = [await model.load(id), await model.invoice(id)];
    const before = await model.readingOf(invoice);
    const { kind } = loaded.document;
    const isUntouched = loaded.ops.every((op) => UNTOUCHED.has(op.body.kind));
    if (!isUntouched || before === undefined || before.source === 'xml' || (kind !== 'pdf' && kind !== 'image'))
      return end(base, work);
    const source = await documentSource(base, loaded.document.sha256);
    const options: ReadOptions = reader.options(work);
    const outcome = await readFields(source, kind, before.pages, options);
    if (outcome.kind !== 'reading' || says(outcome.reading) === says(before)) return end(base, work);
    return reader.record(work, id, loaded.document, outcome);
  };

async function end(base: Base, { job }: Work) {
  const result = await base.commit({ finishes: { job: job.id, lease: job.lease } });
  return result.kind === 'ok' ? 'done' : 'lost';
}

/** What a person would see: values, and where they came from. */
const says = ({ header, memory }: Reading): string =>
  JSON.stringify([Object.entries(header).map(([field, cell]) => [field, cell.value, cell.reasons]), memory?.lessons]);
