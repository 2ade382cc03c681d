/** A page of the site's log as it comes over the wire: inflated and read line by line, judged in turns with everything else this process does. */
import { pipeline, Readable } from 'node:stream';
import { setImmediate as pause } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { PageEnd, PulledOp } from '../../../core/contract/sync-http.ts';
import { parseJson } from '../../../core/sync/canonical.ts';
import { createPageJudge, type LogPlace, type PageJudge, type PageJudgement } from '../../../core/sync/pull.ts';
import { sha256 } from '../../store/audit.ts';
import type { CheckedPage } from '../../store/station-sync-store.ts';

/** A page ends where a batch of at most 1 MiB ended. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Between two turns of the event loop, and in one transaction of the store. */
const JUDGED_AT_ONCE = 50;
const TAKEN_AT_ONCE = 500;

export type ReadPage =
  | { readonly kind: 'page'; readonly parts: readonly CheckedPage[]; readonly head: number; readonly durable: number }
  | Exclude<PageJudgement, { kind: 'ok' }>;

/** Lines of a body, as many as come at once; the last one has its end, or the body was cut off. */
async function* linesOf(body: Readable): AsyncGenerator<readonly string[]> {
  let size = 0;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new RangeError('the page is larger than a page can be');
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
}

function bodyOf(response: Response): Readable {
  if (response.body === null) return Readable.from([]);
  const plain = Readable.fromWeb(response.body);
  if (response.headers.get('content-encoding') !== 'gzip') return plain;
  // Whichever of the two ends early ends the other; why, the reader hears.
  return pipeline(plain, createGunzip(), () => undefined);
}

const torn = (judge: PageJudge, place: LogPlace): ReadPage => {
  const at = place.cursor + judge.ops.length;
  return { kind: 'torn', expected: at + 1, got: at };
};

/** Throws where the answer broke off; what is no page at all is `torn`. */
export async function readPage(site: string, place: LogPlace, response: Response): Promise<ReadPage> {
  const judge = createPageJudge(place, sha256);
  let end: PageEnd | undefined;
  for await (const lines of linesOf(bodyOf(response))) {
    for (const line of lines) {
      if (end !== undefined) return torn(judge, place);
      const json = parseJson(line);
      const { data: op } = PulledOp.safeParse(json);
      if (op === undefined) {
        end = PageEnd.safeParse(json).data;
        if (end === undefined) return torn(judge, place);
        continue;
      }
      const fault = judge.add(op);
      if (fault !== undefined) return fault;
      if (judge.ops.length % JUDGED_AT_ONCE === 0) await pause();
    }
  }
  if (end === undefined) return torn(judge, place);
  const judged = judge.finish(end);
  if (judged.kind !== 'ok') return judged;
  return { kind: 'page', parts: partsOf(site, place, judge, end), head: end.head, durable: end.durable_seq };
}

/** Each follows the one before; a person's save comes in between. */
function partsOf(site: string, { epoch, siteHash }: LogPlace, { ops, hashes }: PageJudge, end: PageEnd): CheckedPage[] {
  const parts: CheckedPage[] = [];
  for (let from = 0; from < Math.max(1, ops.length); from += TAKEN_AT_ONCE) {
    const part = ops.slice(from, from + TAKEN_AT_ONCE);
    parts.push({
      site,
      epoch,
      ops: part.map(({ seq, verdict, text, hash, content, erased }) => ({ seq, verdict, text, hash, content, erased })),
      siteHash: hashes[from + part.length - 1] ?? siteHash,
      // With the first part: a start between two parts asks for a page that begins after it, and has other heads.
      heads: from === 0 ? end.heads : [],
    });
  }
  return parts;
}
