/**
 * Requests made from the description, valid and broken, at the site of this run; by itself at any running site:
 * `node scripts/site/fuzz.ts --address https://ap.test --token TOKEN [--ca FILE] [--count 5000] [--seed N]`. They change things there.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { invoicePdf } from '../../server/testing.ts';
import { createFigures, type Figures } from '../figure.ts';
import type { Around } from './around.ts';
import { createGenerator, type GeneratedRequest, type KnownIds } from './generate.ts';
import { type Answer, type Ask, createHttp } from './http.ts';
import { fetchDescription } from './openapi.ts';
import { acceptedId, readInvoice, upload } from './work.ts';

export interface FuzzPlace {
  readonly ask: Ask;
  readonly token: () => Promise<string>;
  readonly count: number;
  readonly seed: number;
  readonly known?: KnownIds;
}

interface Fuzzed {
  readonly byStatus: ReadonlyMap<number, number>;
  /** Every answer that nobody meant. */
  readonly unhandled: readonly string[];
}

const AT_ONCE = 8;
/** Ends the sign-in that asks, or would. */
const LEFT_OUT = new Set(['signOut', 'events']);

/** 503 with a time to wait is a refusal that was meant; everything else from 500 on is not. */
const isUnhandled = ({ status, headers }: Answer): boolean =>
  status >= 500 && !(status === 503 && headers['retry-after'] !== undefined);

/** A refusal says why in the one form that all have. */
const isNoProblem = ({ status, headers, text }: Answer): boolean =>
  status >= 400 &&
  status < 500 &&
  (headers['content-type']?.startsWith('application/problem+json') !== true || !text.includes('"code"'));

export async function fuzz({ ask, token, count, seed, known = () => [] }: FuzzPlace): Promise<Fuzzed> {
  const description = await fetchDescription(ask);
  const generator = createGenerator(description);
  const operations = description.operations.filter(({ id }) => !LEFT_OUT.has(id));
  const requests = fc.sample(
    fc
      .constantFrom(...operations)
      .chain((operation) => fc.oneof(generator.valid(operation, known), generator.broken(operation, known))),
    { numRuns: count, seed },
  );
  const byStatus = new Map<number, number>();
  const unhandled: string[] = [];
  const told = (made: GeneratedRequest, what: string): void => {
    const { operation, path, headers, body } = made;
    unhandled.push(
      `${operation.id} ${operation.method} ${path} ${JSON.stringify(headers)} ${String(body).slice(0, 400)}: ${what}`,
    );
  };
  let next = 0;
  async function worker(): Promise<void> {
    for (let made = requests[next++]; made !== undefined; made = requests[next++]) {
      const { operation, path, headers, body } = made;
      const sent = { method: operation.method, headers, token: await token(), headOnly: true };
      try {
        const answer = await ask(path, body === undefined ? sent : { ...sent, body });
        byStatus.set(answer.status, (byStatus.get(answer.status) ?? 0) + 1);
        if (isUnhandled(answer)) told(made, `${answer.status} ${answer.text.slice(0, 200)}`);
        else if (isNoProblem(answer)) told(made, `${answer.status}, no problem+json: ${answer.text.slice(0, 200)}`);
      } catch (error) {
        told(made, String(error));
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { byStatus, unhandled };
}

function tell({ byStatus, unhandled }: Fuzzed, figures: Figures, say: (line: string) => void): void {
  for (const line of unhandled.slice(0, 20)) say(`UNHANDLED  ${line}`);
  say(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, times]) => `${status}: ${times}`)
      .join(', '),
  );
  figures.atLeast(
    'fuzz-requests',
    [...byStatus.values()].reduce((sum, one) => sum + one, 0),
    1,
  );
  // Without any that were let in, only refusals would have been tried.
  figures.atLeast(
    'fuzz-accepted',
    [...byStatus].reduce((sum, [status, times]) => sum + (status < 300 ? times : 0), 0),
    1,
  );
  figures.atMost('fuzz-unhandled', unhandled.length, 0);
}

/** At the second site, by an admin: what is changed there disturbs nobody. */
export async function fuzzing(around: Around): Promise<void> {
  const { ask, people, report, say, short, seed } = around;
  await report.check('requests made from the OpenAPI document', async () => {
    const admin = await people.of('admin', 'north');
    const ids: string[] = [];
    const shas: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const bytes = await invoicePdf({ number: `F-${seed}-${index}` });
      const id = acceptedId(await upload(ask, await admin.token(), { name: `${index}.pdf`, bytes }));
      const { document } = await readInvoice(ask, await admin.token(), id);
      ids.push(id);
      shas.push(document.sha256);
    }
    const known: KnownIds = ({ path }, name) =>
      name === 'sha'
        ? shas
        : name === 'page'
          ? ['1']
          : name === 'id' && path.startsWith('/api/v1/invoices/')
            ? ids
            : [];
    tell(await fuzz({ ask, token: admin.token, count: short ? 800 : 5_000, seed, known }), report.figures, say);
  });
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      address: { type: 'string' },
      token: { type: 'string' },
      ca: { type: 'string' },
      count: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { address, token } = values;
  if (address === undefined || token === undefined) throw new Error('--address URL and --token TOKEN are needed.');
  const ask = createHttp({
    origin: address,
    ...(values.ca === undefined ? {} : { ca: readFileSync(values.ca, 'utf8') }),
  });
  const figures = createFigures(print);
  tell(
    await fuzz({ ask, token: () => Promise.resolve(token), count: Number(values.count), seed: Number(values.seed) }),
    figures,
    print,
  );
  ask.close();
  process.exitCode = figures.ok() ? 0 : 1;
}
