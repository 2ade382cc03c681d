/** `npm run generate -- --count N --seed S --out DIR`: documents with their truth and the boxes of every value. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drawDocument } from './generate.ts';
import type { Options } from './house.ts';
import { planDocument } from './plan.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    set: { type: 'string', default: 'train' },
    kinds: { type: 'string' },
    from: { type: 'string', default: '1' },
  },
});
if (values.out === undefined) throw new Error('Say where to: --out DIR');
const out = resolve(values.out);
mkdirSync(join(out, 'documents'), { recursive: true });
for (const file of ['truth.jsonl', 'boxes.jsonl']) writeFileSync(join(out, file), '');
const kinds =
  values.kinds === undefined
    ? undefined
    : Object.fromEntries(
        values.kinds
          .split(',')
          .map((part) => part.split('='))
          .map(([kind = '', weight = '1']) => [kind, Number(weight)]),
      );
const options: Options = { set: values.set === 'test' ? 'test' : 'train', ...(kinds && { kinds }) };
for (let index = Number(values.from); index < Number(values.from) + Number(values.count); index++) {
  const { file, bytes, truth, boxes } = await drawDocument(planDocument(Number(values.seed), index, options));
  writeFileSync(join(out, file), bytes);
  appendFileSync(join(out, 'truth.jsonl'), `${JSON.stringify(truth)}\n`);
  appendFileSync(join(out, 'boxes.jsonl'), `${JSON.stringify({ file, boxes })}\n`);
}
