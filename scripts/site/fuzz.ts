/**
 * Requests made from the description, valid and broken, at the site of this run; by itself at any running site:
 * `node scripts/site/fuzz.ts --address https://ap.test --token TOKEN [--ca FILE] [--count 5000] [--seed N] [--replay SEED:PATH]`. They change things there.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { invoicePdf } from '../../server/testing.ts';
import { createFigures, type Figures } from '../figure.ts';
import type { Around } from './around.ts';
import { createGenerator, type GeneratedRequest } from './generate.ts';
import { type Answer, type Ask, createHttp } from './http.ts';
import { look } from './known.ts';
import { fetchDescription } from './openapi.ts';
import { rawRequests } from './raw.ts';
import { acceptedId, readInvoice, upload } from './work.ts';

export interface FuzzPlace {
  readonly ask: Ask;
  readonly token: () => Promise<string>;
  readonly count: number;
  readonly seed: number;
  /** One request of an earlier run alone, as that run named it. */
  readonly replay?: string | undefined;
}

interface Fuzzed {
  readonly sent: number;
  readonly due: number;
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

/** Finds the smallest request that goes wrong, within so many more of them. */
const SHRINKS = 40;
/** One that is not answered takes as long as patience does. */
const SHRINK_MS = 60_000;
/** More of them would say the same. */
const ENOUGH = 20;

/** What is wrong about an answer; undefined where nothing is. */
function wrongWith(answer: Answer): string | undefined {
  const text = answer.text.slice(0, 200);
  if (isUnhandled(answer)) return `${answer.status} ${text}`;
  return isNoProblem(answer) ? `${answer.status}, no problem+json: ${text}` : undefined;
}

/** What is repeated many times is told once. */
const brief = (text: string): string =>
  text.replaceAll(/(.{1,8}?)\1{20,}/gsu, (all, one: string) => `${one}…(${all.length})`).slice(0, 600);

const shown = ({ operation, path, headers, body }: GeneratedRequest): string => {
  const line = `${operation.id} ${operation.method} ${brief(path)} ${brief(JSON.stringify(headers))}`;
  if (body === undefined) return line;
  return `${line} ${Buffer.from(body).length} bytes ${brief(JSON.stringify(String(body).slice(0, 4_000)))}`;
};

type Send = (made: GeneratedRequest) => Promise<string | undefined>;

/** Tells what is wrong about the answer to a request; undefined where nothing is. */
const sender =
  ({ ask, token }: Pick<FuzzPlace, 'ask' | 'token'>, byStatus: Map<number, number>): Send =>
  async ({ operation, path, headers, body }) => {
    const sent = { method: operation.method, headers, token: await token(), headOnly: true };
    try {
      const answer = await ask(path, body === undefined ? sent : { ...sent, body });
      byStatus.set(answer.status, (byStatus.get(answer.status) ?? 0) + 1);
      return wrongWith(answer);
    } catch (error) {
      return String(error);
    }
  };

interface Run {
  readonly sent: number;
  /** The request that went wrong, the smallest one that does so too, and how to send it again. */
  readonly wrong: string | undefined;
}

/** Sends so many, or until one goes wrong, which is made as small as it may be. */
async function run(
  requests: fc.Arbitrary<GeneratedRequest>,
  send: Send,
  from: { readonly numRuns: number; readonly seed: number; readonly path?: string },
): Promise<Run> {
  let first: string | undefined;
  let tries = 0;
  let late = 0;
  const property = fc.asyncProperty(requests, async (made) => {
    if (first !== undefined && ((tries += 1) > SHRINKS || performance.now() > late)) return;
    const wrong = await send(made);
    if (wrong === undefined) return;
    if (first === undefined) late = performance.now() + SHRINK_MS;
    first ??= `${shown(made)}: ${wrong}`;
    throw new Error(wrong);
  });
  const { numRuns, seed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, from);
  const [made] = counterexample ?? [];
  if (first === undefined || made === undefined) return { sent: numRuns, wrong: undefined };
  const smallest = `${shown(made)}: ${String(errorInstance)}`;
  return { sent: numRuns, wrong: `--replay ${seed}:${counterexamplePath}  ${first}\n  smallest: ${smallest}` };
}

export async function fuzz({ ask, token, count, seed, replay }: FuzzPlace): Promise<Fuzzed> {
  const description = await fetchDescription(ask);
  const { ids } = await look(ask, description, await token());
  const requests = createGenerator(description).any(({ id }) => !LEFT_OUT.has(id), ids);
  const byStatus = new Map<number, number>();
  const send = sender({ ask, token }, byStatus);
  const unhandled: string[] = [];
  let sent = 0;
  const lane = async (index: number): Promise<void> => {
    let left = Math.ceil(count / AT_ONCE);
    for (let turn = 0; left > 0 && unhandled.length < ENOUGH; turn += 1) {
      const done = await run(requests, send, { numRuns: left, seed: seed + 1_000_003 * index + 8_009 * turn });
      if (done.wrong !== undefined) unhandled.push(done.wrong);
      left -= done.sent;
      sent += done.sent;
    }
  };
  if (replay === undefined) await Promise.all(Array.from({ length: AT_ONCE }, (_one, index) => lane(index)));
  else {
    const at = replay.indexOf(':');
    const from = { numRuns: 1, seed: Number(replay.slice(0, at)), path: replay.slice(at + 1) };
    const done = await run(requests, send, from);
    if (done.wrong !== undefined) unhandled.push(done.wrong);
    sent += done.sent;
  }
  return { sent, due: replay === undefined ? count : 1, byStatus, unhandled };
}

function tell({ sent, due, byStatus, unhandled }: Fuzzed, figures: Figures, say: (line: string) => void): void {
  for (const line of unhandled.slice(0, 20)) say(`UNHANDLED  ${line}`);
  say(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, times]) => `${status}: ${times}`)
      .join(', '),
  );
  figures.atLeast('fuzz-requests', sent, due);
  // Without any that were let in, only refusals would have been tried.
  if (due > 1)
    figures.atLeast(
      'fuzz-accepted',
      [...byStatus].reduce((sum, [status, times]) => sum + (status < 300 ? times : 0), 0),
      1,
    );
  figures.atMost('fuzz-unhandled', unhandled.length, 0);
}

/** At the second site, by an admin: what is changed there disturbs nobody. */
export async function fuzzing(around: Around): Promise<void> {
  const { ask, people, report, say, short, seed, replay } = around;
  if (replay === undefined) await report.check('bytes that are no request', () => rawRequests(around));
  await report.check('requests made from the OpenAPI document', async () => {
    const admin = await people.of('admin', 'north');
    for (let index = 0; index < 5; index += 1) {
      const bytes = await invoicePdf({ number: `F-${seed}-${index}` });
      const id = acceptedId(await upload(ask, await admin.token(), { name: `${index}.pdf`, bytes }));
      await readInvoice(ask, await admin.token(), id);
    }
    // Whom to change.
    for (const role of ['reviewer', 'service'] as const) await people.of(role, 'north');
    const count = short ? 800 : 5_000;
    tell(await fuzz({ ask, token: admin.token, count, seed, replay }), report.figures, say);
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
      replay: { type: 'string' },
    },
  });
  const { address, token } = values;
  if (address === undefined || token === undefined) throw new Error('--address URL and --token TOKEN are needed.');
  const ask = createHttp({
    origin: address,
    ...(values.ca === undefined ? {} : { ca: readFileSync(values.ca, 'utf8') }),
  });
  const figures = createFigures(print);
  const { count, seed, replay } = values;
  const place = { ask, token: () => Promise.resolve(token), count: Number(count), seed: Number(seed), replay };
  tell(await fuzz(place), figures, print);
  ask.close();
  process.exitCode = figures.ok() ? 0 : 1;
}
