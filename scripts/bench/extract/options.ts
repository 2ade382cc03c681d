/** What `npm run bench:extract` is asked for. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readerVersion, ROOT } from './reader.ts';

const USAGE = `Usage: npm run bench:extract -- DIR [--out FILE] [--limit N] [--only REGEX] [--resume] [--by KEY] [--misses FIELD]
                                  [--limits] [--accepted] [--threads N] [--cache DIR] [--reader HASH] [--write FILE]
DIR holds documents/ and truth.jsonl (scored by score.mjs beside DIR or one folder above, where there is one), or list.jsonl (files that need only end).
--limits says by kind of document what kept each field from being right; --accepted lists documents that were accepted with a wrong core field.
--write FILE keeps the figures and the rows of the table with machine and commit.
`;

export interface Options {
  readonly dir: string;
  readonly out: string;
  readonly cache: string;
  readonly threads: number;
  readonly resume: boolean;
  readonly limit: number;
  readonly only: RegExp;
  /** A scorer that is no part of the repository; the repository's own where there is none. */
  readonly scorer: string | undefined;
  readonly by: string | undefined;
  readonly misses: string | undefined;
  /** Prints what kept each field from being right, by kind of document. */
  readonly limits: boolean;
  /** Lists the documents whose five core fields were accepted with a wrong one among them. */
  readonly accepted: boolean;
  /** Whose kept words are taken: while the extraction is worked on, those of an older reader will do. */
  readonly reader: string;
  readonly write: string | undefined;
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n${USAGE}`);
  process.exit(2);
}

export function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      cache: { type: 'string', default: join(ROOT, '.cache', 'bench-pages') },
      threads: { type: 'string', default: '2' },
      limit: { type: 'string' },
      only: { type: 'string', default: '' },
      resume: { type: 'boolean', default: false },
      by: { type: 'string' },
      misses: { type: 'string' },
      limits: { type: 'boolean', default: false },
      accepted: { type: 'boolean', default: false },
      reader: { type: 'string' },
      write: { type: 'string' },
    },
  });
  const dir = positionals[0] === undefined ? refuse('Name the folder of the benchmark.') : resolve(positionals[0]);
  if (!['truth.jsonl', 'list.jsonl'].some((file) => existsSync(join(dir, file))))
    refuse(`${dir} has no truth.jsonl and no list.jsonl.`);
  const name = dir.split('/').slice(-2).join('-');
  return {
    dir,
    out: resolve(values.out ?? join(ROOT, '.cache', `${name}.jsonl`)),
    cache: resolve(values.cache),
    threads: Number(values.threads),
    resume: values.resume,
    limit: values.limit === undefined ? Infinity : Number(values.limit),
    only: new RegExp(values.only),
    scorer: [dirname(dir), dirname(dirname(dir))].map((d) => join(d, 'score.mjs')).find((f) => existsSync(f)),
    by: values.by,
    misses: values.misses,
    limits: values.limits,
    accepted: values.accepted,
    reader: values.reader ?? readerVersion(),
    write: values.write,
  };
}
